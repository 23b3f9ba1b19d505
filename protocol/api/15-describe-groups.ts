// Describes classic groups and their members.
//
//   0  0.9.0   the first version
//   1  0.11.0  response adds throttleTimeMs
//   2  2.0     a throttled reply is sent before the pause, not after it
//   3  2.3     request adds includeAuthorizedOperations; response adds authorizedOperations
//   4  2.4     response adds groupInstanceId
//   5  2.4     flexible
//   6  4.0     response adds errorMessage; an unknown group is answered GROUP_ID_NOT_FOUND
//             instead of a dead group (KIP-1043)
import { api, array, bool, bytes, int16, int32, string } from '../schema/index.ts'

export const DescribeGroups = api(15, 'DescribeGroups', {
  versions: '0-6',
  flexible: '5+',
  request: { groups: array(string), includeAuthorizedOperations: bool.since(3) },
  response: {
    throttleTimeMs: int32.since(1).ignorable(),
    groups: array({
      errorCode: int16,
      errorMessage: string.since(6).nullable().default(null),
      groupId: string,
      groupState: string,
      protocolType: string,
      protocolData: string,
      members: array({
        memberId: string,
        groupInstanceId: string.since(4).nullable().default(null).ignorable(),
        clientId: string,
        clientHost: string,
        memberMetadata: bytes,
        memberAssignment: bytes,
      }),
      authorizedOperations: int32.since(3).default(-2147483648),
    }),
  },
})
