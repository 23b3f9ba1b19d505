// Chooses the SASL mechanism of a connection.
//
//   0  0.10.0  the first version
//   1  1.0     the tokens travel in SaslAuthenticate requests instead of bare frames
import { api, array, int16, string } from '../schema/index.ts'

export const SaslHandshake = api(17, 'SaslHandshake', {
  versions: '0-1',
  flexible: 'none',
  listeners: ['broker', 'controller'],
  request: { mechanism: string },
  response: { errorCode: int16, mechanisms: array(string) },
})
