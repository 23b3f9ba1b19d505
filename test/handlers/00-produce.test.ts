import { beforeEach, expect, test, vi } from 'vitest'
import { Produce } from '../../protocol/api/00-produce.ts'
import { errors } from '../../protocol/errors.ts'
import { produce } from '../../src/handlers/00-produce.ts'
import { Partitions } from '../../src/partition/partitions.ts'
import { simpleBatch } from '../oracle/batch.ts'
import { batchesIn, batchOf, START_TIME } from '../support/batches.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { createTopic, fetchDraft, fetched, produced } from '../support/requests.ts'
import { produceDraft, read } from '../support/requests.ts'
import { Fetch } from '../../protocol/api/01-fetch.ts'
import { versionsOf } from './group-bench.ts'

let bench: BrokerBench
let link: RawLink
let topicId: string

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
  topicId = createTopic(link, 'letters', { partitions: 2 })
})

function send(records: Uint8Array | null, version = 9, acks = 1) {
  return produced(link.ask(Produce, version, produceDraft('letters', records, { acks })))
}

test.each(versionsOf(produce))('version %i stores a batch and answers its offset', (version) => {
  const partitionData = [{ index: 1, records: batchOf(['a', 'b']) }]
  const topicData = [version < 13 ? { name: 'letters', partitionData } : { topicId, partitionData }]
  const draft = { acks: 1, timeoutMs: 1000, topicData } as never
  const found = [0, 1].map(() => produced(link.ask(Produce, version, draft)))
  expect(found.map(({ errorCode }) => errorCode)).toEqual([0, 0])
  expect(found.map(({ baseOffset }) => baseOffset)).toEqual([0, 2])
  expect(found[0]!.logStartOffset).toBe(version >= 5 ? 0 : -1)
  expect(read(link, 'letters', { partition: 1 })).toEqual(['a', 'b', 'a', 'b'])
})

test('a partition takes exactly one batch per request', () => {
  const two = Buffer.concat([batchOf(['a']), batchOf(['b'])])
  expect(send(two)).toMatchObject({ errorCode: errors.INVALID_RECORD, baseOffset: -1 })
  expect(send(Buffer.alloc(0)).errorCode).toBe(errors.INVALID_RECORD)
  expect(read(link, 'letters')).toEqual([])
})

test('a damaged batch is refused and nothing of it is stored', () => {
  expect(send(simpleBatch(2, { crcError: 1 })).errorCode).toBe(errors.CORRUPT_MESSAGE)
  expect(send(simpleBatch(2, { magic: 1 })).errorCode).toBe(errors.INVALID_RECORD)
  expect(read(link, 'letters')).toEqual([])
})

test('zstd is taken from version 7 on', () => {
  const batch = batchOf(['a'.repeat(100)], { codec: 4 })
  expect(send(batch, 6).errorCode).toBe(errors.UNSUPPORTED_COMPRESSION_TYPE)
  expect(send(batch, 7).errorCode).toBe(errors.NONE)
})

test('a client may not write control batches', () => {
  expect(send(simpleBatch(1, { attributes: 0x20 })).errorCode).toBe(errors.INVALID_RECORD)
})

test('a compacted topic names each record without a key', () => {
  createTopic(link, 'keyed', { configs: { 'cleanup.policy': 'compact' } })
  const reply = produced(link.ask(Produce, 9, produceDraft('keyed', batchOf(['a', 'b', 'c']))))
  expect(reply.errorCode).toBe(errors.INVALID_RECORD)
  expect(reply.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([0, 1, 2])
  expect(reply.recordErrors.every((error) => error.batchIndexErrorMessage !== null)).toBe(true)
})

test('a timestamp outside the bounds is told with its record', () => {
  createTopic(link, 'timed', { configs: { 'message.timestamp.after.max.ms': '1000' } })
  const batch = simpleBatch(3, { baseTimestamp: START_TIME + 990 })
  const reply = produced(link.ask(Produce, 9, produceDraft('timed', batch)))
  expect(reply.errorCode).toBe(errors.INVALID_TIMESTAMP)
  expect(reply.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([2])
})

test('each of the last five batches of a producer may come again', () => {
  const batch = (sequence: number): Buffer =>
    simpleBatch(2, { producerId: 7, producerEpoch: 0, baseSequence: sequence })
  for (let i = 0; i < 6; i++) expect(send(batch(2 * i)).baseOffset).toBe(2 * i)
  for (let i = 1; i < 6; i++) {
    expect(send(batch(2 * i))).toMatchObject({ errorCode: errors.NONE, baseOffset: 2 * i })
  }
  // Older than what is remembered: it is not known whether the records are there.
  expect(send(batch(0)).errorCode).toBe(errors.OUT_OF_ORDER_SEQUENCE_NUMBER)
  expect(send(batch(14)).errorCode).toBe(errors.OUT_OF_ORDER_SEQUENCE_NUMBER)
  expect(read(link, 'letters')).toHaveLength(12)
})

test('an older epoch of a producer is fenced', () => {
  const batch = (epoch: number): Buffer =>
    simpleBatch(1, { producerId: 7, producerEpoch: epoch, baseSequence: 0 })
  expect(send(batch(1)).errorCode).toBe(errors.NONE)
  expect(send(batch(0)).errorCode).toBe(errors.INVALID_PRODUCER_EPOCH)
})

test('LogAppendTime stamps the time of the broker', () => {
  createTopic(link, 'stamped', { configs: { 'message.timestamp.type': 'LogAppendTime' } })
  bench.advance(5000)
  const reply = produced(link.ask(Produce, 9, produceDraft('stamped', batchOf(['a', 'b']))))
  expect(reply.logAppendTimeMs).toBe(START_TIME + 5000)
  const { records } = fetched(link.ask(Fetch, 12, fetchDraft('stamped')))
  const [batch] = batchesIn(records)
  expect(batch!.maxTimestamp).toBe(START_TIME + 5000)
  expect(batch!.verifyCrc()).toBe(true)
})

test('acks=0 is not answered, and stored', () => {
  link.sendOnly(Produce, 9, produceDraft('letters', batchOf(['a']), { acks: 0 }))
  expect(read(link, 'letters')).toEqual(['a'])
  expect(link.state()).toBe('open')
})

test('an acks=0 that fails closes the connection, since nothing else could tell', () => {
  const other = bench.link()
  link.sendOnly(Produce, 9, produceDraft('nowhere', batchOf(['a']), { acks: 0 }))
  bench.settle()
  expect(link.state()).toBe('closed')
  expect(other.state()).toBe('open')
  expect(bench.lines.join('\n')).toContain('acks=0')
})

test('acks other than -1, 0 and 1 are refused, after the form of the batch', () => {
  expect(send(batchOf(['a']), 9, 2).errorCode).toBe(errors.INVALID_REQUIRED_ACKS)
  expect(send(Buffer.alloc(3), 9, 2).errorCode).toBe(errors.INVALID_RECORD)
  expect(read(link, 'letters')).toEqual([])
})

test('acks=all needs min.insync.replicas, acks=1 does not', () => {
  createTopic(link, 'safe', { configs: { 'min.insync.replicas': '2' } })
  const ask = (acks: number) =>
    produced(link.ask(Produce, 9, produceDraft('safe', batchOf(['a']), { acks })))
  expect(ask(-1).errorCode).toBe(errors.NOT_ENOUGH_REPLICAS)
  expect(ask(1).errorCode).toBe(errors.NONE)
})

test.each([0, -1])('acks=all with a timeout of %i succeeds where nobody has to follow', (ms) => {
  const draft = produceDraft('letters', batchOf(['a']), { acks: -1, timeoutMs: ms })
  expect(produced(link.ask(Produce, 9, draft))).toMatchObject({ errorCode: 0, baseOffset: 0 })
})

test('one partition that fails does not harm the others of the request', () => {
  const partitionData = [
    { index: 0, records: batchOf(['a']) },
    { index: 9, records: batchOf(['b']) },
    { index: 1, records: simpleBatch(1, { crcError: 1 }) },
  ]
  const draft = { acks: -1, timeoutMs: 1, topicData: [{ name: 'letters', partitionData }] }
  const reply = link.ask(Produce, 9, draft)
  const codes = reply.responses[0]!.partitionResponses.map(({ errorCode }) => errorCode)
  expect(codes).toEqual([errors.NONE, errors.UNKNOWN_TOPIC_OR_PARTITION, errors.CORRUPT_MESSAGE])
  expect(read(link, 'letters')).toEqual(['a'])
})

test.each([9, 10])('a partition that is not led here is told as such in version %i', (version) => {
  using get = vi.spyOn(Partitions.prototype, 'get').mockReturnValue(undefined)
  const { errorCode, currentLeader } = send(batchOf(['a']), version)
  expect(get).toHaveBeenCalledWith('letters', 0)
  expect(errorCode).toBe(errors.NOT_LEADER_OR_FOLLOWER)
  // KIP-951: from version 10 on the client learns who leads.
  expect(currentLeader.leaderId).toBe(version < 10 ? -1 : 1)
})

test('an unknown topic id is told as such', () => {
  const partitionData = [{ index: 0, records: batchOf(['a']) }]
  const topicData = [{ topicId: 'b3JkZXJzLXRvcGljLWlkMQ', partitionData }]
  const reply = link.ask(Produce, 13, { acks: 1, timeoutMs: 1, topicData })
  expect(produced(reply).errorCode).toBe(errors.UNKNOWN_TOPIC_ID)
})

test('an internal topic is not for clients', () => {
  createTopic(link, '__consumer_offsets')
  const draft = produceDraft('__consumer_offsets', batchOf(['a']))
  expect(produced(link.ask(Produce, 9, draft)).errorCode).toBe(errors.INVALID_TOPIC_EXCEPTION)
})

test('a batch above max.message.bytes is refused', () => {
  createTopic(link, 'small', { configs: { 'max.message.bytes': '200' } })
  const ask = (size: number) =>
    produced(link.ask(Produce, 9, produceDraft('small', batchOf(['x'.repeat(size)]))))
  expect(ask(100).errorCode).toBe(errors.NONE)
  expect(ask(200).errorCode).toBe(errors.MESSAGE_TOO_LARGE)
})
