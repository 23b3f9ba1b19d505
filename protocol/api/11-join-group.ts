// Joins a group of the classic protocol and waits for its next generation.
//
//   0  0.8.2   the first version
//   1  0.10.1  request adds rebalanceTimeoutMs
//   2  0.11.0  response adds throttleTimeMs
//   3  2.0     a throttled reply is sent before the pause, not after it
//   4  2.2     a join without a member id is answered MEMBER_ID_REQUIRED with an id to join with
//   5  2.3     request adds groupInstanceId; response adds groupInstanceId
//   6  2.4     flexible
//   7  2.5     response adds protocolType; response allows null in protocolName (KIP-559)
//   8  3.2     request adds reason (KIP-800)
//   9  3.2     response adds skipAssignment
import { api, array, bool, bytes, int16, int32, string } from '../schema/index.ts'

export const JoinGroup = api(11, 'JoinGroup', {
  versions: '0-9',
  flexible: '6+',
  request: {
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: int32.since(1).default(-1).ignorable(),
    memberId: string,
    groupInstanceId: string.since(5).nullable().default(null),
    protocolType: string,
    protocols: array({ name: string, metadata: bytes }),
    reason: string.since(8).nullable().default(null).ignorable(),
  },
  response: {
    throttleTimeMs: int32.since(2).ignorable(),
    errorCode: int16,
    generationId: int32.default(-1),
    protocolType: string.since(7).nullable().default(null).ignorable(),
    protocolName: string.nullable(7),
    leader: string,
    skipAssignment: bool.since(9).default(false),
    memberId: string,
    members: array({
      memberId: string,
      groupInstanceId: string.since(5).nullable().default(null).ignorable(),
      metadata: bytes,
    }),
  },
})
