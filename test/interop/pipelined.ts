// 100 requests written at once on one connection, each of which reads what the one before wrote.
import { batch } from '../oracle/batch.ts'
import type { Message } from '../oracle/codec.ts'
import { RawClient, type Outcome } from '../oracle/raw-client.ts'
import { list } from './ask.ts'
import type { Trial } from './trial.ts'

interface Step {
  readonly api: string
  readonly version: number
  readonly request: Message
  /** What the answer has to show; compared by its JSON. */
  readonly shows: (body: Message) => unknown
  readonly expected: unknown
}

export async function pipelined(trial: Trial): Promise<void> {
  const broker = await trial.broker()
  const client = await RawClient.open(broker.bootstrap)
  const warm = await client.call('FindCoordinator', 3, { key: 'g', keyType: 0 })
  if (warm.kind !== 'reply') throw new Error(`FindCoordinator: ${warm.kind}`)
  await coordinatorReady(client)
  const steps = Array.from({ length: 10 }, (_, i) =>
    story(i, trial.fault === 'unwritten' && i === 6),
  )
  const all = steps.flat()
  const answered: number[] = []
  const outcomes: Promise<Outcome>[] = all.map(({ api, version, request }, i) => {
    const outcome = client.call(api, version, request, { timeoutMs: 20_000 })
    return outcome.then((one) => {
      answered.push(i)
      return one
    })
  })
  const found = await Promise.all(outcomes)
  const blind: unknown[] = []
  // A client that matches answers by their order decodes nonsense, or another body, if one is missing.
  found.forEach((outcome, i) => {
    const { api, shows, expected } = all[i]!
    const seen = outcome.kind === 'reply' ? shows(outcome.body) : outcome.kind
    if (JSON.stringify(seen) !== JSON.stringify(expected)) blind.push([i, api, seen, expected])
  })
  const correlations = found.map((outcome) =>
    outcome.kind === 'reply' ? outcome.bytes.readInt32BE(0) : -1,
  )
  const isOrdered = correlations.every((id, i) => i === 0 || id === correlations[i - 1]! + 1)
  trial.equal('100 pipelined requests', all.length, 100)
  trial.expect('they are answered in order', isOrdered && answered.length === 100, correlations)
  trial.expect('they see what the one before wrote', blind.length === 0, blind)
  client.close()
  await broker.stop()
}

/** Ten requests about one topic, from its creation to its end. */
function story(i: number, isUnwritten: boolean): Step[] {
  const name = `story-${i}`
  const records = batch([{ key: 'k', value: `value ${i}` }])
  const produce = (topic: string) => ({
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
  })
  const error = (member: string) => (body: Message) => list(body, member)[0]!['errorCode']
  const partition = (outer: string, inner: string) => (body: Message) =>
    list(list(body, outer)[0]!, inner)[0]!
  const metadata = {
    api: 'Metadata',
    version: 9,
    request: { topics: [{ name }], allowAutoTopicCreation: false },
    shows: error('topics'),
  }
  const fetch = {
    topic: name,
    partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 9999 }],
  }
  const committed = { name, partitions: [{ partitionIndex: 0, committedOffset: i + 1 }] }
  const asked = { name, partitionIndexes: [0] }
  const group = { groupId: 'pipeline', topics: [asked] }
  return [
    {
      api: 'CreateTopics',
      version: 5,
      request: { topics: [{ name, numPartitions: 1, replicationFactor: 1 }], timeoutMs: 10_000 },
      shows: error('topics'),
      expected: 0,
    },
    { ...metadata, expected: 0 },
    {
      api: 'Produce',
      version: 9,
      request: produce(isUnwritten ? 'story-0' : name),
      shows: (body) => partition('responses', 'partitionResponses')(body)['errorCode'],
      expected: isUnwritten ? 3 : 0,
    },
    {
      api: 'ListOffsets',
      version: 6,
      request: {
        replicaId: -1,
        topics: [{ name, partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
      },
      shows: (body) => partition('topics', 'partitions')(body)['offset'],
      expected: 1,
    },
    {
      api: 'Fetch',
      version: 12,
      request: { maxWaitMs: 0, minBytes: 0, maxBytes: 9999, sessionEpoch: -1, topics: [fetch] },
      shows: (body) => {
        const bytes = partition('responses', 'partitions')(body)['records'] as Uint8Array
        return Buffer.from(bytes).includes(`value ${i}`)
      },
      expected: true,
    },
    {
      api: 'OffsetCommit',
      version: 8,
      request: { groupId: 'pipeline', generationIdOrMemberEpoch: -1, topics: [committed] },
      shows: (body) => partition('topics', 'partitions')(body)['errorCode'],
      expected: 0,
    },
    {
      api: 'OffsetFetch',
      version: 8,
      request: { groups: [group] },
      shows: (body) =>
        list(list(list(body, 'groups')[0]!, 'topics')[0]!, 'partitions')[0]!['committedOffset'],
      expected: i + 1,
    },
    {
      api: 'DeleteRecords',
      version: 2,
      request: {
        topics: [{ name, partitions: [{ partitionIndex: 0, offset: 1 }] }],
        timeoutMs: 10_000,
      },
      shows: (body) => partition('topics', 'partitions')(body)['lowWatermark'],
      expected: 1,
    },
    {
      api: 'DeleteTopics',
      version: 5,
      request: { topicNames: [name], timeoutMs: 10_000 },
      shows: error('responses'),
      expected: 0,
    },
    { ...metadata, expected: 3 },
  ]
}

async function coordinatorReady(client: RawClient): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const outcome = await client.call('OffsetFetch', 8, { groups: [{ groupId: 'pipeline' }] })
    if (outcome.kind === 'reply' && list(outcome.body, 'groups')[0]!['errorCode'] === 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the coordinator of the group does not get ready')
}
