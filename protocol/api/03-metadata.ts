// Says which brokers there are, which topics, and who leads and follows each partition.
//
//   0  0.8.0   the first version
//   1  0.10.0  request allows null in topics; response adds rack, controllerId, isInternal
//   2  0.10.1  response adds clusterId
//   3  0.11.0  response adds throttleTimeMs
//   4  0.11.0  request adds allowAutoTopicCreation
//   5  1.0     response adds offlineReplicas
//   6  2.0     a throttled reply is sent before the pause, not after it
//   7  2.1     response adds leaderEpoch
//   8  2.3     request adds includeClusterAuthorizedOperations, includeTopicAuthorizedOperations;
//             response adds topicAuthorizedOperations, clusterAuthorizedOperations
//   9  2.4     flexible
//  10  2.8     request adds topicId; request allows null in name; response adds topicId
//  11  2.8     request drops includeClusterAuthorizedOperations; response drops
//             clusterAuthorizedOperations (KIP-700)
//  12  3.1     response allows null in name
//  13  4.0     response adds errorCode
import { api, array, bool, int16, int32, string, uuid } from '../schema/index.ts'

export const Metadata = api(3, 'Metadata', {
  versions: '0-13',
  flexible: '9+',
  request: {
    topics: array({ topicId: uuid.since(10).ignorable(), name: string.nullable(10) }).nullable(1),
    allowAutoTopicCreation: bool.since(4).default(true),
    includeClusterAuthorizedOperations: bool.between(8, 10),
    includeTopicAuthorizedOperations: bool.since(8),
  },
  response: {
    throttleTimeMs: int32.since(3).ignorable(),
    brokers: array({
      nodeId: int32,
      host: string,
      port: int32,
      rack: string.since(1).nullable().default(null).ignorable(),
    }),
    clusterId: string.since(2).nullable().default(null).ignorable(),
    controllerId: int32.since(1).default(-1).ignorable(),
    topics: array({
      errorCode: int16,
      name: string.nullable(12),
      topicId: uuid.since(10).ignorable(),
      isInternal: bool.since(1).default(false).ignorable(),
      partitions: array({
        errorCode: int16,
        partitionIndex: int32,
        leaderId: int32,
        leaderEpoch: int32.since(7).default(-1).ignorable(),
        replicaNodes: array(int32),
        isrNodes: array(int32),
        offlineReplicas: array(int32).since(5).ignorable(),
      }),
      topicAuthorizedOperations: int32.since(8).default(-2147483648),
    }),
    clusterAuthorizedOperations: int32.between(8, 10).default(-2147483648),
    errorCode: int16.since(13).ignorable(),
  },
})
