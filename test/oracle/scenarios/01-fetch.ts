// Fetch: every version, limits, mid-batch offsets, what is out of range or unknown, long polls, sessions.
import { simpleBatch } from '../batch.ts'
import { listAt, numberAt } from '../pick.ts'
import { fetchFrom, fetchRequest, makeTopic, produce, UNKNOWN_ID, type Topic } from '../steps.ts'
import type { Scenario, Trial } from '../trial.ts'

async function filled(t: Trial, suffix: string, batches: number, partitions = 1): Promise<Topic> {
  const topic = await makeTopic(t, suffix, partitions)
  for (let i = 0; i < batches; i++) {
    for (let partition = 0; partition < partitions; partition++) {
      await produce(t, topic, simpleBatch(3), { partition })
    }
  }
  return topic
}

export const fetchVersions: Scenario = {
  name: '01-fetch-versions',
  async run(t) {
    const topic = await filled(t, 'a', 3)
    const missing = { name: t.named('missing'), id: UNKNOWN_ID }
    for (const version of t.versions('Fetch', 4)) {
      await fetchFrom(t, topic, { version })
      await fetchFrom(t, topic, { version, offset: 4, label: 'mid-batch' })
      await fetchFrom(t, topic, { version, offset: 9, label: 'at the end' })
      await fetchFrom(t, topic, { version, offset: 10, label: 'behind the end' })
      await fetchFrom(t, topic, { version, offset: -1, label: 'before the start' })
      await fetchFrom(t, topic, { version, offset: -2, label: 'offset -2' })
      await fetchFrom(t, topic, { version, partition: 7, label: 'no partition' })
      await fetchFrom(t, missing, { version, label: 'no topic' })
      await fetchFrom(t, topic, { version, isolationLevel: 1, label: 'read committed' })
      const nothing = { ...fetchRequest(topic), topics: [] }
      await t.call('Fetch', version, nothing, { label: 'nothing' })
    }
  },
}

export const fetchLimits: Scenario = {
  name: '01-fetch-limits',
  async run(t) {
    const topic = await filled(t, 'a', 5, 2)
    const size = simpleBatch(3).length
    for (const partitionMaxBytes of [0, 1, size - 1, size, size + 1, 2 * size, 2 * size + 5]) {
      await fetchFrom(t, topic, {
        partitionMaxBytes,
        label: `partition ${partitionMaxBytes - size}`,
      })
    }
    for (const maxBytes of [0, 1, size, 2 * size + 5]) {
      await fetchFrom(t, topic, { maxBytes, label: `request ${maxBytes - size}` })
    }
    for (const maxBytes of [0, size, size + 10, 6 * size]) {
      const request = fetchRequest(topic, { maxBytes })
      const [first] = request['topics'] as { partitions: object[] }[]
      const [partition] = first!.partitions
      const topics = [{ ...first, partitions: [partition, { ...partition, partition: 1 }] }]
      await t.call('Fetch', t.newest('Fetch'), { ...request, topics }, { label: 'two partitions' })
    }
    for (const fields of [{ partitionMaxBytes: -1 }, { maxBytes: -1 }, { minBytes: -1 }]) {
      await fetchFrom(t, topic, { ...fields, label: JSON.stringify(fields) })
    }
  },
}

export const fetchEpochs: Scenario = {
  name: '01-fetch-epochs',
  async run(t) {
    const topic = await filled(t, 'a', 2)
    for (const version of t.versions('Fetch', 9)) {
      for (const currentLeaderEpoch of [0, 1, -2]) {
        const label = `current ${currentLeaderEpoch}`
        await fetchFrom(t, topic, { version, currentLeaderEpoch, label })
      }
      if (version < 12) continue
      for (const lastFetchedEpoch of [0, 1, 5, -2]) {
        for (const offset of [0, 6, 9]) {
          const label = `last ${lastFetchedEpoch} at ${offset}`
          await fetchFrom(t, topic, { version, lastFetchedEpoch, offset, label })
        }
      }
    }
  },
}

export const fetchLongPoll: Scenario = {
  name: '01-fetch-long-poll',
  async run(t) {
    const topic = await filled(t, 'a', 1)
    const timed = async (label: string, fields: object, atLeast: number, atMost: number) => {
      const outcome = await fetchFrom(t, topic, { ...fields, label })
      const ms = outcome.kind === 'reply' ? outcome.ms : -1
      t.fact(`${label}: ${atLeast}-${atMost} ms`, ms >= atLeast && ms < atMost)
    }
    await timed('nothing new', { offset: 3, maxWaitMs: 300, minBytes: 1 }, 280, 1500)
    await timed('min bytes 0', { offset: 3, maxWaitMs: 3000, minBytes: 0 }, 0, 1500)
    await timed('enough', { offset: 0, maxWaitMs: 3000, minBytes: 1 }, 0, 1500)
    await timed('not enough', { offset: 0, maxWaitMs: 300, minBytes: 100_000 }, 280, 1500)
    await timed('an error does not wait', { offset: 99, maxWaitMs: 3000, minBytes: 1 }, 0, 1500)
    await timed('no wait', { offset: 3, maxWaitMs: 0, minBytes: 1 }, 0, 1500)
    const poller = await t.connect()
    const waiting = poller.call(
      'Fetch',
      t.newest('Fetch'),
      fetchRequest(topic, { offset: 3, maxWaitMs: 5000, minBytes: 1 }),
    )
    const second = poller.call('ApiVersions', 0, {})
    await new Promise((resolve) => setTimeout(resolve, 150))
    await produce(t, topic, simpleBatch(1), { label: 'wakes the poll' })
    const outcome = await waiting
    t.note('woken', { api: 'Fetch', version: t.newest('Fetch'), outcome })
    t.fact('woken early', outcome.kind === 'reply' && outcome.ms < 3000)
    t.note('behind it', { api: 'ApiVersions', version: 0, outcome: await second })
  },
}

export const fetchMixed: Scenario = {
  name: '01-fetch-mixed',
  async run(t) {
    const topic = await filled(t, 'a', 1)
    for (const version of t.versions('Fetch', 4)) {
      const good = fetchRequest(topic, { maxWaitMs: 2000, minBytes: 1 })
      const [first] = good['topics'] as { partitions: object[] }[]
      const [partition] = first!.partitions
      const missing = { ...first, topic: t.named('missing'), topicId: UNKNOWN_ID }
      const topics = [
        missing,
        { ...first, partitions: [{ ...partition, partition: 5 }, partition] },
      ]
      await t.call('Fetch', version, { ...good, topics }, { label: 'an unknown one beside' })
      const twice = { ...first, partitions: [partition, partition] }
      await t.call('Fetch', version, { ...good, topics: [twice] }, { label: 'partition twice' })
    }
  },
}

export const fetchSessions: Scenario = {
  name: '01-fetch-sessions',
  async run(t) {
    const topic = await filled(t, 'a', 1, 3)
    const other = await filled(t, 'b', 1)
    for (const version of t.versions('Fetch', 7)) await session(t, version, topic, other)
  },
}

/** As many refusals in a row mean that no slot is free: Apache's are in eight groups, taken in turn. */
const REFUSALS_WHEN_FULL = 16

/** Sessions not yet two minutes old stay; who comes when all slots are taken fetches without one. */
export const fetchSessionsFull: Scenario = {
  name: '01-fetch-sessions-full',
  async run(t) {
    const topic = await filled(t, 'a', 1)
    const version = t.newest('Fetch')
    const open = fetchRequest(topic, { sessionEpoch: 0 })
    const client = await t.connect()
    const ids: number[] = []
    for (let refusals = 0; refusals < REFUSALS_WHEN_FULL && ids.length < 2000;) {
      const outcome = await client.call('Fetch', version, open)
      if (outcome.kind !== 'reply') throw new Error(`Fetch v${version}: ${outcome.kind}`)
      const id = numberAt(outcome.body, 'sessionId')
      refusals = id === 0 ? refusals + 1 : 0
      if (id !== 0) ids.push(id)
    }
    // Other scenarios may have left a few.
    t.fact('there are a thousand slots', ids.length > 900 && ids.length <= 1000)
    await t.ask('Fetch', version, open, { label: 'no slot is free' })
    const oldest = { ...open, topics: [], sessionId: ids[0], sessionEpoch: 1 }
    await t.call('Fetch', version, oldest, { label: 'the oldest goes on' })
    for (const sessionId of ids) {
      const closing = { ...open, topics: [], sessionId, sessionEpoch: -1 }
      const outcome = await client.call('Fetch', version, closing)
      if (outcome.kind !== 'reply') throw new Error(`Fetch v${version}: ${outcome.kind}`)
    }
    const again = await t.ask('Fetch', version, open, { label: 'all slots are free' })
    const closing = {
      ...open,
      topics: [],
      sessionId: numberAt(again, 'sessionId'),
      sessionEpoch: -1,
    }
    await t.call('Fetch', version, closing, { label: 'close' })
    await t.call('Fetch', version, { ...closing, sessionEpoch: 1 }, { label: 'it is closed' })
  },
}

async function session(t: Trial, version: number, topic: Topic, other: Topic): Promise<void> {
  const all = fetchRequest(topic, { sessionEpoch: 0 })
  const [first] = all['topics'] as { partitions: object[] }[]
  const [partition] = first!.partitions
  const partitions = [0, 1, 2].map((index) => ({ ...partition, partition: index }))
  const topics = [{ ...first, partitions }]
  const opened = await t.ask('Fetch', version, { ...all, topics }, { label: 'open' })
  const sessionId = numberAt(opened, 'sessionId')
  const next = (label: string, sessionEpoch: number, fields: object = {}) =>
    t.call('Fetch', version, { ...all, topics: [], sessionId, sessionEpoch, ...fields }, { label })
  await next('nothing changed', 1)
  const advanced = partitions.map((p) => ({ ...p, fetchOffset: 1000 }))
  await next('out of range', 2, { topics: [{ ...first, partitions: advanced }] })
  await next('errors are repeated', 3)
  const atEnd = await currentEnds(t, topic)
  const ends = partitions.map((p, i) => ({ ...p, fetchOffset: atEnd[i] }))
  await next('at the end', 4, { topics: [{ ...first, partitions: ends }] })
  await next('nothing to say', 5)
  await produce(t, topic, simpleBatch(1), { partition: 1 })
  await next('one partition only', 6)
  const forgotten = { topic: topic.name, topicId: topic.id, partitions: [1] }
  await next('forget it', 7, { forgottenTopicsData: [forgotten] })
  await next('wrong epoch', 42)
  await next('still wrong', 9)
  const added = fetchRequest(other)['topics']
  await next('add another topic', 8, { topics: added })
  const missing = { ...first, topic: t.named('none'), topicId: UNKNOWN_ID, partitions: [partition] }
  await next('add an unknown one', 9, { topics: [missing] })
  await next('after the unknown one', 10)
  const renewed = { ...all, topics, sessionId, sessionEpoch: 0 }
  await t.call('Fetch', version, renewed, { label: 'replace' })
  await next('the old session', 1)
  const closing = { ...all, topics: [], sessionId, sessionEpoch: -1 }
  await t.call('Fetch', version, closing, { label: 'close' })
  const invented = { ...all, topics: [], sessionId: 12345, sessionEpoch: 1 }
  await t.call('Fetch', version, invented, { label: 'no such session' })
  const sessionless = { ...all, topics, sessionId: 0, sessionEpoch: 3 }
  await t.call('Fetch', version, sessionless, { label: 'epoch without a session' })
}

async function currentEnds(t: Trial, topic: Topic): Promise<number[]> {
  const body = await t.ask('ListOffsets', t.newest('ListOffsets', 10), {
    replicaId: -1,
    topics: [
      {
        name: topic.name,
        partitions: [0, 1, 2].map((partitionIndex) => ({ partitionIndex, timestamp: -1 })),
      },
    ],
  })
  const found = listAt(body, 'topics.0.partitions')
  const endOf = (index: number) => found.find((one) => numberAt(one, 'partitionIndex') === index)
  return [0, 1, 2].map((index) => numberAt(endOf(index) ?? {}, 'offset'))
}
