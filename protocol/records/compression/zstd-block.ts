// Compressed blocks of zstd (RFC 8878, section 3.1.1.3): literals, then sequences that copy
// literals and matches to the output. Owns the tables that a block may take over from the one
// before it.
import { NATIVE_FROM_BYTES, copyMatch, isLongMatch } from './match.ts'
import {
  type FseSource,
  FseTable,
  HuffmanTable,
  type HuffmanStream,
  newCounts,
} from './zstd-entropy.ts'
import {
  LITERAL_LENGTH_BASE,
  LITERAL_LENGTH_BITS,
  LITERAL_LENGTH_DEFAULT,
  MATCH_LENGTH_BASE,
  MATCH_LENGTH_BITS,
  MATCH_LENGTH_DEFAULT,
  OFFSET_DEFAULT,
} from './zstd-tables.ts'

/** No block regenerates more. */
export const ZSTD_BLOCK_BYTES = 128 * 1024

/** One block: what to read, and where its output may go. The decoder moves `outAt`. */
export interface ZstdBlock {
  bytes: Uint8Array
  /** Of the same bytes; it goes on for a word behind `end`. */
  words: DataView
  start: number
  end: number
  out: Uint8Array
  outAt: number
  outEnd: number
  /** Where the frame's output starts; matches may not reach before it. */
  history: number
}

interface SequenceKind {
  readonly defaults: readonly number[]
  readonly defaultLog: number
  readonly largestLog: number
}

const LITERAL_LENGTHS: SequenceKind = {
  defaults: LITERAL_LENGTH_DEFAULT,
  defaultLog: 6,
  largestLog: 9,
}
const OFFSETS: SequenceKind = { defaults: OFFSET_DEFAULT, defaultLog: 5, largestLog: 8 }
const MATCH_LENGTHS: SequenceKind = {
  defaults: MATCH_LENGTH_DEFAULT,
  defaultLog: 6,
  largestLog: 9,
}
const LARGEST_LITERAL_LENGTH_CODE = 35
const LARGEST_OFFSET_CODE = 31
const LARGEST_MATCH_LENGTH_CODE = 52

export class ZstdBlockDecoder {
  readonly #huffman = new HuffmanTable()
  readonly #literalLengths = new FseTable()
  readonly #offsets = new FseTable()
  readonly #matchLengths = new FseTable()
  readonly #counts = newCounts()
  readonly #decoded = Buffer.alloc(ZSTD_BLOCK_BYTES)
  #literals: Uint8Array = this.#decoded
  #literalAt = 0
  #literalEnd = 0
  #repeated: [number, number, number] = [1, 4, 8]

  /** A frame starts: nothing is taken over from the one before. */
  reset(): void {
    this.#huffman.log = -1
    this.#literalLengths.log = -1
    this.#offsets.log = -1
    this.#matchLengths.log = -1
    this.#repeated = [1, 4, 8]
  }

  /** Decodes a compressed block; false when it is malformed or wants more room than it may have. */
  decode(block: ZstdBlock): boolean {
    const sequences = this.#readLiterals(block)
    if (sequences < 0 || sequences >= block.end) return false
    const source: FseSource = {
      bytes: block.bytes,
      start: sequences,
      end: block.end,
      counts: this.#counts,
    }
    const count = readSequenceCount(source)
    if (count === 0) return source.start === block.end && this.#putRest(block)
    if (count < 0 || !this.#readTables(source)) return false
    return this.#runSequences(block, source.start, count) && this.#putRest(block)
  }

  /** Leaves the literals in place; returns where the sequences start, or -1. */
  #readLiterals(block: ZstdBlock): number {
    const { bytes, start, end } = block
    if (end - start < 1) return -1
    const kind = bytes[start]! & 3
    const format = (bytes[start]! >> 2) & 3
    const word = bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16)
    if (kind >= 2) return this.#readHuffman(block, kind === 3, format)
    const headerBytes = format === 3 ? 3 : format === 1 ? 2 : 1
    const size =
      format === 3
        ? (word >> 4) & 0xf_ffff
        : format === 1
          ? (word >> 4) & 0xfff
          : (word & 0xff) >> 3
    const at = start + headerBytes
    const behind = at + (kind === 0 ? size : 1)
    if (size > ZSTD_BLOCK_BYTES || behind > end) return -1
    if (kind === 0) {
      this.#literals = bytes
      this.#literalAt = at
      this.#literalEnd = behind
    } else {
      this.#useDecoded(size)
      this.#decoded.fill(bytes[at]!, 0, size)
    }
    return behind
  }

  #useDecoded(size: number): void {
    this.#literals = this.#decoded
    this.#literalAt = 0
    this.#literalEnd = size
  }

  #readHuffman(block: ZstdBlock, treeless: boolean, format: number): number {
    const { bytes, start, end } = block
    const headerBytes = format < 2 ? 3 : format + 2
    if (start + headerBytes > end) return -1
    const width = format < 2 ? 10 : format === 2 ? 14 : 18
    const word =
      bytes[start]! +
      bytes[start + 1]! * 2 ** 8 +
      bytes[start + 2]! * 2 ** 16 +
      (headerBytes > 3 ? bytes[start + 3]! * 2 ** 24 : 0) +
      (headerBytes > 4 ? bytes[start + 4]! * 2 ** 32 : 0)
    const size = Math.floor(word / 16) % 2 ** width
    const packed = Math.floor(word / 2 ** (4 + width)) % 2 ** width
    let at = start + headerBytes
    const behind = at + packed
    if (size > ZSTD_BLOCK_BYTES || behind > end) return -1
    if (treeless) {
      if (this.#huffman.log < 0) return -1
    } else {
      at = this.#huffman.read({ bytes, start: at, end: behind, counts: this.#counts })
      if (at < 0) return -1
    }
    this.#useDecoded(size)
    const stream = { bytes, start: at, end: behind, out: this.#decoded, from: 0, to: size }
    const good = format === 0 ? this.#huffman.decode(stream) : this.#fourStreams(stream)
    return good ? behind : -1
  }

  /** Three sizes, then four streams, each of a quarter of the literals. */
  #fourStreams(all: HuffmanStream): boolean {
    const { bytes, start, end, to } = all
    const quarter = (to + 3) >> 2
    if (end - start < 6 || quarter * 3 > to) return false
    const stream = { ...all, start: start + 6 }
    for (let i = 0; i < 4; i++) {
      const size =
        i === 3 ? end - stream.start : bytes[start + 2 * i]! | (bytes[start + 2 * i + 1]! << 8)
      stream.end = stream.start + size
      stream.from = quarter * i
      stream.to = i === 3 ? to : quarter * (i + 1)
      if (stream.end > end || !this.#huffman.decode(stream)) return false
      stream.start = stream.end
    }
    return true
  }

  #readTables(source: FseSource): boolean {
    if (source.start >= source.end) return false
    const modes = source.bytes[source.start++]!
    if ((modes & 3) !== 0) return false
    return (
      readTable(this.#literalLengths, source, LITERAL_LENGTHS, modes >> 6) &&
      readTable(this.#offsets, source, OFFSETS, (modes >> 4) & 3) &&
      readTable(this.#matchLengths, source, MATCH_LENGTHS, (modes >> 2) & 3)
    )
  }

  #runSequences(block: ZstdBlock, start: number, count: number): boolean {
    const { bytes, words, end, out, outEnd, history } = block
    const lengths = this.#literalLengths
    const offsets = this.#offsets
    const matches = this.#matchLengths
    const last = start < end ? bytes[end - 1]! : 0
    if (last === 0) return false
    let left = (end - 1 - start) * 8 + 31 - Math.clz32(last)
    let lengthState = bitsAt(words, start, (left -= lengths.log), lengths.log)
    let offsetState = bitsAt(words, start, (left -= offsets.log), offsets.log)
    let matchState = bitsAt(words, start, (left -= matches.log), matches.log)
    const literals = this.#literals
    const repeated = this.#repeated
    let literalAt = this.#literalAt
    let o = block.outAt
    for (let i = 1; ; i++) {
      const offsetCode = offsets.symbols[offsetState]!
      const matchCode = matches.symbols[matchState]!
      const lengthCode = lengths.symbols[lengthState]!
      let offset = 1
      let width = offsetCode
      if (width > 24) {
        offset = (1 << (width - 24)) | bitsAt(words, start, (left -= width - 24), width - 24)
        width = 24
      }
      offset = offset * (1 << width) + bitsAt(words, start, (left -= width), width)
      width = MATCH_LENGTH_BITS[matchCode]!
      const matchLength =
        MATCH_LENGTH_BASE[matchCode]! + bitsAt(words, start, (left -= width), width)
      width = LITERAL_LENGTH_BITS[lengthCode]!
      const length = LITERAL_LENGTH_BASE[lengthCode]! + bitsAt(words, start, (left -= width), width)
      if (left < 0) return false
      const distance = stepRepeated(repeated, offset, length === 0)
      const literalEnd = literalAt + length
      if (literalEnd > this.#literalEnd || o + length + matchLength > outEnd) return false
      if (length >= NATIVE_FROM_BYTES) {
        out.set(literals.subarray(literalAt, literalEnd), o)
        o += length
        literalAt = literalEnd
      } else {
        while (literalAt < literalEnd) out[o++] = literals[literalAt++]!
      }
      let match = o - distance
      if (distance <= 0 || match < history) return false
      const matchEnd = o + matchLength
      if (isLongMatch(distance, matchLength)) {
        copyMatch(out, o, distance, matchLength)
        o = matchEnd
      } else {
        while (o < matchEnd) out[o++] = out[match++]!
      }
      // Inside the loop, so that the optimizer has seen them: else it gives up at each block's end.
      this.#literalAt = literalAt
      block.outAt = o
      const usedUp = left === 0
      if (i === count) return usedUp
      width = lengths.bits[lengthState]!
      lengthState = lengths.base[lengthState]! + bitsAt(words, start, (left -= width), width)
      width = matches.bits[matchState]!
      matchState = matches.base[matchState]! + bitsAt(words, start, (left -= width), width)
      width = offsets.bits[offsetState]!
      offsetState = offsets.base[offsetState]! + bitsAt(words, start, (left -= width), width)
    }
  }

  /** The literals behind the last sequence. */
  #putRest(block: ZstdBlock): boolean {
    const rest = this.#literals.subarray(this.#literalAt, this.#literalEnd)
    if (block.outAt + rest.length > block.outEnd) return false
    block.out.set(rest, block.outAt)
    block.outAt += rest.length
    return true
  }
}

/**
 * The `width` < 26 bits from bit `at` of the stream at `start`. In a damaged stream `at` may be as
 * low as -89 before that is noticed: garbage, but still inside the words, since what stands before
 * the first stream of a frame is at least 12 bytes.
 */
function bitsAt(words: DataView, start: number, at: number, width: number): number {
  return (words.getUint32(start + (at >> 3), true) >>> (at & 7)) & ((1 << width) - 1)
}

/** Offsets 1-3 mean one of the last three; every use moves it to the front. Returns the
 * distance. */
function stepRepeated(last: [number, number, number], offset: number, noLiterals: boolean): number {
  if (offset > 3) {
    last[2] = last[1]
    last[1] = last[0]
    last[0] = offset - 3
    return last[0]
  }
  const which = noLiterals ? offset : offset - 1
  if (which === 0) return last[0]
  const distance = which === 3 ? last[0] - 1 : last[which]!
  if (which > 1) last[2] = last[1]
  last[1] = last[0]
  last[0] = distance
  return distance
}

function readSequenceCount(source: FseSource): number {
  const { bytes, start, end } = source
  const first = bytes[start]!
  const size = first < 128 ? 1 : first < 255 ? 2 : 3
  source.start = start + size
  if (source.start > end) return -1
  if (size === 1) return first
  if (size === 2) return ((first - 128) << 8) + bytes[start + 1]!
  return bytes[start + 1]! + (bytes[start + 2]! << 8) + 0x7f00
}

/** mode: 0 predefined, 1 one symbol, 2 described, 3 that of the block before. */
function readTable(table: FseTable, source: FseSource, kind: SequenceKind, mode: number): boolean {
  const largestSymbol =
    kind === OFFSETS
      ? LARGEST_OFFSET_CODE
      : kind === MATCH_LENGTHS
        ? LARGEST_MATCH_LENGTH_CODE
        : LARGEST_LITERAL_LENGTH_CODE
  switch (mode) {
    case 0:
      source.counts.normalized.set(kind.defaults)
      return table.build(source.counts, kind.defaults.length, kind.defaultLog)
    case 1: {
      if (source.start >= source.end) return false
      const symbol = source.bytes[source.start++]!
      table.setSingle(symbol)
      return symbol <= largestSymbol
    }
    case 2:
      source.start = table.read(source, kind.largestLog, largestSymbol)
      return source.start >= 0
    default:
      return table.log >= 0
  }
}
