// Gives a producer its id and epoch; with a transactional id it fences the producer before it.
//
//   0  0.11.0  the first version
//   1  2.0     a throttled reply is sent before the pause, not after it
//   2  2.4     flexible
//   3  2.5     request adds producerId, producerEpoch
//   4  2.7     PRODUCER_FENCED may be answered
//   5  3.8     TRANSACTION_ABORTABLE may be answered (KIP-890)
//   6  none    request adds enable2Pc, keepPreparedTxn; response adds ongoingTxnProducerId,
//             ongoingTxnProducerEpoch; two-phase commit; unstable (KIP-939)
import { api, bool, int16, int32, int64, string } from '../schema/index.ts'

export const InitProducerId = api(22, 'InitProducerId', {
  versions: '0-6',
  flexible: '2+',
  latestVersionUnstable: true,
  request: {
    transactionalId: string.nullable(),
    transactionTimeoutMs: int32,
    producerId: int64.since(3).default(-1),
    producerEpoch: int16.since(3).default(-1),
    enable2Pc: bool.since(6).default(false),
    keepPreparedTxn: bool.since(6).default(false),
  },
  response: {
    throttleTimeMs: int32.ignorable(),
    errorCode: int16,
    producerId: int64.default(-1),
    producerEpoch: int16,
    ongoingTxnProducerId: int64.since(6).default(-1),
    ongoingTxnProducerEpoch: int16.since(6).default(-1),
  },
})
