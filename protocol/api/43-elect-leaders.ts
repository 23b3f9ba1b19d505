// Elects leaders: the preferred replica, or any that lives where no insync one does.
//
//   0  2.2     the first version
//   1  2.4     request adds electionType; response adds errorCode (KIP-460)
//   2  2.4     flexible
import { api, array, int16, int32, int8, string } from '../schema/index.ts'

export const ElectLeaders = api(43, 'ElectLeaders', {
  versions: '0-2',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    electionType: int8.since(1),
    topicPartitions: array({ topic: string, partitions: array(int32) }).nullable(),
    timeoutMs: int32.default(60000),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16.since(1),
    replicaElectionResults: array({
      topic: string,
      partitionResult: array({
        partitionId: int32,
        errorCode: int16,
        errorMessage: string.nullable(),
      }),
    }),
  },
})
