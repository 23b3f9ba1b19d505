// Transactions, which only Apache Kafka can make so far: ended ones, which every reader has to see in the
// same way afterwards, and one that is left open.
import { buildBatch } from '../../../protocol/records/builder.ts'
import { until } from '../trial.ts'
import type { Running } from './host.ts'
import { list, type Message, Wire } from './wire.ts'

const TOPIC = 'settled'
const GROUP = 'settled-readers'

export interface OpenTransaction {
  readonly transactionalId: string
  readonly producerId: number
  readonly producerEpoch: number
}

/** Committed, aborted, committed: records of one topic and offsets of one group. */
export async function endedTransactions(broker: Running): Promise<void> {
  const wire = await Wire.open(broker.endpoint)
  try {
    await makeTopic(wire)
    for (const committed of [true, false, true]) {
      await end(
        wire,
        await begin(wire, `tx-${committed}`, committed ? 'kept' : 'undone'),
        committed,
      )
    }
  } finally {
    wire.close()
  }
}

/** A producer that died in the middle of a transaction. */
export async function openTransaction(broker: Running): Promise<OpenTransaction> {
  const wire = await Wire.open(broker.endpoint)
  try {
    await makeTopic(wire)
    return await begin(wire, 'payments', 'open')
  } finally {
    wire.close()
  }
}

export async function abort(broker: Running, transaction: OpenTransaction): Promise<void> {
  const wire = await Wire.open(broker.endpoint)
  try {
    await end(wire, transaction, false)
  } finally {
    wire.close()
  }
}

async function makeTopic(wire: Wire): Promise<void> {
  const configs = [{ name: 'retention.ms', value: '-1' }]
  const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 1, configs }
  await wire.done('CreateTopics', 6, { topics: [topic], timeoutMs: 30_000 })
}

async function begin(wire: Wire, transactionalId: string, text: string): Promise<OpenTransaction> {
  await wire.done('FindCoordinator', 4, { keyType: 1, coordinatorKeys: [transactionalId] })
  await wire.done('FindCoordinator', 4, { keyType: 0, coordinatorKeys: [GROUP] })
  const init = { transactionalId, transactionTimeoutMs: 600_000 }
  const { producerId, producerEpoch } = await wire.done('InitProducerId', 4, init)
  const transaction = {
    transactionalId,
    producerId: producerId as number,
    producerEpoch: producerEpoch as number,
  }
  await wire.done('AddPartitionsToTxn', 3, {
    v3AndBelowTransactionalId: transactionalId,
    v3AndBelowProducerId: producerId,
    v3AndBelowProducerEpoch: producerEpoch,
    v3AndBelowTopics: [{ name: TOPIC, partitions: [0] }],
  })
  const records = [1, 2].map((i) => ({
    timestamp: Date.now(),
    key: Buffer.from(`${i}`),
    value: Buffer.from(text),
  }))
  const batch = buildBatch(records, { ...transaction, baseSequence: 0, transactional: true })
  const topicData = [{ name: TOPIC, partitionData: [{ index: 0, records: batch }] }]
  await wire.done('Produce', 9, { transactionalId, acks: -1, timeoutMs: 30_000, topicData })
  await wire.done('AddOffsetsToTxn', 3, { ...transaction, groupId: GROUP })
  const partition = { partitionIndex: 0, committedOffset: 2, committedMetadata: text }
  const topics = [{ name: TOPIC, partitions: [partition] }]
  await wire.done('TxnOffsetCommit', 3, { ...transaction, groupId: GROUP, topics })
  return transaction
}

async function end(wire: Wire, transaction: OpenTransaction, committed: boolean): Promise<void> {
  await wire.done('EndTxn', 3, { ...transaction, committed })
  // It is answered before the markers are written everywhere and the coordinator has noted that.
  const asked = { transactionalIds: [transaction.transactionalId] }
  await until('the end of the transaction', 30_000, async () => {
    const reply = await wire.done('DescribeTransactions', 0, asked)
    const [{ transactionState }] = list(reply, 'transactionStates') as [Message]
    return String(transactionState).startsWith('Complete')
  })
}
