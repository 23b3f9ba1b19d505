// Fetches the committed offsets of groups.
//
//   1  0.8.2   the oldest that Apache Kafka 4 accepts
//   2  0.11.0  request allows null in topics; response adds errorCode
//   3  0.11.0  response adds throttleTimeMs
//   4  2.0     a throttled reply is sent before the pause, not after it
//   5  2.1     response adds committedLeaderEpoch
//   6  2.4     flexible
//   7  2.5     request adds requireStable
//   8  3.0     request drops groupId, topics; request adds groups; response drops topics,
//             errorCode; response adds groups
//   9  3.7     request adds memberId, memberEpoch (KIP-848)
//  10  4.2     request drops name; request adds topicId; response drops name; response adds
//             topicId (KIP-848)
import { api, array, bool, int16, int32, int64, string, uuid } from '../schema/index.ts'

export const OffsetFetch = api(9, 'OffsetFetch', {
  versions: '1-10',
  flexible: '6+',
  request: {
    groupId: string.until(7),
    topics: array({ name: string, partitionIndexes: array(int32) })
      .until(7)
      .nullable(2),
    groups: array({
      groupId: string,
      memberId: string.since(9).nullable().default(null).ignorable(),
      memberEpoch: int32.since(9).default(-1).ignorable(),
      topics: array({
        name: string.until(9).ignorable(),
        topicId: uuid.since(10).ignorable(),
        partitionIndexes: array(int32),
      }).nullable(),
    }).since(8),
    requireStable: bool.since(7).default(false),
  },
  response: {
    throttleTimeMs: int32.since(3).ignorable(),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        committedOffset: int64,
        committedLeaderEpoch: int32.since(5).default(-1).ignorable(),
        metadata: string.nullable(),
        errorCode: int16,
      }),
    }).until(7),
    errorCode: int16.between(2, 7).default(0).ignorable(),
    groups: array({
      groupId: string,
      topics: array({
        name: string.until(9).ignorable(),
        topicId: uuid.since(10).ignorable(),
        partitions: array({
          partitionIndex: int32,
          committedOffset: int64,
          committedLeaderEpoch: int32.default(-1).ignorable(),
          metadata: string.nullable(),
          errorCode: int16,
        }),
      }),
      errorCode: int16.default(0),
    }).since(8),
  },
})
