// A leader of the metadata quorum gives up and names who should follow.
//
//   0  2.8     the first version
//   1  3.9     flexible; request drops preferredSuccessors; request adds preferredCandidates,
//             leaderEndpoints; response adds nodeEndpoints (KIP-853)
import { api, array, int16, int32, string, uint16, uuid } from '../schema/index.ts'

export const EndQuorumEpoch = api(54, 'EndQuorumEpoch', {
  versions: '0-1',
  flexible: '1+',
  listeners: ['controller'],
  request: {
    clusterId: string.nullable().default(null),
    topics: array({
      topicName: string,
      partitions: array({
        partitionIndex: int32,
        leaderId: int32,
        leaderEpoch: int32,
        preferredSuccessors: array(int32).until(0).ignorable(),
        preferredCandidates: array({ candidateId: int32, candidateDirectoryId: uuid })
          .since(1)
          .ignorable(),
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
