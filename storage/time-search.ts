// Finds offsets by time, down to the record inside a batch: the first segment whose largest
// timestamp reaches the target, in it the first batch that does, in it the first record at or
// behind the log's start.
import { BatchView } from '../protocol/records/batch.ts'
import type { Codecs } from '../protocol/records/compression/codecs.ts'
import { recordBytes } from '../protocol/records/decode.ts'
import { RecordCursor, addTimestamp } from '../protocol/records/record.ts'
import type { Log } from './log.ts'
import { LogFailure } from './log-failure.ts'
import type { Segment } from './segment.ts'

const WINDOW_BYTES = 64 * 1024

export interface TimestampOffset {
  readonly offset: number
  readonly timestamp: number
  /** -1 when the batch does not say. */
  readonly leaderEpoch: number
}

export interface Decompression {
  readonly codecs: Codecs
  readonly maxDecompressedBytes: number
}

/** The first record at or behind the log's start whose timestamp is at or above `target`. */
export function offsetForTimestamp(
  log: Log,
  target: number,
  decompression: Decompression,
): TimestampOffset | undefined {
  for (const segment of log.segments()) {
    if (segment.writtenSize === 0 || segment.maxTimestamp() < target) continue
    const found = inSegment(log, segment, target, decompression)
    // None when only records before the log's start reach the target.
    if (found !== undefined) return found
  }
  return undefined
}

/** The first record with the largest timestamp of the log (ListOffsets -3). */
export function maxTimestampOffset(
  log: Log,
  decompression: Decompression,
): TimestampOffset | undefined {
  let latest: Segment | undefined
  for (const segment of log.segments()) {
    if (segment.writtenSize === 0) continue
    if (latest === undefined || segment.maxTimestamp() > latest.maxTimestamp()) latest = segment
  }
  if (latest === undefined || latest.maxTimestamp() < 0) return undefined
  const largest = latest.maxTimestamp()
  const position = latest.positionOf(latest.offsetOfMaxTimestamp())
  let found: TimestampOffset | undefined
  latest.scanWhole(position, Buffer.allocUnsafe(WINDOW_BYTES), (batch) => {
    if (batch.maxTimestamp !== largest) return true
    found = firstRecord(log, batch, decompression, (timestamp) => timestamp === largest)
    return false
  })
  return found
}

function inSegment(
  log: Log,
  segment: Segment,
  target: number,
  decompression: Decompression,
): TimestampOffset | undefined {
  const { time } = segment.indexes()
  const entry = time.lookup(target)
  const from = Math.max(entry < 0 ? segment.baseOffset : time.offsetAt(entry), log.logStartOffset)
  let found: TimestampOffset | undefined
  segment.scanWhole(segment.positionOf(from), Buffer.allocUnsafe(WINDOW_BYTES), (batch) => {
    if (batch.maxTimestamp < target) return true
    found = firstRecord(
      log,
      batch,
      decompression,
      (timestamp, offset) => timestamp >= target && offset >= log.logStartOffset,
    )
    return found === undefined
  })
  return found
}

function firstRecord(
  log: Log,
  batch: BatchView,
  { codecs, maxDecompressedBytes }: Decompression,
  accept: (timestamp: number, offset: number) => boolean,
): TimestampOffset | undefined {
  const bytes = recordBytes(batch, codecs, maxDecompressedBytes)
  if (!ArrayBuffer.isView(bytes)) {
    const cause = `the batch at offset ${batch.baseOffset} cannot be read: ${bytes.reason}`
    throw new LogFailure(log.directory, 'read', cause)
  }
  const cursor = new RecordCursor().at(bytes, 0, bytes.length, batch.recordCount)
  while (cursor.next()) {
    const offset = batch.baseOffset + cursor.offsetDelta
    const timestamp = batch.isLogAppendTime
      ? batch.maxTimestamp
      : addTimestamp(batch.baseTimestamp, cursor.timestampDelta)
    if (accept(timestamp, offset)) {
      return { offset, timestamp, leaderEpoch: batch.partitionLeaderEpoch }
    }
  }
  return undefined
}
