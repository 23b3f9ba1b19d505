import { beforeEach, expect, test } from 'vitest'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import { CreatePartitions } from '../../protocol/api/37-create-partitions.ts'
import { errors } from '../../protocol/errors.ts'
import { createPartitions } from '../../src/handlers/37-create-partitions.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { append, createTopic, read } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
  createTopic(link, 'letters')
})

function grow(count: number, { version = 3, name = 'letters', validateOnly = false } = {}): number {
  const topics = [{ name, count, assignments: null }]
  const reply = link.ask(CreatePartitions, version, { topics, timeoutMs: 1000, validateOnly })
  return reply.results[0]!.errorCode
}

function count(): number {
  return link.ask(Metadata, 12, { topics: [{ name: 'letters' }] }).topics[0]!.partitions.length
}

test.each(versionsOf(createPartitions))('version %i adds partitions', (version) => {
  append(link, 'letters', ['a'])
  expect(grow(3, { version })).toBe(errors.NONE)
  expect(count()).toBe(3)
  append(link, 'letters', ['b'], 2)
  expect(read(link, 'letters')).toEqual(['a'])
  expect(read(link, 'letters', { partition: 2 })).toEqual(['b'])
})

test('partitions are never taken away, nor added to what is not there', () => {
  expect(grow(1)).toBe(errors.INVALID_PARTITIONS)
  expect(grow(0)).toBe(errors.INVALID_PARTITIONS)
  expect(grow(2, { name: 'nowhere' })).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
  expect(count()).toBe(1)
})

test('validateOnly adds nothing', () => {
  expect(grow(4, { validateOnly: true })).toBe(errors.NONE)
  expect(count()).toBe(1)
})

test('assignments by hand are one for each new partition, on known brokers', () => {
  const assigned = (...brokers: number[]) => {
    const assignments = brokers.map((id) => ({ brokerIds: [id] }))
    const topics = [{ name: 'letters', count: 2, assignments }]
    const draft = { topics, timeoutMs: 1000, validateOnly: false }
    return link.ask(CreatePartitions, 3, draft).results[0]!.errorCode
  }
  expect(assigned(1, 1)).toBe(errors.INVALID_REPLICA_ASSIGNMENT)
  expect(assigned(7)).toBe(errors.INVALID_REPLICA_ASSIGNMENT)
  expect(assigned(1)).toBe(errors.NONE)
})
