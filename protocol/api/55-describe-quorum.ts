// Describes the metadata quorum: leader, epoch, voters, observers and how far each is.
//
//   0  2.8     the first version
//   1  3.3     response adds lastFetchTimestamp, lastCaughtUpTimestamp (KIP-836)
//   2  3.9     response adds errorMessage, replicaDirectoryId, nodes (KIP-853)
import { api, array, int16, int32, int64, string, uint16, uuid } from '../schema/index.ts'

const replicaState = {
  replicaId: int32,
  replicaDirectoryId: uuid.since(2),
  logEndOffset: int64,
  lastFetchTimestamp: int64.since(1).default(-1).ignorable(),
  lastCaughtUpTimestamp: int64.since(1).default(-1).ignorable(),
}

export const DescribeQuorum = api(55, 'DescribeQuorum', {
  versions: '0-2',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: { topics: array({ topicName: string, partitions: array({ partitionIndex: int32 }) }) },
  response: {
    errorCode: int16,
    errorMessage: string.since(2).nullable().ignorable(),
    topics: array({
      topicName: string,
      partitions: array({
        partitionIndex: int32,
        errorCode: int16,
        errorMessage: string.since(2).nullable().ignorable(),
        leaderId: int32,
        leaderEpoch: int32,
        highWatermark: int64,
        currentVoters: array(replicaState),
        observers: array(replicaState),
      }),
    }),
    nodes: array({
      nodeId: int32,
      listeners: array({ name: string, host: string, port: uint16 }),
    }).since(2),
  },
})
