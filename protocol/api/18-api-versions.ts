// Says which APIs, versions and features a broker has. The response header is always version 0, so
// that any client can read it.
//
//   0  0.10.0  the first version
//   1  0.11.0  response adds throttleTimeMs
//   2  2.0     a throttled reply is sent before the pause, not after it
//   3  2.4     flexible; request adds clientSoftwareName, clientSoftwareVersion; response adds
//             supportedFeatures, finalizedFeaturesEpoch, finalizedFeatures, zkMigrationReady
//             (KIP-511)
//   4  3.9     a supported feature may start at level 0
//   5  4.4     request adds clusterId, nodeId; a wrong cluster or node id is answered
//             REBOOTSTRAP_REQUIRED (KIP-1242)
import { api, array, bool, int16, int32, int64, string } from '../schema/index.ts'

export const ApiVersions = api(18, 'ApiVersions', {
  versions: '0-5',
  flexible: '3+',
  listeners: ['broker', 'controller'],
  request: {
    clientSoftwareName: string.since(3).ignorable(),
    clientSoftwareVersion: string.since(3).ignorable(),
    clusterId: string.since(5).nullable().default(null).ignorable(),
    nodeId: int32.since(5).default(-1).ignorable(),
  },
  response: {
    errorCode: int16,
    apiKeys: array({ apiKey: int16, minVersion: int16, maxVersion: int16 }),
    throttleTimeMs: int32.since(1).ignorable(),
    supportedFeatures: array({ name: string, minVersion: int16, maxVersion: int16 })
      .since(3)
      .tagged(0)
      .ignorable(),
    finalizedFeaturesEpoch: int64.since(3).tagged(1).default(-1).ignorable(),
    finalizedFeatures: array({ name: string, maxVersionLevel: int16, minVersionLevel: int16 })
      .since(3)
      .tagged(2)
      .ignorable(),
    zkMigrationReady: bool.since(3).tagged(3).default(false).ignorable(),
  },
})
