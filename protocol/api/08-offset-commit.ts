// Commits the offsets of a group.
//
//   2  0.9.0   the oldest that Apache Kafka 4 accepts
//   3  0.11.0  response adds throttleTimeMs
//   4  2.0     a throttled reply is sent before the pause, not after it
//   5  2.1     request drops retentionTimeMs
//   6  2.1     request adds committedLeaderEpoch
//   7  2.3     request adds groupInstanceId
//   8  2.4     flexible
//   9  3.7     groups of the consumer protocol may commit; STALE_MEMBER_EPOCH and
//             GROUP_ID_NOT_FOUND may be answered (KIP-848)
//  10  4.2     request drops name; request adds topicId; response drops name; response adds
//             topicId (KIP-848)
import { api, array, int16, int32, int64, string, uuid } from '../schema/index.ts'

export const OffsetCommit = api(8, 'OffsetCommit', {
  versions: '2-10',
  flexible: '8+',
  request: {
    groupId: string,
    generationIdOrMemberEpoch: int32.default(-1).ignorable(),
    memberId: string.ignorable(),
    groupInstanceId: string.since(7).nullable().default(null),
    retentionTimeMs: int64.until(4).default(-1).ignorable(),
    topics: array({
      name: string.until(9).ignorable(),
      topicId: uuid.since(10).ignorable(),
      partitions: array({
        partitionIndex: int32,
        committedOffset: int64,
        committedLeaderEpoch: int32.since(6).default(-1).ignorable(),
        committedMetadata: string.nullable(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32.since(3).ignorable(),
    topics: array({
      name: string.until(9).ignorable(),
      topicId: uuid.since(10).ignorable(),
      partitions: array({ partitionIndex: int32, errorCode: int16 }),
    }),
  },
})
