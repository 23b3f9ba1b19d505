// Removes a broker's registration.
//
//   0  2.8     the first version
import { api, int16, int32, string } from '../schema/index.ts'

export const UnregisterBroker = api(64, 'UnregisterBroker', {
  versions: '0',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: { brokerId: int32 },
  response: { throttleTimeMs: int32, errorCode: int16, errorMessage: string.nullable() },
})
