// Whole batches as plain objects: for tests, the command line and the logs that coordinators
// replay. The data path never comes here; it walks records in place (record.ts).
import {
  BatchView,
  type BatchFault,
  NO_SEQUENCE,
  RECORD_BATCH_OVERHEAD,
  addSequence,
  checkBatch,
} from './batch.ts'
import type { Codecs } from './compression/codecs.ts'
import { RecordCursor, addTimestamp } from './record.ts'

export interface RecordHeader {
  readonly key: string
  readonly value: Uint8Array | null
}

export interface DecodedRecord {
  readonly offset: number
  /** Milliseconds: the record's own, or the batch's where the broker stamped the append time. */
  readonly timestamp: number
  /** -1 without a producer id. */
  readonly sequence: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
}

/** The bytes of a batch's records, decompressed; or why there are none. */
export type RecordBytes = Uint8Array | BatchFault

/**
 * The records of the checked batch `batch` as bytes: a view of the batch, or of the scratch of
 * `codecs`, which the next call overwrites.
 */
export function recordBytes(batch: BatchView, codecs: Codecs, maxBytes: number): RecordBytes {
  const compressed = batch.buffer.subarray(batch.start + RECORD_BATCH_OVERHEAD, batch.end)
  const bytes = codecs.decompress(batch.codec, compressed, maxBytes)
  return typeof bytes === 'string' ? { error: bytes, reason: CODEC_REASONS[bytes] } : bytes
}

const CODEC_REASONS = {
  MESSAGE_TOO_LARGE: 'The records of the batch are too large when decompressed.',
  CORRUPT_MESSAGE: 'The compressed records of the batch are damaged.',
  UNSUPPORTED_COMPRESSION_TYPE: 'The batch names a compression type that does not exist.',
} as const

/**
 * Checks and decodes the batch that fills `bytes` from `start`. Keys, values and headers of an
 * uncompressed batch are views of `bytes`; of a compressed one they are copies.
 */
export function decodeRecords(
  bytes: Uint8Array,
  codecs: Codecs,
  maxBytes: number,
  start = 0,
): DecodedRecord[] | BatchFault {
  const broken = checkBatch(bytes, start, bytes.length)
  if (broken !== undefined) return broken
  const batch = new BatchView(bytes, start)
  let inner = recordBytes(batch, codecs, maxBytes)
  if (!ArrayBuffer.isView(inner)) return inner
  if (batch.codec !== 0) inner = Buffer.from(inner)
  const records: DecodedRecord[] = []
  const cursor = new RecordCursor().at(inner, 0, inner.length, batch.recordCount)
  while (cursor.next()) records.push(decodeRecord(batch, cursor))
  return cursor.fault === undefined ? records : { error: 'INVALID_RECORD', reason: cursor.fault }
}

/** The record that `cursor` stands on, in `batch`. */
export function decodeRecord(batch: BatchView, cursor: RecordCursor): DecodedRecord {
  const sequence = batch.baseSequence
  return {
    offset: batch.baseOffset + cursor.offsetDelta,
    timestamp: batch.isLogAppendTime
      ? batch.maxTimestamp
      : addTimestamp(batch.baseTimestamp, cursor.timestampDelta),
    sequence: sequence < 0 ? NO_SEQUENCE : addSequence(sequence, cursor.offsetDelta),
    key: slice(cursor.bytes, cursor.keyStart, cursor.keyLength),
    value: slice(cursor.bytes, cursor.valueStart, cursor.valueLength),
    headers: decodeHeaders(cursor),
  }
}

/** The headers of the record that `cursor` stands on; the walk has checked their bounds. */
export function decodeHeaders(cursor: RecordCursor): RecordHeader[] {
  const headers: RecordHeader[] = []
  const { bytes } = cursor
  let at = cursor.headersStart
  function length(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
  }
  for (let i = 0; i < cursor.headerCount; i++) {
    const keyLength = length()
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + at, keyLength).toString('utf8')
    at += keyLength
    const valueLength = length()
    headers.push({ key, value: slice(bytes, at, valueLength) })
    at += Math.max(0, valueLength)
  }
  return headers
}

function slice(bytes: Uint8Array, start: number, length: number): Uint8Array | null {
  return length < 0 ? null : bytes.subarray(start, start + length)
}
