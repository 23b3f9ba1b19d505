// Walks the batches of a log file: by their headers only, or whole. Stops at the first bytes that
// are no batch; what that means (a torn tail, damage) its callers decide.
import {
  BatchView,
  LOG_OVERHEAD,
  MAGIC_AT,
  MAGIC_V2,
  RECORD_BATCH_OVERHEAD,
} from '../protocol/records/batch.ts'
import { int32At, int64At } from '../protocol/records/int.ts'
import type { FileHandle } from './fs/fs.ts'

/** Enough of a batch to read a transaction marker, which is the only record of its batch. */
const HEAD_BYTES = RECORD_BATCH_OVERHEAD + 48

/** Offset, length, CRC, magic, attributes, null key, null value. */
const LEGACY_LEAST_BYTES = 26
const LEGACY_CRC_AT = 12

export interface ByteRange {
  readonly from: number
  readonly to: number
}

/** Return false to stop at this batch. */
export type VisitBatch = (batch: BatchView, position: number) => boolean | void

/**
 * Shows the header of each batch in the range, and of a control batch the records' first 48 bytes.
 * Returns where it stopped: `to`, a batch for which `visit` said false, or bytes that are no batch.
 */
export function scanHeaders(
  file: FileHandle,
  { from, to }: ByteRange,
  window: Buffer,
  visit: VisitBatch,
): number {
  const view = new BatchView(window)
  let windowStart = from
  let windowBytes = 0
  let position = from
  while (position < to) {
    const wanted = Math.min(HEAD_BYTES, window.length, to - position)
    if (position + wanted > windowStart + windowBytes) {
      windowStart = position
      windowBytes = readFully(file, window, Math.min(window.length, to - position), position)
      if (windowBytes < wanted) return position
    }
    view.at(window, position - windowStart)
    const size = batchBytes(window, position - windowStart, to - position)
    if (size === 0 || visit(view, position) === false) return position
    position += size
  }
  return position
}

/** As scanHeaders, but every batch is whole in memory while it is visited. */
export function scanBatches(
  file: FileHandle,
  { from, to }: ByteRange,
  window: Buffer,
  visit: VisitBatch,
): number {
  const view = new BatchView(window)
  let buffer = window
  let position = from
  while (position < to) {
    const read = readFully(file, buffer, Math.min(buffer.length, to - position), position)
    let at = 0
    for (;;) {
      const size = batchBytes(buffer, at, Math.min(to - position - at, read - at))
      if (size === 0) break
      if (visit(view.at(buffer, at), position + at) === false) return position + at
      at += size
    }
    if (at === 0) {
      const size = read < RECORD_BATCH_OVERHEAD ? 0 : batchBytes(buffer, 0, to - position)
      if (size <= buffer.length) return position
      buffer = Buffer.allocUnsafe(size)
    }
    position += at
  }
  return position
}

/** True when a whole message of magic 0 or 1 (before Kafka 0.11) stands there: to be refused, not
 * cut. Only its checksum tells it from a batch of today that a power loss left half zero. */
export function isLegacyMessage(file: FileHandle, { from, to }: ByteRange): boolean {
  const head = Buffer.alloc(MAGIC_AT + 1)
  if (readFully(file, head, head.length, from) < head.length) return false
  const size = int32At(head, 8) + LOG_OVERHEAD
  if (head[MAGIC_AT]! >= MAGIC_V2 || size < LEGACY_LEAST_BYTES || size > to - from) return false
  const message = Buffer.allocUnsafe(size)
  if (readFully(file, message, size, from) < size) return false
  return crc32(message.subarray(LEGACY_CRC_AT + 4)) === message.readUInt32BE(LEGACY_CRC_AT)
}

/** The checksum of the old formats (CRC-32, not C). Slow: run once, on a log that is refused. */
function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0)
  }
  return ~crc >>> 0
}

export function readFully(
  file: FileHandle,
  into: Buffer,
  length: number,
  position: number,
): number {
  let done = 0
  while (done < length) {
    const read = file.read(into, done, length - done, position + done)
    if (read === 0) break
    done += read
  }
  return done
}

/** Size of the batch at `at`, 0 when no batch of magic 2 with at most `limit` bytes is there. */
function batchBytes(buffer: Uint8Array, at: number, limit: number): number {
  if (limit < RECORD_BATCH_OVERHEAD || buffer[at + MAGIC_AT] !== MAGIC_V2) return 0
  const size = int32At(buffer, at + 8) + LOG_OVERHEAD
  if (size < RECORD_BATCH_OVERHEAD || size > limit) return 0
  return int64At(buffer, at) < 0 || int32At(buffer, at + 23) < 0 ? 0 : size
}
