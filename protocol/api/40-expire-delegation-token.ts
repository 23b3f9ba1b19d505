// Sets the end of a delegation token's life.
//
//   1  2.0     the oldest that Apache Kafka 4 accepts
//   2  2.5     flexible
import { api, bytes, int16, int32, int64 } from '../schema/index.ts'

export const ExpireDelegationToken = api(40, 'ExpireDelegationToken', {
  versions: '1-2',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: { hmac: bytes, expiryTimePeriodMs: int64 },
  response: { errorCode: int16, expiryTimestampMs: int64, throttleTimeMs: int32 },
})
