// The sparse offset index of a segment (`.index`): which file position to start scanning from for
// an offset. Owns the entries in memory and their bytes; files belong to the segment.
//
//   entry (8 bytes): i32 last offset of a batch minus the segment's base | i32 its position
//
// Offsets and positions both rise. A file may be padded with zeros: Kafka preallocates active
// indexes.
import { int32At, putInt32 } from '../protocol/records/int.ts'

export const OFFSET_INDEX_ENTRY_BYTES = 8
export const MAX_RELATIVE_OFFSET = 0x7fff_ffff

export class OffsetIndex {
  readonly baseOffset: number
  count = 0
  /** Pairs: relative offset, position. */
  #pairs = new Int32Array(0)

  constructor(baseOffset: number) {
    this.baseOffset = baseOffset
  }

  /** undefined when the bytes cannot be the index of a log file of `logBytes` bytes. */
  static decode(baseOffset: number, bytes: Uint8Array, logBytes: number): OffsetIndex | undefined {
    if (bytes.length % OFFSET_INDEX_ENTRY_BYTES !== 0) return undefined
    const index = new OffsetIndex(baseOffset)
    let lastRelative = -1
    let lastPosition = -1
    for (let at = 0; at < bytes.length; at += OFFSET_INDEX_ENTRY_BYTES) {
      const relative = int32At(bytes, at)
      const position = int32At(bytes, at + 4)
      if (relative === 0 && position === 0) return isZero(bytes, at) ? index : undefined
      if (relative <= lastRelative || position <= lastPosition || position >= logBytes) {
        return undefined
      }
      index.append(baseOffset + relative, position)
      lastRelative = relative
      lastPosition = position
    }
    return index
  }

  encode(): Buffer {
    const bytes = Buffer.allocUnsafe(this.count * OFFSET_INDEX_ENTRY_BYTES)
    for (let i = 0; i < this.count * 2; i++) putInt32(bytes, i * 4, this.#pairs[i]!)
    return bytes
  }

  append(lastOffset: number, position: number): void {
    if (this.count * 2 === this.#pairs.length) {
      const grown = new Int32Array(Math.max(16, this.#pairs.length * 2))
      grown.set(this.#pairs)
      this.#pairs = grown
    }
    this.#pairs[this.count * 2] = lastOffset - this.baseOffset
    this.#pairs[this.count * 2 + 1] = position
    this.count++
  }

  offsetAt(entry: number): number {
    return this.baseOffset + this.#pairs[entry * 2]!
  }

  positionAt(entry: number): number {
    return this.#pairs[entry * 2 + 1]!
  }

  /** The last entry whose offset is at or below `offset`; -1 when there is none. */
  lookup(offset: number): number {
    const relative = offset - this.baseOffset
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#pairs[middle * 2]! <= relative) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** The first entry whose position is at or behind `position`; `count` when there is none. */
  firstFrom(position: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#pairs[middle * 2 + 1]! < position) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Drops entries of batches at or behind `position`. */
  truncateToPosition(position: number): void {
    this.count = this.firstFrom(position)
  }
}

/** True when only zeros follow. */
export function isZero(bytes: Uint8Array, from: number): boolean {
  for (let i = from; i < bytes.length; i++) if (bytes[i] !== 0) return false
  return true
}
