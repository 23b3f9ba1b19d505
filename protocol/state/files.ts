// What files of a log directory hold.
import { array, int16, int32, int64, message, string, uint32, uuid } from '../schema/index.ts'

/** An entry of a `.txnindex` file; on disk an int16 version stands before it. */
export const AbortedTxn = message('AbortedTxn', {
  versions: '0',
  flexible: 'none',
  fields: { producerId: int64, firstOffset: int64, lastOffset: int64, lastStableOffset: int64 },
})

/**
 * The body of a producer `.snapshot` file; on disk an int16 version stands before it. The crc is
 * CRC-32C of everything behind the crc field.
 */
export const ProducerSnapshot = message('ProducerSnapshot', {
  versions: '1',
  flexible: 'none',
  fields: {
    crc: uint32,
    producerEntries: array({
      producerId: int64,
      epoch: int16,
      lastSequence: int32,
      lastOffset: int64,
      offsetDelta: int32,
      timestamp: int64,
      coordinatorEpoch: int32,
      currentTxnFirstOffset: int64,
    }),
  },
})

/**
 * The content of the `quorum-state` file, which holds it as JSON with a data_version, never in
 * this binary form.
 * 1: drops clusterId, appliedOffset, currentVoters; adds votedDirectoryId
 */
export const QuorumStateData = message('QuorumStateData', {
  versions: '0-1',
  flexible: '0+',
  fields: {
    clusterId: string.until(0),
    leaderId: int32.default(-1),
    leaderEpoch: int32.default(-1),
    votedId: int32.default(-1),
    votedDirectoryId: uuid.since(1),
    appliedOffset: int64.until(0),
    currentVoters: array({ voterId: int32 }).until(0).nullable(),
  },
})
