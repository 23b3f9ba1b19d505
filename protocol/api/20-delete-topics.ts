// Deletes topics, by name or by id.
//
//   1  0.11.0  the oldest that Apache Kafka 4 accepts
//   2  2.0     a throttled reply is sent before the pause, not after it
//   3  2.1     TOPIC_DELETION_DISABLED may be answered
//   4  2.4     flexible
//   5  2.7     response adds errorMessage; THROTTLING_QUOTA_EXCEEDED may be answered (KIP-599)
//   6  2.8     request adds topics; request drops topicNames; response allows null in name;
//             response adds topicId
import { api, array, int16, int32, string, uuid } from '../schema/index.ts'

export const DeleteTopics = api(20, 'DeleteTopics', {
  versions: '1-6',
  flexible: '4+',
  listeners: ['broker', 'controller'],
  request: {
    topics: array({ name: string.nullable().default(null), topicId: uuid }).since(6),
    topicNames: array(string).until(5).ignorable(),
    timeoutMs: int32,
  },
  response: {
    throttleTimeMs: int32.ignorable(),
    responses: array({
      name: string.nullable(6),
      topicId: uuid.since(6).ignorable(),
      errorCode: int16,
      errorMessage: string.since(5).nullable().default(null).ignorable(),
    }),
  },
})
