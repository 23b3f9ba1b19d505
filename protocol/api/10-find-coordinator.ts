// Finds the broker that coordinates a group, a transactional id or a partition of share state.
//
//   0  0.8.2   the first version
//   1  0.11.0  request adds keyType; response adds throttleTimeMs, errorMessage
//   2  2.0     a throttled reply is sent before the pause, not after it
//   3  2.4     flexible
//   4  3.0     request drops key; request adds coordinatorKeys; response drops errorCode,
//             errorMessage, nodeId, host, port; response adds coordinators (KIP-699)
//   5  3.8     TRANSACTION_ABORTABLE may be answered (KIP-890)
//   6  3.9     key type 2: share state, keyed "group:topicId:partition" (KIP-932)
import { api, array, int16, int32, int8, string } from '../schema/index.ts'

export const FindCoordinator = api(10, 'FindCoordinator', {
  versions: '0-6',
  flexible: '3+',
  request: {
    key: string.until(3),
    keyType: int8.since(1).default(0),
    coordinatorKeys: array(string).since(4),
  },
  response: {
    throttleTimeMs: int32.since(1).ignorable(),
    errorCode: int16.until(3),
    errorMessage: string.between(1, 3).nullable().ignorable(),
    nodeId: int32.until(3),
    host: string.until(3),
    port: int32.until(3),
    coordinators: array({
      key: string,
      nodeId: int32,
      host: string,
      port: int32,
      errorCode: int16,
      errorMessage: string.nullable().ignorable(),
    }).since(4),
  },
})
