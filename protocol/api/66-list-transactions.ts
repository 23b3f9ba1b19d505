// Lists the transactions that a broker coordinates.
//
//   0  3.0     the first version
//   1  3.8     request adds durationFilter (KIP-1152, KIP-994)
//   2  4.1     request adds transactionalIdPattern (KIP-1152)
import { api, array, int16, int32, int64, string } from '../schema/index.ts'

export const ListTransactions = api(66, 'ListTransactions', {
  versions: '0-2',
  flexible: '0+',
  request: {
    stateFilters: array(string),
    producerIdFilters: array(int64),
    durationFilter: int64.since(1).default(-1),
    transactionalIdPattern: string.since(2).nullable().default(null),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    unknownStateFilters: array(string),
    transactionStates: array({
      transactionalId: string,
      producerId: int64,
      transactionState: string,
    }),
  },
})
