// Creates topics.
//
//   2  0.11.0  the oldest that Apache Kafka 4 accepts
//   3  2.0     a throttled reply is sent before the pause, not after it
//   4  2.4     -1 partitions or replicas mean the broker's default (KIP-464)
//   5  2.4     flexible; response adds topicConfigErrorCode, numPartitions, replicationFactor,
//             configs (KIP-525)
//   6  2.7     THROTTLING_QUOTA_EXCEEDED may be answered (KIP-599)
//   7  2.8     response adds topicId
import { api, array, bool, int16, int32, int8, string, uuid } from '../schema/index.ts'

export const CreateTopics = api(19, 'CreateTopics', {
  versions: '2-7',
  flexible: '5+',
  listeners: ['broker', 'controller'],
  request: {
    topics: array({
      name: string,
      numPartitions: int32,
      replicationFactor: int16,
      assignments: array({ partitionIndex: int32, brokerIds: array(int32) }),
      configs: array({ name: string, value: string.nullable() }),
    }),
    timeoutMs: int32.default(60000),
    validateOnly: bool.default(false),
  },
  response: {
    throttleTimeMs: int32.ignorable(),
    topics: array({
      name: string,
      topicId: uuid.since(7).ignorable(),
      errorCode: int16,
      errorMessage: string.nullable().ignorable(),
      topicConfigErrorCode: int16.since(5).tagged(0).ignorable(),
      numPartitions: int32.since(5).default(-1).ignorable(),
      replicationFactor: int16.since(5).default(-1).ignorable(),
      configs: array({
        name: string,
        value: string.nullable(),
        readOnly: bool,
        configSource: int8.default(-1).ignorable(),
        isSensitive: bool,
      })
        .since(5)
        .nullable()
        .ignorable(),
    }),
  },
})
