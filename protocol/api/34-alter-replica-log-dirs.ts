// Moves replicas of a broker to other log directories.
//
//   1  2.0     the oldest that Apache Kafka 4 accepts
//   2  2.8     flexible
import { api, array, int16, int32, string } from '../schema/index.ts'

export const AlterReplicaLogDirs = api(34, 'AlterReplicaLogDirs', {
  versions: '1-2',
  flexible: '2+',
  request: {
    dirs: array({ path: string, topics: array({ name: string, partitions: array(int32) }) }),
  },
  response: {
    throttleTimeMs: int32,
    results: array({
      topicName: string,
      partitions: array({ partitionIndex: int32, errorCode: int16 }),
    }),
  },
})
