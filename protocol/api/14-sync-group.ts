// Hands out the assignment that the leader of a classic group made.
//
//   0  0.9.0   the first version
//   1  0.11.0  response adds throttleTimeMs
//   2  2.0     a throttled reply is sent before the pause, not after it
//   3  2.3     request adds groupInstanceId
//   4  2.4     flexible
//   5  2.5     request adds protocolType, protocolName; response adds protocolType, protocolName
//             (KIP-559)
import { api, array, bytes, int16, int32, string } from '../schema/index.ts'

export const SyncGroup = api(14, 'SyncGroup', {
  versions: '0-5',
  flexible: '4+',
  request: {
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: string.since(3).nullable().default(null),
    protocolType: string.since(5).nullable().default(null).ignorable(),
    protocolName: string.since(5).nullable().default(null).ignorable(),
    assignments: array({ memberId: string, assignment: bytes }),
  },
  response: {
    throttleTimeMs: int32.since(1).ignorable(),
    errorCode: int16,
    protocolType: string.since(5).nullable().default(null).ignorable(),
    protocolName: string.since(5).nullable().default(null).ignorable(),
    assignment: bytes,
  },
})
