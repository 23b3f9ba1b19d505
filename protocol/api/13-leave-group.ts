// Takes members out of a classic group.
//
//   0  0.9.0   the first version
//   1  0.11.0  response adds throttleTimeMs
//   2  2.0     a throttled reply is sent before the pause, not after it
//   3  2.4     request drops memberId; request adds members; response adds members
//   4  2.4     flexible
//   5  3.2     request adds reason (KIP-800)
import { api, array, int16, int32, string } from '../schema/index.ts'

export const LeaveGroup = api(13, 'LeaveGroup', {
  versions: '0-5',
  flexible: '4+',
  request: {
    groupId: string,
    memberId: string.until(2),
    members: array({
      memberId: string,
      groupInstanceId: string.nullable().default(null),
      reason: string.since(5).nullable().default(null).ignorable(),
    }).since(3),
  },
  response: {
    throttleTimeMs: int32.since(1).ignorable(),
    errorCode: int16,
    members: array({
      memberId: string,
      groupInstanceId: string.nullable(),
      errorCode: int16,
    }).since(3),
  },
})
