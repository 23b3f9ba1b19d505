// Describes the start offsets of share groups.
//
//   0  4.1     the first version
//   1  4.2     response adds lag (KIP-1226)
import { api, array, int16, int32, int64, string, uuid } from '../schema/index.ts'

export const DescribeShareGroupOffsets = api(90, 'DescribeShareGroupOffsets', {
  versions: '0-1',
  flexible: '0+',
  request: {
    groups: array({
      groupId: string,
      topics: array({ topicName: string, partitions: array(int32) }).nullable(),
    }),
  },
  response: {
    throttleTimeMs: int32,
    groups: array({
      groupId: string,
      topics: array({
        topicName: string,
        topicId: uuid,
        partitions: array({
          partitionIndex: int32,
          startOffset: int64,
          leaderEpoch: int32,
          lag: int64.since(1).default(-1).ignorable(),
          errorCode: int16,
          errorMessage: string.nullable().default(null),
        }),
      }),
      errorCode: int16,
      errorMessage: string.nullable().default(null),
    }),
  },
})
