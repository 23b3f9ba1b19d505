// Deletes the start offsets of a share group without members.
//
//   0  4.1     the first version
import { api, array, int16, int32, string, uuid } from '../schema/index.ts'

export const DeleteShareGroupOffsets = api(92, 'DeleteShareGroupOffsets', {
  versions: '0',
  flexible: '0+',
  request: { groupId: string, topics: array({ topicName: string }) },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable().default(null),
    responses: array({
      topicName: string,
      topicId: uuid,
      errorCode: int16,
      errorMessage: string.nullable().default(null),
    }),
  },
})
