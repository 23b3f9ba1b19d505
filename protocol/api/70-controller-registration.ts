// Registers a controller: incarnation, listeners, features.
//
//   0  3.7     the first version
import { api, array, bool, int16, int32, string, uint16, uuid } from '../schema/index.ts'

export const ControllerRegistration = api(70, 'ControllerRegistration', {
  versions: '0',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    controllerId: int32,
    incarnationId: uuid,
    zkMigrationReady: bool,
    listeners: array({ name: string, host: string, port: uint16, securityProtocol: int16 }),
    features: array({ name: string, minSupportedVersion: int16, maxSupportedVersion: int16 }),
  },
  response: { throttleTimeMs: int32, errorCode: int16, errorMessage: string.nullable() },
})
