// Blocks of producer ids for brokers (KIP-730). A block that was given out is never given again.
import { brokerEpochError } from './brokers.ts'
import type { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from './messages.ts'
import { newRecord, type MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'

export const PRODUCER_ID_BLOCK = 1000

export function allocateProducerIds(
  state: MetadataState,
  request: AllocateProducerIdsRequest,
): { readonly records: readonly MetadataRecord[]; readonly reply: AllocateProducerIdsResponse } {
  const { brokerId, brokerEpoch } = request
  const errorCode = brokerEpochError(state, brokerId, brokerEpoch)
  if (errorCode !== 0) {
    const refusal = { throttleTimeMs: 0, errorCode, producerIdStart: 0, producerIdLen: 0 }
    return { records: [], reply: refusal }
  }
  const producerIdStart = state.producerIds?.nextProducerId ?? 0
  const nextProducerId = producerIdStart + PRODUCER_ID_BLOCK
  const body = { brokerId, brokerEpoch, nextProducerId }
  return {
    records: [newRecord('ProducerIdsRecord', 0, body)],
    reply: { throttleTimeMs: 0, errorCode: 0, producerIdStart, producerIdLen: PRODUCER_ID_BLOCK },
  }
}
