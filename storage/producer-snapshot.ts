// Producer snapshots (`<20 digits>.snapshot`): the producers of a log up to the offset in the name.
//
//   i16 version 1 | u32 CRC-32C of all that follows | i32 count | count entries of 46 bytes:
//   i64 producerId | i16 epoch | i32 lastSequence | i64 lastOffset | i32 offsetDelta
//   | i64 timestamp | i32 coordinatorEpoch | i64 currentTxnFirstOffset (-1: none)
//
// Of each producer only the last batch is kept; lastSequence and lastOffset are -1 without one.
import { crc32c } from '../protocol/records/crc32c.ts'
import {
  int16At,
  int32At,
  int64At,
  putInt16,
  putInt32,
  putInt64,
  uint32At,
} from '../protocol/records/int.ts'
import type { ProducerEntry } from './producers.ts'

const HEADER_BYTES = 10
const ENTRY_BYTES = 46

export function encodeProducerSnapshot(producers: Iterable<ProducerEntry>, count: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + count * ENTRY_BYTES)
  putInt16(bytes, 0, 1)
  putInt32(bytes, 6, count)
  let at = HEADER_BYTES
  for (const entry of producers) {
    const batch = entry.batches.at(-1)
    putInt64(bytes, at, entry.producerId)
    putInt16(bytes, at + 8, entry.epoch)
    putInt32(bytes, at + 10, batch?.lastSequence ?? -1)
    putInt64(bytes, at + 14, batch?.lastOffset ?? -1)
    putInt32(bytes, at + 22, batch?.offsetDelta ?? 0)
    putInt64(bytes, at + 26, entry.lastTimestamp)
    putInt32(bytes, at + 34, entry.coordinatorEpoch)
    putInt64(bytes, at + 38, entry.currentTxnFirstOffset ?? -1)
    at += ENTRY_BYTES
  }
  putInt32(bytes, 2, crc32c(bytes, 6, bytes.length))
  return bytes
}

/** undefined when the bytes are not a whole, undamaged snapshot. */
export function decodeProducerSnapshot(bytes: Uint8Array): ProducerEntry[] | undefined {
  if (bytes.length < HEADER_BYTES || int16At(bytes, 0) !== 1) return undefined
  if (uint32At(bytes, 2) !== crc32c(bytes, 6, bytes.length)) return undefined
  const count = int32At(bytes, 6)
  if (count < 0 || bytes.length !== HEADER_BYTES + count * ENTRY_BYTES) return undefined
  const entries: ProducerEntry[] = []
  for (let at = HEADER_BYTES; at < bytes.length; at += ENTRY_BYTES) {
    const lastOffset = int64At(bytes, at + 14)
    const timestamp = int64At(bytes, at + 26)
    const currentTxnFirstOffset = int64At(bytes, at + 38)
    const batch = {
      lastSequence: int32At(bytes, at + 10),
      lastOffset,
      offsetDelta: int32At(bytes, at + 22),
      timestamp,
    }
    entries.push({
      producerId: int64At(bytes, at),
      epoch: int16At(bytes, at + 8),
      coordinatorEpoch: int32At(bytes, at + 34),
      lastTimestamp: timestamp,
      currentTxnFirstOffset: currentTxnFirstOffset >= 0 ? currentTxnFirstOffset : undefined,
      batches: lastOffset >= 0 ? [batch] : [],
    })
  }
  return entries
}
