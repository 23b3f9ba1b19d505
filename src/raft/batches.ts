// Reads the batches of a metadata log segment or snapshot from memory: control records apart from
// data records, and where intact bytes end.
import {
  BatchView,
  checkBatch,
  type ControlRecord,
  controlRecords,
  RecordCursor,
} from '../../protocol/records/index.ts'

export interface DataRecord {
  readonly value: Uint8Array
  /** The path that it was read from. */
  readonly file: string
  readonly offset: number
  readonly epoch: number
  /** Milliseconds: of its batch. */
  readonly timestampMs: number
}

export interface BatchVisitor {
  data(record: DataRecord): void
  control(record: ControlRecord): void
  /** After each batch. */
  batch(nextOffset: number, epoch: number, timestampMs: number): void
}

/** A metadata file that holds what no Kafka node writes there. */
export class UnreadableMetadata extends Error {
  override readonly name = 'UnreadableMetadata'
}

/** Returns where intact batches end: bytes.length, or the start of a torn or damaged one. */
export function visitBatches(bytes: Uint8Array, path: string, visitor: BatchVisitor): number {
  const batch = new BatchView(bytes)
  const cursor = new RecordCursor()
  let at = 0
  while (at < bytes.length && checkBatch(bytes, at, bytes.length) === undefined) {
    batch.at(bytes, at)
    if (batch.codec !== 0) throw new UnreadableMetadata(`${path}: a compressed batch at byte ${at}`)
    if (batch.isControl) visitControl(batch, path, visitor)
    else visitData(batch, cursor, { path, visitor })
    visitor.batch(batch.nextOffset, batch.partitionLeaderEpoch, batch.maxTimestamp)
    at = batch.end
  }
  return at
}

function visitControl(batch: BatchView, path: string, visitor: BatchVisitor): void {
  const records = controlRecords(batch)
  if (records === undefined) {
    throw new UnreadableMetadata(`${path}: a malformed control batch at byte ${batch.start}`)
  }
  for (const record of records) visitor.control(record)
}

function visitData(
  batch: BatchView,
  cursor: RecordCursor,
  to: { readonly path: string; readonly visitor: BatchVisitor },
): void {
  const { baseOffset, partitionLeaderEpoch: epoch, maxTimestamp: timestampMs } = batch
  cursor.at(batch.buffer, batch.recordsStart, batch.end, batch.recordCount)
  while (cursor.next()) {
    const value = batch.buffer.subarray(cursor.valueStart, cursor.valueStart + cursor.valueLength)
    to.visitor.data({
      value,
      file: to.path,
      offset: baseOffset + cursor.offsetDelta,
      epoch,
      timestampMs,
    })
  }
  if (cursor.fault === undefined) return
  throw new UnreadableMetadata(`${to.path}: at byte ${batch.start}: ${cursor.fault}`)
}
