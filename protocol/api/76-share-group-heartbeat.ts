// Heartbeat of a share group: joins, receives the assignment, leaves.
//
//   1  4.1     the oldest that Apache Kafka 4 accepts
import { api, array, int16, int32, string, struct, uuid } from '../schema/index.ts'

const topicPartitions = { topicId: uuid, partitions: array(int32) }

export const ShareGroupHeartbeat = api(76, 'ShareGroupHeartbeat', {
  versions: '1',
  flexible: '0+',
  request: {
    groupId: string,
    memberId: string,
    memberEpoch: int32,
    rackId: string.nullable().default(null),
    subscribedTopicNames: array(string).nullable().default(null),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable().default(null),
    memberId: string.nullable().default(null),
    memberEpoch: int32,
    heartbeatIntervalMs: int32,
    assignment: struct({ topicPartitions: array(topicPartitions) })
      .nullable()
      .default(null),
  },
})
