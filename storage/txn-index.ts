// The aborted transactions of a segment (`.txnindex`), in the order of their markers. Owns the
// entries in memory and their bytes; files belong to the segment, which has none without entries.
//
//   entry (34 bytes): i16 version 0 | i64 producerId | i64 firstOffset | i64 lastOffset (the abort
//   marker's) | i64 lastStableOffset (when the marker was written)
import { int16At, int64At, putInt16, putInt64 } from '../protocol/records/int.ts'

export const TXN_INDEX_ENTRY_BYTES = 34

export interface AbortedTxn {
  readonly producerId: number
  readonly firstOffset: number
  readonly lastOffset: number
  readonly lastStableOffset: number
}

export class TxnIndex {
  readonly #entries: AbortedTxn[] = []

  /** undefined when the bytes cannot be the transaction index of a segment from `baseOffset` on. */
  static decode(baseOffset: number, bytes: Uint8Array): TxnIndex | undefined {
    if (bytes.length % TXN_INDEX_ENTRY_BYTES !== 0) return undefined
    const index = new TxnIndex()
    for (let at = 0; at < bytes.length; at += TXN_INDEX_ENTRY_BYTES) {
      const entry = {
        producerId: int64At(bytes, at + 2),
        firstOffset: int64At(bytes, at + 10),
        lastOffset: int64At(bytes, at + 18),
        lastStableOffset: int64At(bytes, at + 26),
      }
      const floor = Math.max(baseOffset, entry.firstOffset, index.#lastOffset() + 1)
      if (int16At(bytes, at) !== 0 || entry.lastOffset < floor) return undefined
      index.append(entry)
    }
    return index
  }

  encode(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#entries.length * TXN_INDEX_ENTRY_BYTES)
    for (const [i, entry] of this.#entries.entries()) {
      const at = i * TXN_INDEX_ENTRY_BYTES
      putInt16(bytes, at, 0)
      putInt64(bytes, at + 2, entry.producerId)
      putInt64(bytes, at + 10, entry.firstOffset)
      putInt64(bytes, at + 18, entry.lastOffset)
      putInt64(bytes, at + 26, entry.lastStableOffset)
    }
    return bytes
  }

  get count(): number {
    return this.#entries.length
  }

  append(entry: AbortedTxn): void {
    this.#entries.push(entry)
  }

  /** Adds to `into` what overlaps [fetchOffset, upperBound); true when no later segment can add
   * more. */
  collect(fetchOffset: number, upperBound: number, into: AbortedTxn[]): boolean {
    for (const entry of this.#entries) {
      if (entry.lastOffset >= fetchOffset && entry.firstOffset < upperBound) into.push(entry)
      if (entry.lastStableOffset >= upperBound) return true
    }
    return false
  }

  /** Drops transactions whose marker is at `offset` or behind it. */
  truncateTo(offset: number): void {
    while (this.#lastOffset() >= offset) this.#entries.pop()
  }

  #lastOffset(): number {
    return this.#entries.at(-1)?.lastOffset ?? -1
  }
}
