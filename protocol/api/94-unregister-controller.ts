// Removes a controller's registration.
//
//   0  4.4     the first version
import { api, int16, int32, string } from '../schema/index.ts'

export const UnregisterController = api(94, 'UnregisterController', {
  versions: '0',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: { controllerId: int32 },
  response: { throttleTimeMs: int32, errorCode: int16, errorMessage: string.nullable() },
})
