// Control batches: the records that brokers write for themselves among those of clients. Owns their
// keys and the batch around them; the values are message bodies, encoded by whoever knows the
// schema.
//
//   key: int16 version 0, int16 type.   value: EndTxnMarker or a KRaft message (KIP-98, KIP-595)
import { BatchView } from './batch.ts'
import { type BatchFields, buildBatch } from './builder.ts'
import { int16At, putInt16 } from './int.ts'
import { RecordCursor } from './record.ts'

/** Types by name; 0 and 1 are the end of a transaction (value: EndTxnMarker). */
export const CONTROL_TYPES = {
  abort: 0,
  commit: 1,
  leaderChange: 2,
  snapshotHeader: 3,
  snapshotFooter: 4,
  kraftVersion: 5,
  kraftVoters: 6,
} as const

export interface ControlRecord {
  /** One of CONTROL_TYPES; others are written by newer brokers and are to be skipped. */
  readonly type: number
  /** The encoded message body. */
  readonly value: Uint8Array
}

const KEY_VERSION = 0
const KEY_BYTES = 4

/**
 * One batch of control records, all with `timestampMs`. An end of transaction also needs
 * `transactional: true`, the producer's id and epoch in `fields`.
 */
export function buildControlBatch(
  records: readonly ControlRecord[],
  timestampMs: number,
  fields: Omit<BatchFields, 'control' | 'codec'>,
): Buffer {
  const made = records.map(({ type, value }) => ({
    timestamp: timestampMs,
    key: controlKey(type),
    value,
  }))
  return buildBatch(made, { ...fields, control: true })
}

/** The control records of an uncompressed control batch as views; undefined when malformed. */
export function controlRecords(batch: BatchView): ControlRecord[] | undefined {
  const found: ControlRecord[] = []
  const cursor = new RecordCursor()
  cursor.at(batch.buffer, batch.recordsStart, batch.end, batch.recordCount)
  while (cursor.next()) {
    const type = keyType(cursor)
    if (type === undefined || cursor.valueLength < 0) return undefined
    const value = cursor.bytes.subarray(cursor.valueStart, cursor.valueStart + cursor.valueLength)
    found.push({ type, value })
  }
  return cursor.fault === undefined ? found : undefined
}

/** Type of the first control record of `batch`; undefined when it is no readable control batch. */
export function controlType(batch: BatchView): number | undefined {
  if (!batch.isControl || batch.codec !== 0) return undefined
  const cursor = new RecordCursor()
  cursor.at(batch.buffer, batch.recordsStart, batch.end, batch.recordCount)
  return cursor.next() ? keyType(cursor) : undefined
}

function keyType(cursor: RecordCursor): number | undefined {
  if (cursor.keyLength < KEY_BYTES || int16At(cursor.bytes, cursor.keyStart) < KEY_VERSION) {
    return undefined
  }
  return int16At(cursor.bytes, cursor.keyStart + 2)
}

function controlKey(type: number): Buffer {
  const key = Buffer.allocUnsafe(KEY_BYTES)
  putInt16(key, 0, KEY_VERSION)
  putInt16(key, 2, type)
  return key
}
