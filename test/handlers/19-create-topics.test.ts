import { beforeEach, expect, test } from 'vitest'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import { CreateTopics } from '../../protocol/api/19-create-topics.ts'
import { errors } from '../../protocol/errors.ts'
import { ZERO_UUID } from '../../base/uuid.ts'
import { createTopics } from '../../src/handlers/19-create-topics.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { newTopic } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
})

function create(
  version: number,
  topics: readonly ReturnType<typeof newTopic>[],
  validateOnly = false,
) {
  return link.ask(CreateTopics, version, { topics, timeoutMs: 1000, validateOnly }).topics
}

function partitionsOf(name: string): number {
  const request = { topics: [{ name }], allowAutoTopicCreation: false }
  return link.ask(Metadata, 12, request).topics[0]!.partitions.length
}

test.each(versionsOf(createTopics))('version %i makes a topic', (version) => {
  const [topic] = create(version, [newTopic('letters', 3)])
  expect(topic).toMatchObject({ name: 'letters', errorCode: errors.NONE })
  expect(topic!.numPartitions).toBe(version >= 5 ? 3 : -1)
  expect(topic!.replicationFactor).toBe(version >= 5 ? 1 : -1)
  expect(topic!.topicId === ZERO_UUID).toBe(version < 7)
  expect(partitionsOf('letters')).toBe(3)
})

test('-1 stands for the defaults of the broker, and the reply says which', () => {
  const [topic] = create(5, [newTopic('letters', -1)])
  expect(topic).toMatchObject({ numPartitions: 2, replicationFactor: 1 })
  expect(partitionsOf('letters')).toBe(2)
})

test('the reply tells the configuration of the new topic', () => {
  const [topic] = create(5, [newTopic('letters', 1, { 'retention.ms': '1000' })])
  const configs = new Map(topic!.configs!.map((config) => [config.name, config.value]))
  expect(configs.get('retention.ms')).toBe('1000')
  expect(configs.get('cleanup.policy')).toBe('delete')
})

test('validateOnly tells what would happen and makes nothing', () => {
  const [topic] = create(5, [newTopic('letters', 3)], true)
  expect(topic).toMatchObject({ errorCode: errors.NONE, numPartitions: 3 })
  expect(partitionsOf('letters')).toBe(0)
})

test('each topic fails by itself', () => {
  const topics = [
    newTopic('good', 1),
    newTopic('a/b', 1),
    newTopic('none', 0),
    newTopic('odd', 1, { 'no.such.key': 'x' }),
    newTopic('wrong', 1, { 'retention.ms': 'soon' }),
    { ...newTopic('many', 1), replicationFactor: 3 },
  ]
  const found = new Map(create(7, topics).map((topic) => [topic.name, topic.errorCode]))
  expect([...found]).toEqual([
    ['good', errors.NONE],
    ['a/b', errors.INVALID_TOPIC_EXCEPTION],
    ['none', errors.INVALID_PARTITIONS],
    ['odd', errors.INVALID_CONFIG],
    ['wrong', errors.INVALID_CONFIG],
    ['many', errors.INVALID_REPLICATION_FACTOR],
  ])
  expect(create(7, [newTopic('good', 1)])[0]!.errorCode).toBe(errors.TOPIC_ALREADY_EXISTS)
})

test('a name that is given twice is refused', () => {
  const codes = create(7, [newTopic('twice', 1), newTopic('twice', 2)])
  expect(codes.every((topic) => topic.errorCode === errors.INVALID_REQUEST)).toBe(true)
  expect(partitionsOf('twice')).toBe(0)
})

test('assignments by hand name known brokers', () => {
  const assigned = (brokerIds: number[]) => ({
    ...newTopic('letters', -1),
    assignments: [{ partitionIndex: 0, brokerIds }],
  })
  expect(create(7, [assigned([9])])[0]!.errorCode).toBe(errors.INVALID_REPLICA_ASSIGNMENT)
  expect(create(7, [assigned([1])])[0]).toMatchObject({ errorCode: 0, numPartitions: 1 })
})
