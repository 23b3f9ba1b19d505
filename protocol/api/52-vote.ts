// Asks a voter of the metadata quorum for its vote, or for its opinion of a vote (pre-vote).
//
//   0  2.8     the first version
//   1  3.9     request adds voterId, replicaDirectoryId, voterDirectoryId; response adds
//             nodeEndpoints (KIP-853)
//   2  4.0     request adds preVote
import { api, array, bool, int16, int32, int64, string, uint16, uuid } from '../schema/index.ts'

export const Vote = api(52, 'Vote', {
  versions: '0-2',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    clusterId: string.nullable().default(null),
    voterId: int32.since(1).default(-1).ignorable(),
    topics: array({
      topicName: string,
      partitions: array({
        partitionIndex: int32,
        replicaEpoch: int32,
        replicaId: int32,
        replicaDirectoryId: uuid.since(1).ignorable(),
        voterDirectoryId: uuid.since(1).ignorable(),
        lastOffsetEpoch: int32,
        lastOffset: int64,
        preVote: bool.since(2),
      }),
    }),
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
        voteGranted: bool,
      }),
    }),
    nodeEndpoints: array({ nodeId: int32, host: string, port: uint16 }).since(1).tagged(0),
  },
})
