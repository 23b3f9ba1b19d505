// The sparse time index of a segment (`.timeindex`): from which offset on a timestamp can be found.
// Owns the entries in memory and their bytes; files belong to the segment.
//
//   entry (12 bytes): i64 largest timestamp so far | i32 last offset of its batch minus the base
//
// Timestamps rise, offsets do not fall. The last entry of a sealed segment is its largest
// timestamp.
import { int32At, int64At, putInt32, putInt64 } from '../protocol/records/int.ts'
import { isZero } from './offset-index.ts'

export const TIME_INDEX_ENTRY_BYTES = 12

export class TimeIndex {
  readonly baseOffset: number
  count = 0
  #timestamps = new Float64Array(0)
  #relatives = new Int32Array(0)

  constructor(baseOffset: number) {
    this.baseOffset = baseOffset
  }

  /** undefined when the bytes cannot be a time index. */
  static decode(baseOffset: number, bytes: Uint8Array): TimeIndex | undefined {
    if (bytes.length % TIME_INDEX_ENTRY_BYTES !== 0) return undefined
    const index = new TimeIndex(baseOffset)
    for (let at = 0; at < bytes.length; at += TIME_INDEX_ENTRY_BYTES) {
      const timestamp = int64At(bytes, at)
      const relative = int32At(bytes, at + 8)
      if (timestamp === 0 && relative === 0) return isZero(bytes, at) ? index : undefined
      if (relative < 0 || timestamp < 0) return undefined
      const last = index.count - 1
      if (last >= 0) {
        if (timestamp <= index.timestampAt(last)) return undefined
        if (baseOffset + relative < index.offsetAt(last)) return undefined
      }
      index.maybeAppend(timestamp, baseOffset + relative)
    }
    return index
  }

  encode(): Buffer {
    const bytes = Buffer.allocUnsafe(this.count * TIME_INDEX_ENTRY_BYTES)
    for (let i = 0; i < this.count; i++) {
      putInt64(bytes, i * TIME_INDEX_ENTRY_BYTES, this.#timestamps[i]!)
      putInt32(bytes, i * TIME_INDEX_ENTRY_BYTES + 8, this.#relatives[i]!)
    }
    return bytes
  }

  /** Adds the entry if its timestamp is larger than all before. */
  maybeAppend(timestamp: number, offset: number): void {
    if (timestamp <= this.lastTimestamp()) return
    if (this.count === this.#relatives.length) this.#grow()
    this.#timestamps[this.count] = timestamp
    this.#relatives[this.count] = offset - this.baseOffset
    this.count++
  }

  timestampAt(entry: number): number {
    return this.#timestamps[entry]!
  }

  offsetAt(entry: number): number {
    return this.baseOffset + this.#relatives[entry]!
  }

  /** -1 when empty. */
  lastTimestamp(): number {
    return this.count === 0 ? -1 : this.#timestamps[this.count - 1]!
  }

  /** The last entry whose timestamp is at or below `timestamp`; -1 when there is none. */
  lookup(timestamp: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#timestamps[middle]! <= timestamp) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** Drops entries that name `offset` or a later one. */
  truncateTo(offset: number): void {
    while (this.count > 0 && this.offsetAt(this.count - 1) >= offset) this.count--
  }

  #grow(): void {
    const capacity = Math.max(8, this.count * 2)
    const timestamps = new Float64Array(capacity)
    const relatives = new Int32Array(capacity)
    timestamps.set(this.#timestamps)
    relatives.set(this.#relatives)
    this.#timestamps = timestamps
    this.#relatives = relatives
  }
}
