// Adds a group's offsets partition to a transaction.
//
//   0  0.11.0  the first version
//   1  2.0     a throttled reply is sent before the pause, not after it
//   2  2.7     PRODUCER_FENCED may be answered
//   3  2.8     flexible
//   4  3.8     TRANSACTION_ABORTABLE may be answered (KIP-890)
import { api, int16, int32, int64, string } from '../schema/index.ts'

export const AddOffsetsToTxn = api(25, 'AddOffsetsToTxn', {
  versions: '0-4',
  flexible: '3+',
  request: { transactionalId: string, producerId: int64, producerEpoch: int16, groupId: string },
  response: { throttleTimeMs: int32, errorCode: int16 },
})
