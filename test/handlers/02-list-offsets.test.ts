import { beforeEach, expect, test } from 'vitest'
import { Produce } from '../../protocol/api/00-produce.ts'
import { ListOffsets } from '../../protocol/api/02-list-offsets.ts'
import { DeleteRecords } from '../../protocol/api/21-delete-records.ts'
import { errors } from '../../protocol/errors.ts'
import { listOffsets } from '../../src/handlers/02-list-offsets.ts'
import { simpleBatch } from '../oracle/batch.ts'
import { START_TIME } from '../support/batches.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { createTopic, offsetAt, produceDraft, produced } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

const LATEST = -1
const EARLIEST = -2
const MAX_TIMESTAMP = -3
const EARLIEST_LOCAL = -4
const LATEST_TIERED = -5
const EARLIEST_PENDING_UPLOAD = -6

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
  createTopic(link, 'letters', { partitions: 2 })
  // Three records each, 10 ms apart: at 0, 10, 20 and, later in the log but earlier, at -5, 5, 15.
  send(simpleBatch(3))
  send(simpleBatch(3, { baseTimestamp: START_TIME - 5 }))
})

function send(records: Uint8Array): void {
  expect(produced(link.ask(Produce, 9, produceDraft('letters', records))).errorCode).toBe(0)
}

function ask(version: number, timestamp: number, fields: Record<string, number> = {}) {
  const asked = { partitionIndex: 0, timestamp, ...fields }
  const topics = [{ name: 'letters', partitions: [asked] }]
  const { topics: found } = link.ask(ListOffsets, version, {
    replicaId: -1,
    isolationLevel: 0,
    topics,
    timeoutMs: 1000,
  })
  return found[0]!.partitions[0]!
}

test.each(versionsOf(listOffsets))('version %i tells both ends of a log', (version) => {
  expect(ask(version, LATEST)).toMatchObject({ errorCode: 0, offset: 6, timestamp: -1 })
  expect(ask(version, EARLIEST)).toMatchObject({ errorCode: 0, offset: 0, timestamp: -1 })
  expect(ask(version, LATEST).leaderEpoch).toBe(version >= 4 ? 0 : -1)
})

test.each([
  [MAX_TIMESTAMP, 7, 2, START_TIME + 20],
  [EARLIEST_LOCAL, 8, 0, -1],
  [LATEST_TIERED, 9, -1, -1],
  [EARLIEST_PENDING_UPLOAD, 11, -1, -1],
])('the place %i is known from version %i on', (place, since, offset, timestamp) => {
  expect(ask(since, place)).toMatchObject({ errorCode: errors.NONE, offset, timestamp })
  expect(ask(since - 1, place).errorCode).toBe(errors.UNSUPPORTED_VERSION)
})

test('a place that no version knows is refused', () => {
  expect(ask(11, -7).errorCode).toBe(errors.UNSUPPORTED_VERSION)
})

test.each([
  [-100, 0, 0],
  [0, 0, 0],
  [1, 1, 10],
  [10, 1, 10],
  [11, 2, 20],
  [20, 2, 20],
])('by time %i inside a batch, the offset is %i', (after, offset, found) => {
  expect(offsetAt(link, 'letters', START_TIME + after)).toMatchObject({
    errorCode: errors.NONE,
    offset,
    timestamp: START_TIME + found,
    leaderEpoch: 0,
  })
})

test('by a time that no record has reached, nothing is found', () => {
  const nothing = { errorCode: errors.NONE, offset: -1, timestamp: -1 }
  expect(offsetAt(link, 'letters', START_TIME + 21)).toMatchObject(nothing)
  expect(offsetAt(link, 'letters', START_TIME, 1)).toMatchObject(nothing)
  expect(offsetAt(link, 'letters', MAX_TIMESTAMP, 1)).toMatchObject(nothing)
})

test('by time, a compressed batch is looked into as well', () => {
  send(simpleBatch(3, { baseTimestamp: START_TIME + 100, attributes: 1 }))
  expect(offsetAt(link, 'letters', START_TIME + 105).offset).toBe(7)
})

test('deleted records are not found any more', () => {
  const partitions = [{ partitionIndex: 0, offset: 2 }]
  link.ask(DeleteRecords, 2, { topics: [{ name: 'letters', partitions }], timeoutMs: 1000 })
  expect(offsetAt(link, 'letters', EARLIEST).offset).toBe(2)
  expect(offsetAt(link, 'letters', LATEST).offset).toBe(6)
  expect(offsetAt(link, 'letters', START_TIME).offset).toBeGreaterThanOrEqual(2)
})

test('what is not there, asked for twice, or of another epoch fails alone', () => {
  const partitions = [0, 1, 1, 9].map((partitionIndex) => ({ partitionIndex, timestamp: LATEST }))
  const reply = link.ask(ListOffsets, 11, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: 'letters', partitions }],
    timeoutMs: 1000,
  })
  const codes = reply.topics[0]!.partitions.map((one) => [one.partitionIndex, one.errorCode])
  expect(codes).toEqual([
    [0, errors.NONE],
    [1, errors.INVALID_REQUEST],
    [9, errors.UNKNOWN_TOPIC_OR_PARTITION],
  ])
  expect(ask(11, LATEST, { currentLeaderEpoch: 5 }).errorCode).toBe(errors.UNKNOWN_LEADER_EPOCH)
})
