// One raw snappy block (format_description.txt): its uncompressed length as a varint, then literals
// and copies. Both directions are bounded by the buffers they are given.
import { NATIVE_FROM_BYTES, copyMatch, isLongMatch } from './match.ts'

const MIN_MATCH = 4
/** So near to the end no match is looked for. */
const END_OF_MATCHES = 15
const HASH_BITS = 14
const HASH_PRIME = 0x1e35_a7bd

export interface SnappyBlock {
  from: Uint8Array
  start: number
  end: number
  out: Uint8Array
  outAt: number
}

/** Steps over the length in front of a block and returns it; undefined when it is malformed. */
export function snappyLength(block: SnappyBlock): number | undefined {
  let length = 0
  for (let shift = 0; shift < 35 && block.start < block.end; shift += 7) {
    const byte = block.from[block.start++]!
    length += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return length < 2 ** 32 ? length : undefined
  }
  return undefined
}

/** Decodes from behind the length to exactly `outEnd`; false when the block is malformed. */
export function snappyDecodeBlock(block: SnappyBlock, outEnd: number): boolean {
  const { from, end, out } = block
  const history = block.outAt
  let i = block.start
  let o = block.outAt
  while (i < end) {
    const tag = from[i++]!
    let length = (tag >> 2) + 1
    let distance: number
    switch (tag & 3) {
      case 0: {
        if (length > 60) {
          const extra = length - 60
          if (i + extra > end) return false
          length = littleEndian(from, i, extra) + 1
          i += extra
        }
        const literalEnd = i + length
        if (literalEnd > end || o + length > outEnd) return false
        if (length >= NATIVE_FROM_BYTES) {
          out.set(from.subarray(i, literalEnd), o)
          o += length
          i = literalEnd
        } else {
          while (i < literalEnd) out[o++] = from[i++]!
        }
        continue
      }
      case 1:
        if (i >= end) return false
        length = ((tag >> 2) & 7) + 4
        distance = ((tag >> 5) << 8) | from[i++]!
        break
      case 2:
        if (i + 2 > end) return false
        distance = from[i]! | (from[i + 1]! << 8)
        i += 2
        break
      default:
        if (i + 4 > end) return false
        distance = littleEndian(from, i, 4)
        i += 4
    }
    let match = o - distance
    const matchEnd = o + length
    if (distance === 0 || match < history || matchEnd > outEnd) return false
    if (isLongMatch(distance, length)) {
      copyMatch(out, o, distance, length)
      o = matchEnd
    } else {
      while (o < matchEnd) out[o++] = out[match++]!
    }
  }
  block.outAt = o
  return o === outEnd
}

/** The largest block that `length` bytes can become. */
export function snappyBlockBound(length: number): number {
  return 32 + length + Math.floor(length / 6)
}

/** Reused between blocks: position + 1 of the last four bytes with this hash, 0 for none. */
export function snappyHashTable(): Int32Array {
  return new Int32Array(1 << HASH_BITS)
}

/** Encodes at most 64 KB; `out` has `snappyBlockBound` room from `outAt`, which is moved. */
export function snappyEncodeBlock(block: SnappyBlock, table: Int32Array): void {
  const { from, start, end, out } = block
  let rest = end - start
  for (; rest >= 0x80; rest >>>= 7) out[block.outAt++] = (rest & 0x7f) | 0x80
  out[block.outAt++] = rest
  const lastMatch = end - END_OF_MATCHES
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
      from[candidate] !== from[i] ||
      from[candidate + 1] !== from[i + 1] ||
      from[candidate + 2] !== from[i + 2] ||
      from[candidate + 3] !== from[i + 3]
    ) {
      // What does not compress is stepped over faster and faster.
      i += 1 + (misses++ >> 5)
      continue
    }
    misses = 0
    let matched = i + MIN_MATCH
    for (let c = candidate + MIN_MATCH; matched < end && from[c] === from[matched]; c++) matched++
    if (i > anchor) putLiteral(block, anchor, i)
    putCopies(block, i - candidate, matched - i)
    i = anchor = matched
  }
  if (anchor < end) putLiteral(block, anchor, end)
}

function putLiteral(block: SnappyBlock, start: number, end: number): void {
  const { out } = block
  const last = end - start - 1
  if (last < 60) {
    out[block.outAt++] = last << 2
  } else {
    const extra = last < 0x100 ? 1 : 2
    out[block.outAt++] = (59 + extra) << 2
    out[block.outAt++] = last
    if (extra === 2) out[block.outAt++] = last >> 8
  }
  out.set(block.from.subarray(start, end), block.outAt)
  block.outAt += end - start
}

/** Copies of at most 64 bytes; what remains is never shorter than the four that a copy needs. */
function putCopies(block: SnappyBlock, distance: number, length: number): void {
  const { out } = block
  let rest = length
  while (rest > 0) {
    let part = rest
    if (rest > 64) part = rest < 68 ? 60 : 64
    if (part < 12 && distance < 2048) {
      out[block.outAt++] = ((distance >> 8) << 5) | ((part - 4) << 2) | 1
      out[block.outAt++] = distance
    } else {
      out[block.outAt++] = ((part - 1) << 2) | 2
      out[block.outAt++] = distance
      out[block.outAt++] = distance >> 8
    }
    rest -= part
  }
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = 0; i < count; i++) value += bytes[at + i]! * 2 ** (8 * i)
  return value
}
