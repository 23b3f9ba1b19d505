// Keeps a member of a classic group alive and tells it of a rebalance.
//
//   0  0.8.2   the first version
//   1  0.11.0  response adds throttleTimeMs
//   2  2.0     a throttled reply is sent before the pause, not after it
//   3  2.3     request adds groupInstanceId
//   4  2.4     flexible
import { api, int16, int32, string } from '../schema/index.ts'

export const Heartbeat = api(12, 'Heartbeat', {
  versions: '0-4',
  flexible: '4+',
  request: {
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: string.since(3).nullable().default(null),
  },
  response: { throttleTimeMs: int32.since(1).ignorable(), errorCode: int16 },
})
