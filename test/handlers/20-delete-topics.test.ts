import { beforeEach, expect, test } from 'vitest'
import { ZERO_UUID } from '../../base/uuid.ts'
import { Produce } from '../../protocol/api/00-produce.ts'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import { OffsetCommit } from '../../protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../../protocol/api/10-find-coordinator.ts'
import { DeleteTopics } from '../../protocol/api/20-delete-topics.ts'
import { errors } from '../../protocol/errors.ts'
import { deleteTopics } from '../../src/handlers/20-delete-topics.ts'
import { batchOf } from '../support/batches.ts'
import { BrokerBench, DATA } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { append, createTopic, deleteTopic, produceDraft, produced } from '../support/requests.ts'
import { read } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

let bench: BrokerBench
let link: RawLink
let topicId: string

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
  topicId = createTopic(link, 'letters')
})

function drop(version: number, name: string) {
  const named = version < 6 ? { topicNames: [name] } : { topics: [{ name, topicId: ZERO_UUID }] }
  return link.ask(DeleteTopics, version, { ...named, timeoutMs: 1000 }).responses
}

test.each(versionsOf(deleteTopics))('version %i deletes a topic by name', (version) => {
  append(link, 'letters', ['a'])
  expect(drop(version, 'letters')).toMatchObject([{ name: 'letters', errorCode: errors.NONE }])
  const request = { topics: [{ name: 'letters' }], allowAutoTopicCreation: false }
  const [topic] = link.ask(Metadata, 12, request).topics
  expect(topic!.errorCode).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
  expect(drop(version, 'letters')[0]!.errorCode).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
})

test('a topic is deleted by id, an unknown id is told as such', () => {
  const byId = (id: string) =>
    link.ask(DeleteTopics, 6, { topics: [{ name: null, topicId: id }], timeoutMs: 1000 }).responses
  expect(byId('b3JkZXJzLXRvcGljLWlkMQ')[0]!.errorCode).toBe(errors.UNKNOWN_TOPIC_ID)
  expect(byId(topicId)[0]).toMatchObject({ errorCode: errors.NONE, name: 'letters', topicId })
})

test('the name is free at once, and the new topic is empty', () => {
  append(link, 'letters', ['old'])
  deleteTopic(link, 'letters')
  const again = createTopic(link, 'letters')
  expect(again).not.toBe(topicId)
  expect(read(link, 'letters')).toEqual([])
  append(link, 'letters', ['new'])
  expect(read(link, 'letters')).toEqual(['new'])
})

test('the directories are renamed at once and removed in the background', async () => {
  append(link, 'letters', ['old'])
  const names = () => bench.memory.readdir(DATA).filter((name) => name.startsWith('letters-'))
  expect(names()).toEqual(['letters-0'])
  const sent = link.send(DeleteTopics, 5, { topicNames: ['letters'], timeoutMs: 1000 })
  let seen: string[] = []
  while (sent.reply === undefined) {
    bench.clock.runTurn()
    if (names().some((name) => name.endsWith('-delete'))) seen = names()
  }
  expect(seen.every((name) => /^letters-0\.[0-9a-f]{32}-delete$/.test(name))).toBe(true)
  expect(names()).not.toContain('letters-0')
  bench.settle()
  expect(names()).toEqual([])
})

test('a Produce with the old id finds nothing', () => {
  deleteTopic(link, 'letters')
  createTopic(link, 'letters')
  const topicData = [{ topicId, partitionData: [{ index: 0, records: batchOf(['a']) }] }]
  const reply = link.ask(Produce, 13, { acks: -1, timeoutMs: 1000, topicData })
  expect(produced(reply).errorCode).toBe(errors.UNKNOWN_TOPIC_ID)
  expect(read(link, 'letters')).toEqual([])
})

test('a Produce of the turn in which its topic is deleted is answered', () => {
  const other = bench.link()
  const draft = produceDraft('letters', batchOf(['a']), { acks: -1 })
  const written = link.send(Produce, 9, draft)
  const deleted = other.send(DeleteTopics, 5, { topicNames: ['letters'], timeoutMs: 1000 })
  const late = link.send(Produce, 9, draft)
  bench.settle()
  expect(deleted.reply!.responses[0]!.errorCode).toBe(errors.NONE)
  const codes = [errors.NONE, errors.UNKNOWN_TOPIC_OR_PARTITION]
  expect(codes).toContain(produced(written.reply).errorCode)
  expect(codes).toContain(produced(late.reply).errorCode)
})

test('committed offsets of a deleted topic are gone', () => {
  link.ask(FindCoordinator, 4, { coordinatorKeys: ['g'] })
  const partition = { partitionIndex: 0, committedOffset: 5, committedMetadata: '' }
  const topics = [{ name: 'letters', partitions: [partition] }]
  const commit = link.ask(OffsetCommit, 8, { groupId: 'g', memberId: '', topics })
  expect(commit.topics[0]!.partitions[0]!.errorCode).toBe(errors.NONE)
  const committed = () => {
    const groups = [{ groupId: 'g', topics: [{ name: 'letters', partitionIndexes: [0] }] }]
    const { groups: found } = link.ask(OffsetFetch, 8, { groups, requireStable: false })
    return found[0]!.topics[0]!.partitions[0]!.committedOffset
  }
  expect(committed()).toBe(5)
  deleteTopic(link, 'letters')
  createTopic(link, 'letters')
  expect(committed()).toBe(-1)
})

test('several topics are deleted at once, each by itself', () => {
  createTopic(link, 'numbers')
  const topicNames = ['letters', 'nowhere', 'numbers']
  const { responses } = link.ask(DeleteTopics, 5, { topicNames, timeoutMs: 1000 })
  const found = new Map(responses.map(({ name, errorCode }) => [name, errorCode]))
  expect(found.get('letters')).toBe(errors.NONE)
  expect(found.get('numbers')).toBe(errors.NONE)
  expect(found.get('nowhere')).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
})
