// The lz4 block format (lz4_Block_format.md): sequences of literals and matches. Owns one block;
// frames are lz4.ts. Both directions are bounded by the buffers they are given.
import { NATIVE_FROM_BYTES, copyMatch, isLongMatch } from './match.ts'

const MIN_MATCH = 4
const MAX_DISTANCE = 0xffff
/** The last match starts at least this far from the end, and the last 5 bytes are literals. */
const END_OF_MATCHES = 12
const LAST_LITERALS = 5
const HASH_BITS = 14
const HASH_PRIME = 0x9e37_79b1

/** Input and output of one block; the decoder moves `outAt`. */
export interface Lz4Block {
  from: Uint8Array
  start: number
  end: number
  out: Uint8Array
  outAt: number
  /** The block may not write at or behind it. */
  outEnd: number
  /** Matches may not reach before it: the block's own start, or earlier where blocks are linked. */
  history: number
}

/** Decodes a block; false when it is malformed or wants more room than it may have. */
export function lz4DecodeBlock(block: Lz4Block): boolean {
  const { from, end, out, outEnd, history } = block
  let i = block.start
  let o = block.outAt
  while (i < end) {
    const token = from[i++]!
    let length = token >> 4
    if (length === 15) {
      let more = 255
      while (more === 255) {
        if (i >= end) return false
        more = from[i++]!
        length += more
      }
    }
    if (length > 0) {
      const literalEnd = i + length
      if (literalEnd > end || o + length > outEnd) return false
      if (length >= NATIVE_FROM_BYTES) {
        out.set(from.subarray(i, literalEnd), o)
        o += length
        i = literalEnd
      } else {
        while (i < literalEnd) out[o++] = from[i++]!
      }
    }
    if (i === end) {
      block.outAt = o
      return true
    }
    if (i + 2 > end) return false
    const distance = from[i]! | (from[i + 1]! << 8)
    i += 2
    let match = o - distance
    if (distance === 0 || match < history) return false
    length = (token & 15) + MIN_MATCH
    if (length === 15 + MIN_MATCH) {
      let more = 255
      while (more === 255) {
        if (i >= end) return false
        more = from[i++]!
        length += more
      }
    }
    const matchEnd = o + length
    if (matchEnd > outEnd) return false
    if (isLongMatch(distance, length)) {
      copyMatch(out, o, distance, length)
      o = matchEnd
    } else {
      while (o < matchEnd) out[o++] = out[match++]!
    }
  }
  return false
}

/** The largest block that `length` bytes can become. */
export function lz4BlockBound(length: number): number {
  return length + Math.floor(length / 255) + 16
}

/** Reused between blocks: position + 1 of the last four bytes with this hash, 0 for none. */
export function lz4HashTable(): Int32Array {
  return new Int32Array(1 << HASH_BITS)
}

/** Encodes a block; `out` has `lz4BlockBound` room from `outAt`, which is moved. */
export function lz4EncodeBlock(block: Lz4Block, table: Int32Array): void {
  const { from, start, end } = block
  const lastMatch = end - END_OF_MATCHES
  const matchLimit = end - LAST_LITERALS
  let anchor = start
  let misses = 0
  table.fill(0)
  for (let i = start; i <= lastMatch;) {
    const four = from[i]! | (from[i + 1]! << 8) | (from[i + 2]! << 16) | (from[i + 3]! << 24)
    const slot = Math.imul(four, HASH_PRIME) >>> (32 - HASH_BITS)
    const candidate = table[slot]! - 1
    table[slot] = i + 1
    if (
      candidate < start ||
      i - candidate > MAX_DISTANCE ||
      from[candidate] !== from[i] ||
      from[candidate + 1] !== from[i + 1] ||
      from[candidate + 2] !== from[i + 2] ||
      from[candidate + 3] !== from[i + 3]
    ) {
      // What does not compress is stepped over faster and faster.
      i += 1 + (misses++ >> 6)
      continue
    }
    misses = 0
    let matched = i + MIN_MATCH
    for (let c = candidate + MIN_MATCH; matched < matchLimit && from[c] === from[matched]; c++) {
      matched++
    }
    const matchNibble = Math.min(15, matched - i - MIN_MATCH)
    putLiterals(block, anchor, i, matchNibble)
    block.out[block.outAt++] = i - candidate
    block.out[block.outAt++] = (i - candidate) >> 8
    if (matchNibble === 15) putLength(block, matched - i - MIN_MATCH - 15)
    i = anchor = matched
  }
  putLiterals(block, anchor, end, 0)
}

function putLiterals(block: Lz4Block, start: number, end: number, matchNibble: number): void {
  const length = end - start
  block.out[block.outAt++] = (Math.min(15, length) << 4) | matchNibble
  if (length >= 15) putLength(block, length - 15)
  if (length >= NATIVE_FROM_BYTES) {
    block.out.set(block.from.subarray(start, end), block.outAt)
    block.outAt += length
  } else {
    for (let i = start; i < end; i++) block.out[block.outAt++] = block.from[i]!
  }
}

function putLength(block: Lz4Block, length: number): void {
  let rest = length
  for (; rest >= 255; rest -= 255) block.out[block.outAt++] = 255
  block.out[block.outAt++] = rest
}
