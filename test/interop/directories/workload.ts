// What is put into a directory before it changes hands, and what each side adds: everything that has to
// survive, through the wire alone, so that the same bytes go to whoever runs.
import { Codecs } from '../../../protocol/records/compression/codecs.ts'
import { buildBatch, type BatchFields, type NewRecord } from '../../../protocol/records/builder.ts'
import type { Running } from './host.ts'
import { until } from '../trial.ts'
import { endedTransactions } from './transactions.ts'
import { list, Wire } from './wire.ts'

/** Long ago, and so only safe where nothing is deleted by age. */
const BASE_TIME = 1_700_000_000_000
const KEPT = { 'retention.ms': '-1' }
const GROUP = 'readers'
const MEMBERS = 'members'

/** What the next side has to know of the earlier one. */
export interface Past {
  readonly producerId: number
  /** Batches of the idempotent producer that were acknowledged. */
  sequences: { batch: Buffer; offset: number }[]
  readonly memberId: string
  readonly generationId: number
  readonly producerIds: Set<number>
}

/** The first side: topics, records, offsets, deletions. */
export async function begin(broker: Running): Promise<Past> {
  const wire = await Wire.open(broker.endpoint)
  try {
    await createTopics(wire)
    for (const partition of [0, 1, 2]) {
      for (const codec of [0, 1, 2, 3, 4]) {
        await produce(wire, 'codecs', partition, variety({ codec }, partition * 10 + codec))
      }
    }
    for (let i = 0; i < 30; i++) await produce(wire, 'rolled', 0, bulk(i))
    await produce(wire, 'stamped', 0, variety({}, 1))
    for (const [topic, offset] of [
      ['trimmed', 3],
      ['rolled', 170],
    ] as const) {
      if (topic === 'trimmed') for (const i of [0, 1]) await produce(wire, topic, 0, variety({}, i))
      await deleteRecords(wire, topic, offset)
    }
    await produce(wire, 'gone', 0, variety({}, 5))
    await wire.done('DeleteTopics', 4, { topicNames: ['gone', 'again'], timeoutMs: 30_000 })
    await makeTopic(wire, 'again', 1, {})
    await produce(wire, 'again', 0, variety({ codec: 4 }, 6))
    const producerId = await initProducer(wire)
    const { memberId, generationId } = await join(wire)
    const ids = new Set([producerId])
    const past: Past = { producerId, sequences: [], memberId, generationId, producerIds: ids }
    await idempotent(wire, past)
    await idempotent(wire, past)
    await commit(wire, past, 1)
    await configure(wire)
    return past
  } finally {
    wire.close()
  }
}

/** Each further side: more of everything, on top of what it found. Throws what went wrong. */
export async function goOn(broker: Running, past: Past, round: number): Promise<void> {
  const wire = await Wire.open(broker.endpoint)
  try {
    for (const partition of [0, 1, 2]) {
      await produce(wire, 'codecs', partition, variety({ codec: (round + partition) % 5 }, 50))
    }
    await produce(wire, 'rolled', 0, bulk(round))
    await deleteRecords(wire, 'trimmed', 4 + round)
    await sentAgain(wire, past)
    await idempotent(wire, past)
    const fresh = await initProducer(wire)
    if (past.producerIds.has(fresh)) throw new Error(`producer id ${fresh} was given out twice`)
    past.producerIds.add(fresh)
    const { memberId, generationId } = past
    await wire.done('Heartbeat', 3, { groupId: MEMBERS, memberId, generationId })
    await commit(wire, past, round + 1)
    await makeTopic(wire, `made-${round}`, 2, { 'max.message.bytes': `${70_000 + round}`, ...KEPT })
    await produce(wire, `made-${round}`, 1, variety({}, 60 + round))
    const earlier = round === 1 ? 'handed' : `made-${round - 1}`
    await wire.done('DeleteTopics', 4, { topicNames: [earlier], timeoutMs: 30_000 })
    const grow = { name: 'grown', count: 3 + round, assignments: null }
    const growth = { topics: [grow], timeoutMs: 30_000, validateOnly: false }
    await wire.done('CreatePartitions', 3, growth)
    // Apache's answers come before its broker has read the metadata.
    await until(
      'the new partitions',
      30_000,
      async () => (await partitions(wire, 'grown')) === 3 + round,
    )
    await until('the deletion', 30_000, async () => (await partitions(wire, earlier)) === 0)
  } finally {
    wire.close()
  }
}

async function partitions(wire: Wire, name: string): Promise<number> {
  const request = { topics: [{ name }], allowAutoTopicCreation: false }
  const [topic] = list(await wire.ask('Metadata', 12, request), 'topics')
  return list(topic!, 'partitions').length
}

/** State that only Apache Kafka can make so far and Samsa has to keep. */
export async function foreignState(broker: Running): Promise<void> {
  const wire = await Wire.open(broker.endpoint)
  try {
    const ops = [{ key: 'producer_byte_rate', value: 1e9, remove: false }]
    const entity = [{ entityType: 'user', entityName: 'kafka' }]
    const quota = { entries: [{ entity, ops }], validateOnly: false }
    await wire.done('AlterClientQuotas', 1, quota)
    const salt = Buffer.from('c2FsdA', 'base64url')
    const secret = { iterations: 4096, salt, saltedPassword: Buffer.alloc(32, 7) }
    const upsertions = [{ name: 'kafka', mechanism: 1, ...secret }]
    await wire.done('AlterUserScramCredentials', 0, { deletions: [], upsertions })
  } finally {
    wire.close()
  }
  await endedTransactions(broker)
  await recordOfTheFuture(broker)
}

/** In __consumer_offsets: a record of a type that nobody knows yet. Loading passes over it. */
async function recordOfTheFuture(broker: Running): Promise<void> {
  // The only client that may produce there.
  const wire = await Wire.open(broker.endpoint, '__admin_client')
  try {
    const record = { timestamp: Date.now(), key: Buffer.from([0, 99, 1]), value: Buffer.from('?') }
    await produce(wire, '__consumer_offsets', 0, buildBatch([record]))
  } finally {
    wire.close()
  }
}

async function createTopics(wire: Wire): Promise<void> {
  const small = { ...KEPT, 'segment.bytes': '1048576', 'index.interval.bytes': '4096' }
  await makeTopic(wire, 'codecs', 3, KEPT)
  await makeTopic(wire, 'rolled', 1, small)
  await makeTopic(wire, 'stamped', 1, { 'message.timestamp.type': 'LogAppendTime' })
  await makeTopic(wire, 'trimmed', 1, KEPT)
  await makeTopic(wire, 'once', 1, { ...KEPT, 'cleanup.policy': 'compact,delete' })
  await makeTopic(wire, 'with.dots_and-more', 2, {})
  for (const name of ['gone', 'again', 'handed', 'grown']) await makeTopic(wire, name, 1, KEPT)
  const grow = { name: 'grown', count: 3, assignments: null }
  const growth = { topics: [grow], timeoutMs: 30_000, validateOnly: false }
  await wire.done('CreatePartitions', 3, growth)
}

async function makeTopic(
  wire: Wire,
  name: string,
  numPartitions: number,
  configs: Readonly<Record<string, string>>,
): Promise<void> {
  const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
  const topic = { name, numPartitions, replicationFactor: 1, configs: entries }
  await wire.done('CreateTopics', 6, { topics: [topic], timeoutMs: 30_000 })
}

async function configure(wire: Wire): Promise<void> {
  const set = (name: string, value: string) => ({ name, configOperation: 0, value })
  const topic = [set('max.message.bytes', '900000'), { ...set('retention.ms', ''), value: '-1' }]
  const resources = [
    { resourceType: 2, resourceName: 'codecs', configs: topic },
    { resourceType: 4, resourceName: '', configs: [set('message.max.bytes', '1500000')] },
    { resourceType: 4, resourceName: '1', configs: [set('log.cleaner.threads', '2')] },
  ]
  await wire.done('IncrementalAlterConfigs', 1, { resources, validateOnly: false })
  // A topic shows the broker's new default when Apache's broker has read the metadata.
  const key = { configurationKeys: ['max.message.bytes'] }
  const asked = { resources: [{ resourceType: 2, resourceName: 'stamped', ...key }] }
  await until('the new default', 30_000, async () => {
    const [result] = list(await wire.done('DescribeConfigs', 4, asked), 'results')
    return list(result!, 'configs')[0]!['value'] === '1500000'
  })
}

async function produce(wire: Wire, name: string, index: number, records: Buffer): Promise<number> {
  const topicData = [{ name, partitionData: [{ index, records }] }]
  const request = { transactionalId: null, acks: -1, timeoutMs: 30_000, topicData }
  const reply = await wire.done('Produce', 9, request)
  const [topic] = list(reply, 'responses')
  return list(topic!, 'partitionResponses')[0]!['baseOffset'] as number
}

async function deleteRecords(wire: Wire, name: string, offset: number): Promise<void> {
  const topics = [{ name, partitions: [{ partitionIndex: 0, offset }] }]
  await wire.done('DeleteRecords', 2, { topics, timeoutMs: 30_000 })
}

async function initProducer(wire: Wire): Promise<number> {
  const request = { transactionalId: null, transactionTimeoutMs: 60_000 }
  return (await wire.done('InitProducerId', 4, request))['producerId'] as number
}

/** The next batch in sequence; a broker that lost the producer's state refuses it or says so. */
async function idempotent(wire: Wire, past: Past): Promise<void> {
  const { producerId, sequences } = past
  const fields = { producerId, producerEpoch: 0, baseSequence: 5 * sequences.length }
  // Of today: a producer is forgotten a day after the time of its last batch.
  const records = [0, 1, 2, 3, 4].map((i) => ({
    timestamp: Date.now(),
    key: Buffer.from(`${i}`),
    value: Buffer.from(`${sequences.length}`),
  }))
  const batch = buildBatch(records, fields)
  const offset = await produce(wire, 'once', 0, batch)
  sequences.push({ batch, offset })
}

/** A producer that did not see the answer sends again: the same offset, nothing new in the log. */
async function sentAgain(wire: Wire, { sequences }: Past): Promise<void> {
  const { batch, offset } = sequences.at(-1)!
  const again = await produce(wire, 'once', 0, batch)
  if (again !== offset) throw new Error(`a repeated batch got offset ${again}, had ${offset}`)
}

async function commit(wire: Wire, past: Past, round: number): Promise<void> {
  const partition = (partitionIndex: number, metadata: string | null) => ({
    partitionIndex,
    committedOffset: round + partitionIndex,
    committedLeaderEpoch: partitionIndex === 2 ? -1 : 0,
    committedMetadata: metadata,
  })
  const partitions = [partition(0, `round ${round}`), partition(1, ''), partition(2, 'é ☃ 𝄞')]
  const topics = [
    { name: 'codecs', partitions },
    { name: 'with.dots_and-more', partitions: [partition(1, 'm'.repeat(round * 7))] },
  ]
  const nobody = { generationIdOrMemberEpoch: -1, memberId: '' }
  await wire.done('OffsetCommit', 8, { groupId: GROUP, ...nobody, topics })
  const { memberId, generationId } = past
  const somebody = { generationIdOrMemberEpoch: generationId, memberId }
  await wire.done('OffsetCommit', 8, { groupId: MEMBERS, ...somebody, topics: [topics[0]!] })
}

/** One member that stays: half an hour of session outlives every restart. */
async function join(wire: Wire): Promise<{ memberId: string; generationId: number }> {
  // Whoever asks first makes the topic of the offsets.
  await wire.done('FindCoordinator', 4, { keyType: 0, coordinatorKeys: [GROUP, MEMBERS] })
  const half = { sessionTimeoutMs: 1_800_000, rebalanceTimeoutMs: 1_800_000 }
  const protocols = [{ name: 'range', metadata: SUBSCRIPTION }]
  const request = { groupId: MEMBERS, ...half, protocolType: 'consumer', protocols }
  const joined = await wire.done('JoinGroup', 3, { ...request, memberId: '' })
  const memberId = joined['memberId'] as string
  const generationId = joined['generationId'] as number
  const assignments = [{ memberId, assignment: ASSIGNMENT }]
  await wire.done('SyncGroup', 3, { groupId: MEMBERS, memberId, generationId, assignments })
  return { memberId, generationId }
}

// ConsumerProtocol, version 0: the topic "codecs"; its partition 0; no user data.
const SUBSCRIPTION = Buffer.from('0000000000010006636f64656373ffffffff', 'hex')
const ASSIGNMENT = Buffer.from('0000000000010006636f646563730000000100000000ffffffff', 'hex')

const codecs = new Codecs()

/** Five records: keys, none, empty ones, headers with and without values, times out of order. */
function variety(fields: BatchFields, seed: number): Buffer {
  const time = BASE_TIME + seed * 1000
  const bytes = (text: string) => Buffer.from(text)
  const headers = [
    { key: 'trace', value: bytes(`t${seed}`) },
    { key: 'empty', value: Buffer.alloc(0) },
    { key: 'null', value: null },
  ]
  const records: NewRecord[] = [
    { timestamp: time, key: bytes(`k${seed}`), value: bytes(`v${seed} `.repeat(40)) },
    { timestamp: time + 500, key: bytes('null value'), value: null, headers },
    { timestamp: time + 200, key: bytes(''), value: bytes('') },
    { timestamp: time + 900, key: bytes(`größe ${seed}`), value: bytes('☃'), headers },
    { timestamp: time + 700, key: bytes('last'), value: Buffer.alloc(200, seed) },
  ]
  return buildBatch(records, fields, codecs)
}

/** Ten records that no codec makes smaller matter: 100 KB. */
function bulk(seed: number): Buffer {
  const records = Array.from({ length: 10 }, (_, i) => ({
    timestamp: BASE_TIME + seed * 10_000 + i,
    key: Buffer.from(`${seed}-${i}`),
    value: Buffer.alloc(10_000, seed * 10 + i),
  }))
  return buildBatch(records)
}
