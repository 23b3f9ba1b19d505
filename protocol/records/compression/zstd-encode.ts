// A small zstd encoder for processes whose zlib has none: greedy matches, literals as they are,
// sequences with the default tables (RFC 8878). Its frames are valid for every decoder; they are
// larger than those of the reference encoder, which codes literals too.
import { FseTable, newCounts } from './zstd-entropy.ts'
import {
  LITERAL_LENGTH_BASE,
  LITERAL_LENGTH_BITS,
  LITERAL_LENGTH_DEFAULT,
  MATCH_LENGTH_BASE,
  MATCH_LENGTH_BITS,
  MATCH_LENGTH_DEFAULT,
  OFFSET_DEFAULT,
} from './zstd-tables.ts'

const FRAME_MAGIC = 0xfd2f_b528
/** One segment, a content size of four bytes, no checksum. */
const FRAME_FLAGS = 0xa0
const FRAME_HEADER_BYTES = 9
const BLOCK_BYTES = 128 * 1024
const BLOCK_HEADER_BYTES = 3
const RAW = 0
const COMPRESSED = 2
const LITERALS_HEADER_BYTES = 3
const MIN_MATCH = 4
const MOST_SEQUENCES = 0x7f00 + 0xffff
const HASH_BITS = 16
const HASH_PRIME = 0x9e37_79b1
/** Offsets 1-3 mean a repeated one; this encoder writes none. */
const FIRST_OFFSET = 3

interface Sequences {
  count: number
  /** Per sequence: literals, match length, distance. */
  readonly fields: Int32Array
  /** Where the literals behind the last sequence start. */
  rest: number
}

export function zstdEncode(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / BLOCK_BYTES))
  const out = Buffer.allocUnsafe(FRAME_HEADER_BYTES + blocks * BLOCK_HEADER_BYTES + bytes.length)
  out.writeUInt32LE(FRAME_MAGIC, 0)
  out[4] = FRAME_FLAGS
  out.writeUInt32LE(bytes.length, 5)
  let at = FRAME_HEADER_BYTES
  const table = new Int32Array(1 << HASH_BITS)
  const coders = newCoders()
  const sequences = { count: 0, fields: new Int32Array((3 * BLOCK_BYTES) / MIN_MATCH), rest: 0 }
  for (let block = 0; block < blocks; block++) {
    const start = block * BLOCK_BYTES
    const end = Math.min(start + BLOCK_BYTES, bytes.length)
    findMatches({ bytes, start, end }, sequences, table)
    const body = out.subarray(at + BLOCK_HEADER_BYTES, at + BLOCK_HEADER_BYTES + end - start)
    let size = packBlock({ bytes, start, end }, sequences, coders, body)
    let kind = COMPRESSED
    if (size === 0) {
      kind = RAW
      size = end - start
      body.set(bytes.subarray(start, end))
    }
    const isLast = block + 1 === blocks ? 1 : 0
    out.writeUIntLE((size << 3) | (kind << 1) | isLast, at, BLOCK_HEADER_BYTES)
    at += BLOCK_HEADER_BYTES + size
  }
  return out.subarray(0, at)
}

interface Range {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** Matches may start in earlier blocks of the frame: the table keeps their positions. */
function findMatches(range: Range, found: Sequences, table: Int32Array): void {
  const { bytes, start, end } = range
  const { fields } = found
  let at = 0
  let anchor = start
  let misses = 0
  for (let i = start; i <= end - MIN_MATCH;) {
    const four = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    const slot = Math.imul(four, HASH_PRIME) >>> (32 - HASH_BITS)
    const candidate = table[slot]! - 1
    table[slot] = i + 1
    if (
      candidate < 0 ||
      bytes[candidate] !== bytes[i] ||
      bytes[candidate + 1] !== bytes[i + 1] ||
      bytes[candidate + 2] !== bytes[i + 2] ||
      bytes[candidate + 3] !== bytes[i + 3]
    ) {
      i += 1 + (misses++ >> 6)
      continue
    }
    misses = 0
    let matched = i + MIN_MATCH
    for (let c = candidate + MIN_MATCH; matched < end && bytes[c] === bytes[matched]; c++) matched++
    fields[at++] = i - anchor
    fields[at++] = matched - i
    fields[at++] = i - candidate
    i = anchor = matched
  }
  found.count = at / 3
  found.rest = anchor
}

/** Writes a compressed block and returns its size; 0 when it would not be smaller. */
function packBlock(range: Range, found: Sequences, coders: Coders, out: Buffer): number {
  const { bytes, start, end } = range
  const { count, fields } = found
  if (count === 0 || count > MOST_SEQUENCES) return 0
  let at = LITERALS_HEADER_BYTES
  let from = start
  for (let i = 0; i < count * 3; i += 3) {
    out.set(bytes.subarray(from, from + fields[i]!), at)
    at += fields[i]!
    from += fields[i]! + fields[i + 1]!
  }
  if (at + (end - from) + 8 > out.length) return 0
  out.set(bytes.subarray(from, end), at)
  at += end - from
  // Raw literals, size in 20 bits.
  out.writeUIntLE(((at - LITERALS_HEADER_BYTES) << 4) | 0x0c, 0, LITERALS_HEADER_BYTES)
  if (count < 128) {
    out[at++] = count
  } else if (count < 0x7f00) {
    out[at++] = (count >> 8) + 128
    out[at++] = count
  } else {
    out[at++] = 255
    at = out.writeUInt16LE(count - 0x7f00, at)
  }
  out[at++] = 0
  const writer = new BitWriter(out, at)
  putSequences(writer, found, coders)
  const size = writer.finish()
  return size < out.length ? size : 0
}

/** From the last sequence to the first: the decoder reads the bits from the end. */
function putSequences(writer: BitWriter, found: Sequences, coders: Coders): void {
  const { lengths, matches, offsets } = coders
  for (let i = found.count - 1; i >= 0; i--) {
    const length = found.fields[3 * i]!
    const match = found.fields[3 * i + 1]!
    const offset = found.fields[3 * i + 2]! + FIRST_OFFSET
    const lengthCode = codeOf(LITERAL_LENGTH_BASE, length)
    const matchCode = codeOf(MATCH_LENGTH_BASE, match)
    const offsetCode = 31 - Math.clz32(offset)
    offsets.step(writer, offsetCode)
    matches.step(writer, matchCode)
    lengths.step(writer, lengthCode)
    writer.put(length - LITERAL_LENGTH_BASE[lengthCode]!, LITERAL_LENGTH_BITS[lengthCode]!)
    writer.put(match - MATCH_LENGTH_BASE[matchCode]!, MATCH_LENGTH_BITS[matchCode]!)
    writer.put(offset - (1 << offsetCode), offsetCode)
  }
  matches.finish(writer)
  offsets.finish(writer)
  lengths.finish(writer)
}

function codeOf(base: Int32Array, value: number): number {
  let low = 0
  let high = base.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (base[middle]! <= value) low = middle
    else high = middle - 1
  }
  return low
}

interface Coders {
  readonly lengths: FseCoder
  readonly matches: FseCoder
  readonly offsets: FseCoder
}

function newCoders(): Coders {
  return {
    lengths: new FseCoder(LITERAL_LENGTH_DEFAULT, 6),
    matches: new FseCoder(MATCH_LENGTH_DEFAULT, 6),
    offsets: new FseCoder(OFFSET_DEFAULT, 5),
  }
}

/** The inverse of a decoding table: which state of a symbol leads to a given next state. */
class FseCoder {
  readonly #table = new FseTable()
  readonly #states: Uint8Array
  #state = -1

  constructor(distribution: readonly number[], log: number) {
    const counts = newCounts()
    counts.normalized.set(distribution)
    this.#table.build(counts, distribution.length, log)
    this.#states = new Uint8Array(distribution.length << log)
    for (let state = 0; state < 1 << log; state++) {
      const first = this.#table.base[state]!
      const row = this.#table.symbols[state]! << log
      this.#states.fill(state, row + first, row + first + (1 << this.#table.bits[state]!))
    }
  }

  /** Puts `symbol` in front of what was put so far. */
  step(writer: BitWriter, symbol: number): void {
    const next = Math.max(0, this.#state)
    const state = this.#states[(symbol << this.#table.log) + next]!
    if (this.#state >= 0) writer.put(next - this.#table.base[state]!, this.#table.bits[state]!)
    this.#state = state
  }

  /** Puts the first state and starts over. */
  finish(writer: BitWriter): void {
    writer.put(this.#state, this.#table.log)
    this.#state = -1
  }
}

/** Bits from the lowest up; what does not fit is counted but not written. */
class BitWriter {
  readonly #out: Buffer
  #at: number
  #word = 0
  #bits = 0

  constructor(out: Buffer, at: number) {
    this.#out = out
    this.#at = at
  }

  /** The lowest `width` <= 28 bits of `value`, which has no others. */
  put(value: number, width: number): void {
    if (width > 16) {
      this.put(value & 0xffff, 16)
      this.put(value >> 16, width - 16)
      return
    }
    this.#word |= value << this.#bits
    this.#bits += width
    for (; this.#bits >= 8; this.#bits -= 8) {
      this.#out[this.#at++] = this.#word
      this.#word >>>= 8
    }
  }

  /** The end mark; returns the position behind it. */
  finish(): number {
    this.put(1, 1)
    if (this.#bits > 0) this.#out[this.#at++] = this.#word
    return this.#at
  }
}
