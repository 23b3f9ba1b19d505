// Creates the persistent state of share-group partitions.
//
//   0  4.1     the first version
import { api, array, int16, int32, int64, string, uuid } from '../schema/index.ts'

export const InitializeShareGroupState = api(83, 'InitializeShareGroupState', {
  versions: '0',
  flexible: '0+',
  request: {
    groupId: string,
    topics: array({
      topicId: uuid,
      partitions: array({ partition: int32, stateEpoch: int32, startOffset: int64 }),
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
