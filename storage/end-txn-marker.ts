// The one record of a transaction's end, read in place: who committed or aborted, in which epoch of
// the coordinator. Control batches of other kinds are no markers.
//
//   key: i16 version 0 | i16 type (0 abort, 1 commit).  value: i16 version 0 | i32 coordinatorEpoch
import type { BatchView } from '../protocol/records/batch.ts'
import { CONTROL_TYPES } from '../protocol/records/control.ts'
import { int16At, int32At } from '../protocol/records/int.ts'
import { RecordCursor, addTimestamp } from '../protocol/records/record.ts'

export interface EndTxnMarker {
  readonly isAbort: boolean
  readonly coordinatorEpoch: number
  /** Milliseconds. */
  readonly timestamp: number
}

/** The marker in a control batch; undefined when it holds none. */
export function endTxnMarker(batch: BatchView): EndTxnMarker | undefined {
  if (batch.recordCount < 1 || batch.codec !== 0) return undefined
  const cursor = new RecordCursor()
  cursor.at(batch.buffer, batch.recordsStart, batch.end, batch.recordCount)
  if (!cursor.next() || cursor.keyLength < 4 || cursor.valueLength < 6) return undefined
  const type = int16At(cursor.bytes, cursor.keyStart + 2)
  if (type !== CONTROL_TYPES.abort && type !== CONTROL_TYPES.commit) return undefined
  return {
    isAbort: type === CONTROL_TYPES.abort,
    coordinatorEpoch: int32At(cursor.bytes, cursor.valueStart + 2),
    timestamp: batch.isLogAppendTime
      ? batch.maxTimestamp
      : addTimestamp(batch.baseTimestamp, cursor.timestampDelta),
  }
}
