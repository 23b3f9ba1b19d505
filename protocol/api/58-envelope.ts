// Carries a client's request from a broker to the controller, with the principal it came from.
//
//   0  2.8     the first version
import { api, bytes, int16 } from '../schema/index.ts'

export const Envelope = api(58, 'Envelope', {
  versions: '0',
  flexible: '0+',
  listeners: ['controller'],
  request: { requestData: bytes, requestPrincipal: bytes.nullable(), clientHostAddress: bytes },
  response: { responseData: bytes.nullable().default(null), errorCode: int16 },
})
