// Finds offsets by time, or by a negative number that names a place: the end, the start, the
// greatest timestamp, places of tiered storage.
//
//   1  0.10.1  the oldest that Apache Kafka 4 accepts
//   2  0.11.0  request adds isolationLevel; response adds throttleTimeMs
//   3  2.0     a throttled reply is sent before the pause, not after it
//   4  2.1     request adds currentLeaderEpoch; response adds leaderEpoch
//   5  2.2     OFFSET_NOT_AVAILABLE may be answered
//   6  2.8     flexible
//   7  3.0     timestamp -3: the offset of the greatest timestamp (KIP-734)
//   8  3.5     timestamp -4: the first offset on local disk (KIP-405)
//   9  3.9     timestamp -5: the last offset in tiered storage (KIP-1005)
//  10  4.0     request adds timeoutMs (KIP-1075)
//  11  4.2     timestamp -6: the first offset not yet in tiered storage (KIP-1023)
import { api, array, int16, int32, int64, int8, string } from '../schema/index.ts'

export const ListOffsets = api(2, 'ListOffsets', {
  versions: '1-11',
  flexible: '6+',
  request: {
    replicaId: int32,
    isolationLevel: int8.since(2),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        currentLeaderEpoch: int32.since(4).default(-1).ignorable(),
        timestamp: int64,
      }),
    }),
    timeoutMs: int32.since(10).ignorable(),
  },
  response: {
    throttleTimeMs: int32.since(2).ignorable(),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        errorCode: int16,
        timestamp: int64.default(-1),
        offset: int64.default(-1),
        leaderEpoch: int32.since(4).default(-1),
      }),
    }),
  },
})
