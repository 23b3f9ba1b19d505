// Moves the start of partitions forward: the records before it are gone.
//
//   0  0.11.0  the first version
//   1  2.0     a throttled reply is sent before the pause, not after it
//   2  2.6     flexible
import { api, array, int16, int32, int64, string } from '../schema/index.ts'

export const DeleteRecords = api(21, 'DeleteRecords', {
  versions: '0-2',
  flexible: '2+',
  request: {
    topics: array({ name: string, partitions: array({ partitionIndex: int32, offset: int64 }) }),
    timeoutMs: int32,
  },
  response: {
    throttleTimeMs: int32,
    topics: array({
      name: string,
      partitions: array({ partitionIndex: int32, lowWatermark: int64, errorCode: int16 }),
    }),
  },
})
