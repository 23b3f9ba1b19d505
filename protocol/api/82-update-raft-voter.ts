// A voter of the metadata quorum updates its endpoints and supported versions.
//
//   0  3.9     the first version
import { api, array, int16, int32, string, struct, uint16, uuid } from '../schema/index.ts'

export const UpdateRaftVoter = api(82, 'UpdateRaftVoter', {
  versions: '0',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    clusterId: string.nullable(),
    currentLeaderEpoch: int32,
    voterId: int32,
    voterDirectoryId: uuid,
    listeners: array({ name: string, host: string, port: uint16 }),
    kRaftVersionFeature: struct({ minSupportedVersion: int16, maxSupportedVersion: int16 }),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    currentLeader: struct({
      leaderId: int32.default(-1),
      leaderEpoch: int32.default(-1),
      host: string,
      port: int32,
    }).tagged(0),
  },
})
