// Reads the index files of one segment. They are derived from the log: whatever is wrong with them
// is said in words, and the caller makes them anew.
import type { FileSystem } from './fs/fs.ts'
import { readFile } from './fs/whole-file.ts'
import { OffsetIndex } from './offset-index.ts'
import { OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX, TXN_INDEX_SUFFIX } from './segment-file.ts'
import { TimeIndex } from './time-index.ts'
import { TxnIndex } from './txn-index.ts'

/** A longer log without any entry is either one large batch, or has lost its index. */
const SUSPICIOUS_BYTES = 64 * 1024
export const EMPTY_INDEX = 'the offset index is empty'

export interface SegmentIndexes {
  readonly offset: OffsetIndex
  readonly time: TimeIndex
  readonly txn: TxnIndex
}

interface IndexedSegment {
  readonly baseOffset: number
  readonly hasTxnIndex: boolean
  pathOf(suffix: string): string
}

/** The indexes, or why they cannot be used for a log file of `logBytes` bytes. */
export function loadIndexes(
  fs: FileSystem,
  segment: IndexedSegment,
  logBytes: number,
): SegmentIndexes | string {
  const offsetBytes = readFile(fs, segment.pathOf(OFFSET_INDEX_SUFFIX))
  if (offsetBytes === undefined) return 'there is no offset index'
  const offset = OffsetIndex.decode(segment.baseOffset, offsetBytes, logBytes)
  if (offset === undefined) return 'the offset index is damaged'
  if (offset.count === 0 && logBytes > SUSPICIOUS_BYTES) return EMPTY_INDEX
  const timeBytes = readFile(fs, segment.pathOf(TIME_INDEX_SUFFIX))
  if (timeBytes === undefined) return 'there is no time index'
  const time = TimeIndex.decode(segment.baseOffset, timeBytes)
  if (time === undefined) return 'the time index is damaged'
  if (time.count === 0 && offset.count > 0) return 'the time index is empty'
  const txnPath = segment.pathOf(TXN_INDEX_SUFFIX)
  const txnBytes = segment.hasTxnIndex ? readFile(fs, txnPath) : undefined
  const txn =
    txnBytes === undefined ? new TxnIndex() : TxnIndex.decode(segment.baseOffset, txnBytes)
  return txn === undefined ? 'the transaction index is damaged' : { offset, time, txn }
}
