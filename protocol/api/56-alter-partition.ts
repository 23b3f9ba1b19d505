// A partition leader asks the controller to change the insync replicas.
//
//   2  3.3     the oldest that Apache Kafka 4 accepts
//   3  3.5     request drops newIsr; request adds newIsrWithEpochs (KIP-903)
import { api, array, int16, int32, int64, int8, uuid } from '../schema/index.ts'

export const AlterPartition = api(56, 'AlterPartition', {
  versions: '2-3',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    brokerId: int32,
    brokerEpoch: int64.default(-1),
    topics: array({
      topicId: uuid.ignorable(),
      partitions: array({
        partitionIndex: int32,
        leaderEpoch: int32,
        newIsr: array(int32).until(2),
        newIsrWithEpochs: array({ brokerId: int32, brokerEpoch: int64.default(-1) }).since(3),
        leaderRecoveryState: int8.default(0),
        partitionEpoch: int32,
      }),
    }),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    topics: array({
      topicId: uuid.ignorable(),
      partitions: array({
        partitionIndex: int32,
        errorCode: int16,
        leaderId: int32,
        leaderEpoch: int32,
        isr: array(int32),
        leaderRecoveryState: int8.default(0).ignorable(),
        partitionEpoch: int32,
      }),
    }),
  },
})
