// Sets the start offsets of a share group without members.
//
//   0  4.1     the first version
import { api, array, int16, int32, int64, string, uuid } from '../schema/index.ts'

export const AlterShareGroupOffsets = api(91, 'AlterShareGroupOffsets', {
  versions: '0',
  flexible: '0+',
  request: {
    groupId: string,
    topics: array({
      topicName: string,
      partitions: array({ partitionIndex: int32, startOffset: int64 }),
    }),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable().default(null),
    responses: array({
      topicName: string,
      topicId: uuid,
      partitions: array({
        partitionIndex: int32,
        errorCode: int16,
        errorMessage: string.nullable().default(null),
      }),
    }),
  },
})
