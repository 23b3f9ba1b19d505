// Commits the offsets of a group as a part of a transaction.
//
//   0  0.11.0  the first version
//   1  2.0     a throttled reply is sent before the pause, not after it
//   2  2.1     request adds committedLeaderEpoch
//   3  2.5     flexible; request adds generationIdOrMemberEpoch, memberId, groupInstanceId
//   4  3.8     TRANSACTION_ABORTABLE may be answered (KIP-890)
//   5  4.0     inside a transaction it also adds the offsets partition, with transaction.version
//             2 (KIP-890)
//   6  4.4     request drops name; request adds topicId; response drops name; response adds
//             topicId (KIP-1319)
import { api, array, int16, int32, int64, string, uuid } from '../schema/index.ts'

export const TxnOffsetCommit = api(28, 'TxnOffsetCommit', {
  versions: '0-6',
  flexible: '3+',
  request: {
    transactionalId: string,
    groupId: string,
    producerId: int64,
    producerEpoch: int16,
    generationIdOrMemberEpoch: int32.since(3).default(-1),
    memberId: string.since(3).default(''),
    groupInstanceId: string.since(3).nullable().default(null),
    topics: array({
      name: string.until(5).ignorable(),
      topicId: uuid.since(6).ignorable(),
      partitions: array({
        partitionIndex: int32,
        committedOffset: int64,
        committedLeaderEpoch: int32.since(2).default(-1).ignorable(),
        committedMetadata: string.nullable(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32,
    topics: array({
      name: string.until(5).ignorable(),
      topicId: uuid.since(6).ignorable(),
      partitions: array({ partitionIndex: int32, errorCode: int16 }),
    }),
  },
})
