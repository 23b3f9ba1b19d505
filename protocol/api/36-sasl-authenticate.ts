// Carries the tokens of a SASL exchange, after SaslHandshake version 1.
//
//   0  1.0     the first version
//   1  2.2     response adds sessionLifetimeMs
//   2  2.5     flexible
import { api, bytes, int16, int64, string } from '../schema/index.ts'

export const SaslAuthenticate = api(36, 'SaslAuthenticate', {
  versions: '0-2',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: { authBytes: bytes },
  response: {
    errorCode: int16,
    errorMessage: string.nullable(),
    authBytes: bytes,
    sessionLifetimeMs: int64.since(1).default(0).ignorable(),
  },
})
