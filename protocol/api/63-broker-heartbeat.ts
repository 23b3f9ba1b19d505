// Keeps a broker's registration alive; asks to be unfenced, fenced or to shut down.
//
//   0  2.8     the first version
//   1  3.7     request adds offlineLogDirs
//   2  4.3     request adds cordonedLogDirs
import { api, array, bool, int16, int32, int64, uuid } from '../schema/index.ts'

export const BrokerHeartbeat = api(63, 'BrokerHeartbeat', {
  versions: '0-2',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    brokerId: int32,
    brokerEpoch: int64.default(-1),
    currentMetadataOffset: int64,
    wantFence: bool,
    wantShutDown: bool,
    offlineLogDirs: array(uuid).since(1).tagged(0),
    cordonedLogDirs: array(uuid).since(2).tagged(1).nullable().default(null),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    isCaughtUp: bool.default(false),
    isFenced: bool.default(true),
    shouldShutDown: bool,
  },
})
