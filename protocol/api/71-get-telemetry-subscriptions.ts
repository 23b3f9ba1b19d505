// Tells a client which metrics it should push.
//
//   0  3.7     the first version
import { api, array, bool, int16, int32, int8, string, uuid } from '../schema/index.ts'

export const GetTelemetrySubscriptions = api(71, 'GetTelemetrySubscriptions', {
  versions: '0',
  flexible: '0+',
  request: { clientInstanceId: uuid },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    clientInstanceId: uuid,
    subscriptionId: int32,
    acceptedCompressionTypes: array(int8),
    pushIntervalMs: int32,
    telemetryMaxBytes: int32,
    deltaTemporality: bool,
    requestedMetrics: array(string),
  },
})
