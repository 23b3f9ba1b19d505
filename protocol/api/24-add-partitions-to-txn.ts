// Adds partitions to a transaction. Up to version 3 for one transaction of a client, from version
// 4 for many, sent by brokers.
//
//   0  0.11.0  the first version
//   1  2.0     a throttled reply is sent before the pause, not after it
//   2  2.7     PRODUCER_FENCED may be answered
//   3  2.8     flexible
//   4  3.6     request adds transactions; request drops v3AndBelowTransactionalId,
//             v3AndBelowProducerId, v3AndBelowProducerEpoch, v3AndBelowTopics; response adds
//             errorCode, resultsByTransaction; response drops resultsByTopicV3AndBelow
//   5  3.8     TRANSACTION_ABORTABLE may be answered (KIP-890)
import { api, array, bool, int16, int32, int64, string } from '../schema/index.ts'

const addPartitionsToTxnTopic = { name: string, partitions: array(int32) }

const addPartitionsToTxnPartitionResult = { partitionIndex: int32, partitionErrorCode: int16 }

const addPartitionsToTxnTopicResult = {
  name: string,
  resultsByPartition: array(addPartitionsToTxnPartitionResult),
}

export const AddPartitionsToTxn = api(24, 'AddPartitionsToTxn', {
  versions: '0-5',
  flexible: '3+',
  request: {
    transactions: array({
      transactionalId: string,
      producerId: int64,
      producerEpoch: int16,
      verifyOnly: bool.default(false),
      topics: array(addPartitionsToTxnTopic),
    }).since(4),
    v3AndBelowTransactionalId: string.until(3),
    v3AndBelowProducerId: int64.until(3),
    v3AndBelowProducerEpoch: int16.until(3),
    v3AndBelowTopics: array(addPartitionsToTxnTopic).until(3),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16.since(4).ignorable(),
    resultsByTransaction: array({
      transactionalId: string,
      topicResults: array(addPartitionsToTxnTopicResult),
    }).since(4),
    resultsByTopicV3AndBelow: array(addPartitionsToTxnTopicResult).until(3),
  },
})
