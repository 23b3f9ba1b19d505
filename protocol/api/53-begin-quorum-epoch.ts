// A new leader of the metadata quorum tells the voters so.
//
//   0  2.8     the first version
//   1  3.9     flexible; request adds voterId, voterDirectoryId, leaderEndpoints; response adds
//             nodeEndpoints (KIP-853)
import { api, array, int16, int32, string, uint16, uuid } from '../schema/index.ts'

export const BeginQuorumEpoch = api(53, 'BeginQuorumEpoch', {
  versions: '0-1',
  flexible: '1+',
  listeners: ['controller'],
  request: {
    clusterId: string.nullable().default(null),
    voterId: int32.since(1).default(-1).ignorable(),
    topics: array({
      topicName: string,
      partitions: array({
        partitionIndex: int32,
        voterDirectoryId: uuid.since(1).ignorable(),
        leaderId: int32,
        leaderEpoch: int32,
      }),
    }),
    leaderEndpoints: array({ name: string, host: string, port: uint16 }).since(1).ignorable(),
  },
  response: {
    errorCode: int16,
    topics: array({
      topicName: string,
      partitions: array({
        partitionIndex: int32,
        errorCode: int16,
        leaderId: int32,
        leaderEpoch: int32,
      }),
    }),
    nodeEndpoints: array({ nodeId: int32, host: string, port: uint16 }).since(1).tagged(0),
  },
})
