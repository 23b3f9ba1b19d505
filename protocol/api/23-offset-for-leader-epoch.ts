// Finds where a leader epoch ends in a partition's log, to truncate after or to notice a lost
// tail.
//
//   2  2.1     the oldest that Apache Kafka 4 accepts
//   3  2.3     request adds replicaId
//   4  2.8     flexible
import { api, array, int16, int32, int64, string } from '../schema/index.ts'

export const OffsetForLeaderEpoch = api(23, 'OffsetForLeaderEpoch', {
  versions: '2-4',
  flexible: '4+',
  request: {
    replicaId: int32.since(3).default(-2).ignorable(),
    topics: array({
      topic: string,
      partitions: array({
        partition: int32,
        currentLeaderEpoch: int32.default(-1).ignorable(),
        leaderEpoch: int32,
      }),
    }),
  },
  response: {
    throttleTimeMs: int32.ignorable(),
    topics: array({
      topic: string,
      partitions: array({
        errorCode: int16,
        partition: int32,
        leaderEpoch: int32.default(-1).ignorable(),
        endOffset: int64.default(-1),
      }),
    }),
  },
})
