import { beforeEach, expect, test } from 'vitest'
import { ZERO_UUID } from '../../base/uuid.ts'
import { Fetch } from '../../protocol/api/01-fetch.ts'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import { errors } from '../../protocol/errors.ts'
import { metadata } from '../../src/handlers/03-metadata.ts'
import { batchesIn } from '../support/batches.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { append, createTopic, deleteTopic, fetchDraft, fetched } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

const NOT_ASKED = -2147483648

let bench: BrokerBench
let link: RawLink
let topicId: string

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
  topicId = createTopic(link, 'letters', { partitions: 3 })
  createTopic(link, 'numbers')
})

function ask(
  version: number,
  names: readonly string[] | null,
  fields: Record<string, boolean> = {},
) {
  const topics = names === null ? null : names.map((name) => ({ name }))
  return link.ask(Metadata, version, { topics, ...fields })
}

function namesOf(reply: ReturnType<typeof ask>): string[] {
  return reply.topics.map(({ name }) => name ?? '').toSorted()
}

test.each(versionsOf(metadata))('version %i describes a topic and who leads it', (version) => {
  const reply = ask(version, ['letters'])
  expect(reply.brokers).toMatchObject([{ nodeId: 1, port: 9092 }])
  expect(reply.controllerId).toBe(version >= 1 ? 1 : -1)
  expect(reply.clusterId).toBe(version >= 2 ? bench.broker().clusterId : null)
  const [topic] = reply.topics
  expect(topic).toMatchObject({ errorCode: 0, name: 'letters', isInternal: false })
  expect(topic!.topicId).toBe(version >= 10 ? topicId : ZERO_UUID)
  expect(topic!.partitions.map((one) => one.partitionIndex)).toEqual([0, 1, 2])
  for (const partition of topic!.partitions) {
    expect(partition).toMatchObject({ leaderId: 1, replicaNodes: [1], isrNodes: [1] })
    expect(partition).toMatchObject({ errorCode: 0, offlineReplicas: [] })
    expect(partition.leaderEpoch).toBe(version >= 7 ? 0 : -1)
  }
})

test('version 0 means all topics by an empty list', () => {
  expect(namesOf(ask(0, []))).toEqual(['letters', 'numbers'])
})

test.each(versionsOf(metadata, 1))('version %i: null is all topics, empty is none', (version) => {
  expect(namesOf(ask(version, null))).toEqual(['letters', 'numbers'])
  const none = ask(version, [])
  expect(none.topics).toEqual([])
  expect(none.brokers).toHaveLength(1)
})

test('a missing topic is made when the client allows it, and answered with its leader', () => {
  const reply = ask(12, ['fresh'], { allowAutoTopicCreation: true })
  expect(reply.topics).toMatchObject([{ errorCode: errors.NONE, name: 'fresh' }])
  expect(reply.topics[0]!.partitions).toMatchObject([{ leaderId: 1 }, { leaderId: 1 }])
})

test('a missing topic is not made when the client forbids it', () => {
  for (let i = 0; i < 2; i++) {
    const reply = ask(12, ['fresh'], { allowAutoTopicCreation: false })
    expect(reply.topics).toMatchObject([{ errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION }])
  }
})

test('a missing topic is not made when the broker forbids it', async () => {
  const strict = await BrokerBench.start({ set: ['auto.create.topics.enable=false'] })
  const topics = [{ name: 'fresh' }]
  for (let i = 0; i < 2; i++) {
    const reply = strict.link().ask(Metadata, 12, { topics })
    expect(reply.topics).toMatchObject([{ errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION }])
  }
})

test('a name that no topic can have is refused', () => {
  expect(ask(12, ['a/b']).topics).toMatchObject([{ errorCode: errors.INVALID_TOPIC_EXCEPTION }])
})

test('topics are found by id', () => {
  const byId = (id: string) => link.ask(Metadata, 12, { topics: [{ topicId: id, name: null }] })
  expect(byId(topicId).topics).toMatchObject([{ errorCode: 0, name: 'letters', topicId }])
  deleteTopic(link, 'letters')
  expect(byId(topicId).topics).toMatchObject([
    { errorCode: errors.UNKNOWN_TOPIC_ID, name: null, topicId },
  ])
})

test.each(versionsOf(metadata, 8))('version %i tells rights only when asked', (version) => {
  expect(ask(version, ['letters']).topics[0]!.topicAuthorizedOperations).toBe(NOT_ASKED)
  const asked = ask(version, ['letters'], { includeTopicAuthorizedOperations: true })
  expect(asked.topics[0]!.topicAuthorizedOperations).toBeGreaterThan(0)
  expect(asked.clusterAuthorizedOperations).toBe(NOT_ASKED)
})

test('the leader epoch is the one that batches are stamped with, also after a restart', async () => {
  append(link, 'letters', ['a'])
  const before = ask(12, ['letters']).topics[0]!.partitions[0]!.leaderEpoch
  await bench.stop()
  await bench.start()
  link = bench.link()
  const after = ask(12, ['letters']).topics[0]!.partitions[0]!.leaderEpoch
  expect(after).toBeGreaterThan(before)
  append(link, 'letters', ['b'])
  const { records } = fetched(link.ask(Fetch, 12, fetchDraft('letters')))
  expect(batchesIn(records).map((batch) => batch.partitionLeaderEpoch)).toEqual([before, after])
})

test('__consumer_offsets is told as internal', () => {
  createTopic(link, '__consumer_offsets')
  expect(ask(12, ['__consumer_offsets']).topics[0]!.isInternal).toBe(true)
})

test('what is told of all topics is told again, and anew when a topic came or went', () => {
  const first = ask(9, null)
  expect(ask(9, null)).toEqual(first)
  createTopic(link, 'signs')
  expect(namesOf(ask(9, null))).toEqual(['letters', 'numbers', 'signs'])
  deleteTopic(link, 'letters')
  expect(namesOf(ask(9, null))).toEqual(['numbers', 'signs'])
})

test('what one client asked of all topics is not told to one that asks otherwise', () => {
  const operations = (fields: Record<string, boolean>) =>
    ask(9, null, fields).topics.map(({ topicAuthorizedOperations }) => topicAuthorizedOperations)
  const plain = operations({})
  expect(plain).toEqual([NOT_ASKED, NOT_ASKED])
  expect(operations({ includeTopicAuthorizedOperations: true })).not.toEqual(plain)
  expect(operations({})).toEqual(plain)
  expect(ask(8, null).topics).toHaveLength(2)
  expect(ask(1, null).topics[0]!.partitions[0]!.offlineReplicas).toEqual([])
})
