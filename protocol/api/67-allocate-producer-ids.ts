// Gives a broker a block of producer ids.
//
//   0  3.0     the first version
import { api, int16, int32, int64 } from '../schema/index.ts'

export const AllocateProducerIds = api(67, 'AllocateProducerIds', {
  versions: '0',
  flexible: '0+',
  listeners: ['controller'],
  request: { brokerId: int32, brokerEpoch: int64.default(-1) },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    producerIdStart: int64,
    producerIdLen: int32,
  },
})
