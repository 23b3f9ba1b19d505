// Writes the persistent state of share-group partitions.
//
//   0  4.1     the first version
//   1  4.2     request adds deliveryCompleteCount (KIP-1226)
import { api, array, int16, int32, int64, int8, string, uuid } from '../schema/index.ts'

export const WriteShareGroupState = api(85, 'WriteShareGroupState', {
  versions: '0-1',
  flexible: '0+',
  request: {
    groupId: string,
    topics: array({
      topicId: uuid,
      partitions: array({
        partition: int32,
        stateEpoch: int32,
        leaderEpoch: int32,
        startOffset: int64,
        deliveryCompleteCount: int32.since(1).default(-1).ignorable(),
        stateBatches: array({
          firstOffset: int64,
          lastOffset: int64,
          deliveryState: int8,
          deliveryCount: int16,
        }),
      }),
    }),
  },
  response: {
    results: array({
      topicId: uuid,
      partitions: array({
        partition: int32,
        errorCode: int16,
        errorMessage: string.nullable().default(null),
      }),
    }),
  },
})
