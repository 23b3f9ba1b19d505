// Adds partitions to topics.
//
//   0  1.0     the first version
//   1  2.0     a throttled reply is sent before the pause, not after it
//   2  2.5     flexible
//   3  2.7     THROTTLING_QUOTA_EXCEEDED may be answered (KIP-599)
import { api, array, bool, int16, int32, string } from '../schema/index.ts'

export const CreatePartitions = api(37, 'CreatePartitions', {
  versions: '0-3',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    topics: array({
      name: string,
      count: int32,
      assignments: array({ brokerIds: array(int32) }).nullable(),
    }),
    timeoutMs: int32,
    validateOnly: bool,
  },
  response: {
    throttleTimeMs: int32,
    results: array({
      name: string,
      errorCode: int16,
      errorMessage: string.nullable().default(null),
    }),
  },
})
