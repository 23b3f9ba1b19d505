// Creates a delegation token.
//
//   1  2.0     the oldest that Apache Kafka 4 accepts
//   2  2.4     flexible
//   3  3.3     request adds ownerPrincipalType, ownerPrincipalName; response adds
//             tokenRequesterPrincipalType, tokenRequesterPrincipalName
import { api, array, bytes, int16, int32, int64, string } from '../schema/index.ts'

export const CreateDelegationToken = api(38, 'CreateDelegationToken', {
  versions: '1-3',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    ownerPrincipalType: string.since(3).nullable(),
    ownerPrincipalName: string.since(3).nullable(),
    renewers: array({ principalType: string, principalName: string }),
    maxLifetimeMs: int64,
  },
  response: {
    errorCode: int16,
    principalType: string,
    principalName: string,
    tokenRequesterPrincipalType: string.since(3),
    tokenRequesterPrincipalName: string.since(3),
    issueTimestampMs: int64,
    expiryTimestampMs: int64,
    maxTimestampMs: int64,
    tokenId: string,
    hmac: bytes,
    throttleTimeMs: int32,
  },
})
