// Deletes committed offsets of a group.
//
//   0  2.4     the first version
import { api, array, int16, int32, string } from '../schema/index.ts'

export const OffsetDelete = api(47, 'OffsetDelete', {
  versions: '0',
  flexible: 'none',
  request: {
    groupId: string,
    topics: array({ name: string, partitions: array({ partitionIndex: int32 }) }),
  },
  response: {
    errorCode: int16,
    throttleTimeMs: int32.ignorable(),
    topics: array({ name: string, partitions: array({ partitionIndex: int32, errorCode: int16 }) }),
  },
})
