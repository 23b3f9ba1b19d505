// Describes the delegation tokens of some owners.
//
//   1  2.0     the oldest that Apache Kafka 4 accepts
//   2  2.5     flexible
//   3  3.3     response adds tokenRequesterPrincipalType, tokenRequesterPrincipalName
import { api, array, bytes, int16, int32, int64, string } from '../schema/index.ts'

export const DescribeDelegationToken = api(41, 'DescribeDelegationToken', {
  versions: '1-3',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: { owners: array({ principalType: string, principalName: string }).nullable() },
  response: {
    errorCode: int16,
    tokens: array({
      principalType: string,
      principalName: string,
      tokenRequesterPrincipalType: string.since(3),
      tokenRequesterPrincipalName: string.since(3),
      issueTimestamp: int64,
      expiryTimestamp: int64,
      maxTimestamp: int64,
      tokenId: string,
      hmac: bytes,
      renewers: array({ principalType: string, principalName: string }),
    }),
    throttleTimeMs: int32,
  },
})
