// Commits or aborts a transaction.
//
//   0  0.11.0  the first version
//   1  2.0     a throttled reply is sent before the pause, not after it
//   2  2.7     PRODUCER_FENCED may be answered
//   3  2.8     flexible
//   4  3.8     TRANSACTION_ABORTABLE may be answered (KIP-890)
//   5  4.0     response adds producerId, producerEpoch; each transaction ends with a new epoch
//             (KIP-890)
import { api, bool, int16, int32, int64, string } from '../schema/index.ts'

export const EndTxn = api(26, 'EndTxn', {
  versions: '0-5',
  flexible: '3+',
  request: { transactionalId: string, producerId: int64, producerEpoch: int16, committed: bool },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    producerId: int64.since(5).default(-1).ignorable(),
    producerEpoch: int16.since(5).default(-1).ignorable(),
  },
})
