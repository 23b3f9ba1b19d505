// Builds magic 2 batches: for our own logs, the client, recompression and tests. The bytes are
// those that Apache Kafka's builder makes of the same records; batches in transit are never
// rebuilt.
import { assert } from '../../base/assert.ts'
import {
  BatchView,
  CONTROL_BIT,
  CRC_AT,
  DELETE_HORIZON_BIT,
  LAST_OFFSET_DELTA_AT,
  ATTRIBUTES_AT,
  BASE_SEQUENCE_AT,
  BASE_TIMESTAMP_AT,
  LEADER_EPOCH_AT,
  LENGTH_AT,
  LOG_APPEND_TIME_BIT,
  LOG_OVERHEAD,
  MAGIC_AT,
  MAGIC_V2,
  MAX_TIMESTAMP_AT,
  NO_PARTITION_LEADER_EPOCH,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  NO_TIMESTAMP,
  PRODUCER_EPOCH_AT,
  PRODUCER_ID_AT,
  RECORD_BATCH_OVERHEAD,
  RECORD_COUNT_AT,
  TRANSACTIONAL_BIT,
} from './batch.ts'
import type { Codecs } from './compression/codecs.ts'
import type { RecordHeader } from './decode.ts'
import { putInt16, putInt32, putInt64 } from './int.ts'
import { putVarint, putVarlong, sizeOfVarint, sizeOfVarlong } from './varint.ts'

export interface NewRecord {
  /** Milliseconds; -1: none. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly RecordHeader[]
  /** Distance from the base offset; ascending. Default: the place in the batch. */
  readonly offsetDelta?: number
}

export interface BatchFields {
  readonly baseOffset?: number
  readonly partitionLeaderEpoch?: number
  /** 0 none (default), 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly codec?: number
  readonly producerId?: number
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly transactional?: boolean
  readonly control?: boolean
  /** Milliseconds: the broker's time, which then counts for every record. */
  readonly logAppendTime?: number
  /** Milliseconds after which tombstones and markers of the batch may go. */
  readonly deleteHorizon?: number
  /** Where the batch covers more offsets than its records (compaction). */
  readonly lastOffsetDelta?: number
  /** Milliseconds; only for a batch without records, which has none to take it from. */
  readonly maxTimestamp?: number
}

/** One batch in a buffer of its own. `codecs` is asked only for a compressed batch. */
export function buildBatch(
  records: readonly NewRecord[],
  fields: BatchFields = {},
  codecs?: Codecs,
): Buffer {
  const baseTimestamp = fields.deleteHorizon ?? records[0]?.timestamp ?? NO_TIMESTAMP
  const codec = fields.codec ?? 0
  const placed = records.map((record, place) => placeRecord(record, place, baseTimestamp))
  let size = 0
  for (const { bodySize } of placed) size += sizeOfVarint(bodySize) + bodySize
  // Uncompressed records are written where they stay.
  const front = codec === 0 ? RECORD_BATCH_OVERHEAD : 0
  let batch = Buffer.allocUnsafe(front + size)
  let at = front
  for (const one of placed) at = putRecord(batch, at, one)
  assert(at === batch.length, 'a record was not of its computed size')
  if (codec !== 0) {
    assert(codecs !== undefined, 'a compressed batch needs codecs')
    const compressed = codecs.compress(codec, batch)
    batch = Buffer.allocUnsafe(RECORD_BATCH_OVERHEAD + compressed.length)
    batch.set(compressed, RECORD_BATCH_OVERHEAD)
  }
  putHeader(batch, records, baseTimestamp, fields)
  return batch
}

function putHeader(
  batch: Buffer,
  records: readonly NewRecord[],
  baseTimestamp: number,
  fields: BatchFields,
): void {
  let attributes = fields.codec ?? 0
  if (fields.logAppendTime !== undefined) attributes |= LOG_APPEND_TIME_BIT
  if (fields.transactional === true) attributes |= TRANSACTIONAL_BIT
  if (fields.control === true) attributes |= CONTROL_BIT
  if (fields.deleteHorizon !== undefined) attributes |= DELETE_HORIZON_BIT
  let maxTimestamp = fields.maxTimestamp ?? NO_TIMESTAMP
  for (const record of records) maxTimestamp = Math.max(maxTimestamp, record.timestamp)
  const last = records.length - 1
  const lastDelta = last < 0 ? 0 : (records[last]!.offsetDelta ?? last)
  putInt64(batch, 0, fields.baseOffset ?? 0)
  putInt32(batch, LENGTH_AT, batch.length - LOG_OVERHEAD)
  putInt32(batch, LEADER_EPOCH_AT, fields.partitionLeaderEpoch ?? NO_PARTITION_LEADER_EPOCH)
  batch[MAGIC_AT] = MAGIC_V2
  putInt16(batch, ATTRIBUTES_AT, attributes)
  putInt32(batch, LAST_OFFSET_DELTA_AT, fields.lastOffsetDelta ?? lastDelta)
  putInt64(batch, BASE_TIMESTAMP_AT, baseTimestamp)
  putInt64(batch, MAX_TIMESTAMP_AT, fields.logAppendTime ?? maxTimestamp)
  putInt64(batch, PRODUCER_ID_AT, fields.producerId ?? NO_PRODUCER_ID)
  putInt16(batch, PRODUCER_EPOCH_AT, fields.producerEpoch ?? NO_PRODUCER_EPOCH)
  putInt32(batch, BASE_SEQUENCE_AT, fields.baseSequence ?? NO_SEQUENCE)
  putInt32(batch, RECORD_COUNT_AT, records.length)
  putInt32(batch, CRC_AT, new BatchView(batch).computeCrc())
}

interface PlacedRecord {
  readonly record: NewRecord
  readonly timestampDelta: number
  readonly offsetDelta: number
  readonly bodySize: number
}

function placeRecord(record: NewRecord, place: number, baseTimestamp: number): PlacedRecord {
  const timestampDelta = record.timestamp - baseTimestamp
  const offsetDelta = record.offsetDelta ?? place
  const headers = record.headers ?? []
  let bodySize = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta)
  bodySize += sizeOfBytes(record.key) + sizeOfBytes(record.value) + sizeOfVarint(headers.length)
  for (const header of headers) {
    const keyLength = Buffer.byteLength(header.key)
    bodySize += sizeOfVarint(keyLength) + keyLength + sizeOfBytes(header.value)
  }
  return { record, timestampDelta, offsetDelta, bodySize }
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length
}

function putRecord(to: Buffer, start: number, placed: PlacedRecord): number {
  const { record } = placed
  let at = putVarint(to, start, placed.bodySize)
  to[at++] = 0
  at = putVarlong(to, at, placed.timestampDelta)
  at = putVarint(to, at, placed.offsetDelta)
  at = putBytes(to, at, record.key)
  at = putBytes(to, at, record.value)
  const headers = record.headers ?? []
  at = putVarint(to, at, headers.length)
  for (const header of headers) {
    at = putVarint(to, at, Buffer.byteLength(header.key))
    at += to.write(header.key, at)
    at = putBytes(to, at, header.value)
  }
  return at
}

function putBytes(to: Buffer, at: number, bytes: Uint8Array | null): number {
  if (bytes === null) return putVarint(to, at, -1)
  const start = putVarint(to, at, bytes.length)
  to.set(bytes, start)
  return start + bytes.length
}
