// Deletes the persistent state of share-group partitions.
//
//   0  4.1     the first version
import { api, array, int16, int32, string, uuid } from '../schema/index.ts'

export const DeleteShareGroupState = api(86, 'DeleteShareGroupState', {
  versions: '0',
  flexible: '0+',
  request: {
    groupId: string,
    topics: array({ topicId: uuid, partitions: array({ partition: int32 }) }),
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
