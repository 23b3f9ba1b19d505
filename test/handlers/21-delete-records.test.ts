import { beforeEach, expect, test } from 'vitest'
import { Fetch } from '../../protocol/api/01-fetch.ts'
import { DeleteRecords } from '../../protocol/api/21-delete-records.ts'
import { errors } from '../../protocol/errors.ts'
import { deleteRecords } from '../../src/handlers/21-delete-records.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { append, createTopic, fetchDraft, fetched, offsetAt, read } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

let bench: BrokerBench
let link: RawLink

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
  createTopic(link, 'letters')
  for (const value of ['a', 'b', 'c', 'd']) append(link, 'letters', [value])
})

function drop(offset: number, { version = 2, topic = 'letters', partitionIndex = 0 } = {}) {
  const topics = [{ name: topic, partitions: [{ partitionIndex, offset }] }]
  return link.ask(DeleteRecords, version, { topics, timeoutMs: 1000 }).topics[0]!.partitions[0]!
}

test.each(versionsOf(deleteRecords))('version %i moves the start of the log', (version) => {
  expect(drop(2, { version })).toEqual({ partitionIndex: 0, errorCode: 0, lowWatermark: 2 })
  expect(read(link, 'letters', { offset: 2 })).toEqual(['c', 'd'])
  const before = fetched(link.ask(Fetch, 12, fetchDraft('letters', { offset: 1 })))
  expect(before.errorCode).toBe(errors.OFFSET_OUT_OF_RANGE)
})

test('-1 deletes everything up to the high watermark', () => {
  expect(drop(-1).lowWatermark).toBe(4)
  expect(offsetAt(link, 'letters', -2).offset).toBe(4)
  append(link, 'letters', ['e'])
  expect(read(link, 'letters', { offset: 4 })).toEqual(['e'])
})

test('the start never goes back', () => {
  drop(3)
  expect(drop(1)).toMatchObject({ errorCode: errors.NONE, lowWatermark: 3 })
})

test('what is not there yet cannot be deleted', () => {
  expect(drop(5)).toMatchObject({ errorCode: errors.OFFSET_OUT_OF_RANGE, lowWatermark: -1 })
  expect(drop(-2).errorCode).toBe(errors.OFFSET_OUT_OF_RANGE)
})

test('unknown partitions, internal topics and compacted topics are refused', () => {
  expect(drop(0, { partitionIndex: 7 }).errorCode).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
  expect(drop(0, { topic: 'nowhere' }).errorCode).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
  createTopic(link, '__consumer_offsets')
  expect(drop(0, { topic: '__consumer_offsets' }).errorCode).toBe(errors.INVALID_TOPIC_EXCEPTION)
  createTopic(link, 'compacted', { configs: { 'cleanup.policy': 'compact' } })
  expect(drop(0, { topic: 'compacted' }).errorCode).toBe(errors.POLICY_VIOLATION)
})

test('the start is still there after a clean restart', async () => {
  drop(2)
  await bench.stop()
  await bench.start()
  link = bench.link()
  expect(offsetAt(link, 'letters', -2).offset).toBe(2)
  expect(read(link, 'letters', { offset: 2 })).toEqual(['c', 'd'])
})
