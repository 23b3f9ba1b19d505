// Registers a broker with the controller: incarnation, listeners, features, log directories.
//
//   0  2.8     the first version
//   1  3.4     request adds isMigratingZkBroker
//   2  3.7     request adds logDirs (KIP-858)
//   3  3.7     request adds previousBrokerEpoch (KIP-966)
//   4  3.9     a supported feature may start at level 0
import { api, array, bool, int16, int32, int64, string, uint16, uuid } from '../schema/index.ts'

export const BrokerRegistration = api(62, 'BrokerRegistration', {
  versions: '0-4',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    brokerId: int32,
    clusterId: string,
    incarnationId: uuid,
    listeners: array({ name: string, host: string, port: uint16, securityProtocol: int16 }),
    features: array({ name: string, minSupportedVersion: int16, maxSupportedVersion: int16 }),
    rack: string.nullable(),
    isMigratingZkBroker: bool.since(1).default(false),
    logDirs: array(uuid).since(2).ignorable(),
    previousBrokerEpoch: int64.since(3).default(-1).ignorable(),
  },
  response: { throttleTimeMs: int32, errorCode: int16, brokerEpoch: int64.default(-1) },
})
