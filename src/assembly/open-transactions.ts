// Transactions that another broker left open in a directory. Samsa has no transaction coordinator
// yet: nobody would ever end them, and readers of committed records would wait for ever behind
// them. Ended ones are no obstacle, their markers are in the logs. Reads __transaction_state.
import { BatchView, checkBatch, Codecs, decodeRecords } from '../../protocol/records/index.ts'
import { decodeRecord } from '../../protocol/state/coordinator-record.ts'
import { txnRecords } from '../../protocol/state/index.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { join } from '../../storage/fs/path.ts'
import { readFile } from '../../storage/fs/whole-file.ts'
import { parsePartitionDirectory } from '../../storage/removal.ts'
import { LOG_SUFFIX } from '../../storage/segment-file.ts'
import { StartFailure } from '../config/start-failure.ts'

const TRANSACTION_STATE = '__transaction_state'
const DECOMPRESSED_MAX_BYTES = 64 * 1024 * 1024
/** By TransactionLogValue's status; all others have ended. */
const OPEN: ReadonlyMap<number, string> = new Map([
  [1, 'Ongoing'],
  [2, 'PrepareCommit'],
  [3, 'PrepareAbort'],
  [7, 'PrepareEpochFence'],
])

/** Throws StartFailure; writes nothing. */
export function refuseOpenTransactions(fs: FileSystem, directory: string): void {
  for (const name of fs.readdir(directory)) {
    const found = parsePartitionDirectory(name)
    if (found?.topic !== TRANSACTION_STATE || found.state !== 'live') continue
    const [open] = openTransactions(fs, join(directory, name))
    if (open === undefined) continue
    const [id, status] = open
    throw new StartFailure(
      `${join(directory, name)} holds the open transaction of '${id}' (${status}), and Samsa has ` +
        'no transactions yet; nothing was changed: start Apache Kafka on it again, end the ' +
        'transaction or let it time out, stop it and come back.',
    )
  }
}

/** Transactional ids with the name of their status. */
function openTransactions(fs: FileSystem, path: string): Map<string, string> {
  const open = new Map<string, string>()
  const codecs = new Codecs()
  const segments = fs.readdir(path).filter((name) => name.endsWith(LOG_SUFFIX))
  for (const name of segments.toSorted()) {
    const bytes = readFile(fs, join(path, name)) ?? Buffer.alloc(0)
    const batch = new BatchView(bytes)
    // What is torn was never acknowledged.
    for (let at = 0; checkBatch(bytes, at, bytes.length) === undefined; at = batch.end) {
      batch.at(bytes, at)
      if (!batch.isControl) noteBatch(bytes.subarray(at, batch.end), codecs, open)
    }
  }
  return open
}

function noteBatch(bytes: Buffer, codecs: Codecs, open: Map<string, string>): void {
  const records = decodeRecords(bytes, codecs, DECOMPRESSED_MAX_BYTES)
  if (!Array.isArray(records)) return
  for (const { key, value } of records) {
    if (key === null) continue
    const record = decodeRecord(txnRecords, key, value)
    if (record.name === 'unknown') continue
    const status = record.value === null ? undefined : OPEN.get(record.value.transactionStatus)
    if (status === undefined) open.delete(record.key.transactionalId)
    else open.set(record.key.transactionalId, status)
  }
}
