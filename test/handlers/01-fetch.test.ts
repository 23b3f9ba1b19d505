import { beforeEach, describe, expect, test } from 'vitest'
import { Fetch } from '../../protocol/api/01-fetch.ts'
import { DeleteRecords } from '../../protocol/api/21-delete-records.ts'
import { errors } from '../../protocol/errors.ts'
import { fetch } from '../../src/handlers/01-fetch.ts'
import { batchesIn, recordsIn, valuesIn } from '../support/batches.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { append, createTopic, deleteTopic, fetchDraft, fetched } from '../support/requests.ts'
import { read, sendFetch } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

let bench: BrokerBench
let link: RawLink
let writer: RawLink
let topicId: string

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
  writer = bench.link()
  topicId = createTopic(writer, 'letters', { partitions: 3 })
})

test.each(versionsOf(fetch))('version %i reads what was appended', (version) => {
  append(writer, 'letters', ['a', 'b'])
  append(writer, 'letters', ['c'])
  const draft = fetchDraft('letters')
  const topics = draft.topics.map(({ topic, partitions }) =>
    version < 13 ? { topic, partitions } : { topicId, partitions },
  )
  const found = fetched(link.ask(Fetch, version, { ...draft, topics }))
  expect(found).toMatchObject({ errorCode: 0, highWatermark: 3, lastStableOffset: 3 })
  expect(found.logStartOffset).toBe(version >= 5 ? 0 : -1)
  expect(valuesIn(found.records)).toEqual(['a', 'b', 'c'])
  expect(recordsIn(found.records).map(({ offset }) => offset)).toEqual([0, 1, 2])
})

test('an offset inside a batch is answered with the whole batch', () => {
  append(writer, 'letters', ['a', 'b', 'c'])
  append(writer, 'letters', ['d'])
  expect(read(link, 'letters', { offset: 1 })).toEqual(['a', 'b', 'c', 'd'])
  expect(read(link, 'letters', { offset: 3 })).toEqual(['d'])
  expect(read(link, 'letters', { offset: 4 })).toEqual([])
})

test('offsets outside the log are out of range', () => {
  append(writer, 'letters', ['a'])
  const at = (offset: number) =>
    fetched(link.ask(Fetch, 12, fetchDraft('letters', { offset }))).errorCode
  expect([at(-1), at(0), at(1), at(2)]).toEqual([
    errors.OFFSET_OUT_OF_RANGE,
    errors.NONE,
    errors.NONE,
    errors.OFFSET_OUT_OF_RANGE,
  ])
})

describe('limits of bytes', () => {
  const value = 'x'.repeat(1000)

  test('the first batch is whole even above them, later ones may be cut', () => {
    append(writer, 'letters', [value])
    append(writer, 'letters', [value])
    const one = fetched(link.ask(Fetch, 12, fetchDraft('letters', { partitionMaxBytes: 1 })))
    expect(valuesIn(one.records)).toEqual([value])
    const [batch] = batchesIn(one.records)
    const limit = batch!.sizeInBytes + 100
    const cut = fetched(link.ask(Fetch, 12, fetchDraft('letters', { partitionMaxBytes: limit })))
    expect(cut.records!.length).toBe(limit)
    expect(batchesIn(cut.records)).toHaveLength(1)
    expect(read(link, 'letters', { maxBytes: 1 })).toEqual([value])
  })

  test('only the first partition with records may exceed them', () => {
    for (const partition of [1, 2]) append(writer, 'letters', [value], partition)
    const partitions = [0, 1, 2].map((partition) => ({
      partition,
      fetchOffset: 0,
      partitionMaxBytes: 10,
    }))
    const draft = { ...fetchDraft('letters'), topics: [{ topic: 'letters', partitions }] }
    const { responses } = link.ask(Fetch, 12, draft)
    const sizes = responses[0]!.partitions.map(({ records }) => valuesIn(records).length)
    expect(sizes).toEqual([0, 1, 0])
  })

  test('fetch.max.bytes of the broker bounds what a client asks for', async () => {
    const small = await BrokerBench.start({ set: ['fetch.max.bytes=1500'] })
    const other = small.link()
    createTopic(other, 'letters')
    for (let i = 0; i < 5; i++) append(other, 'letters', [value])
    const found = fetched(other.ask(Fetch, 12, fetchDraft('letters')))
    expect(found.records!.length).toBeLessThanOrEqual(1500)
    expect(batchesIn(found.records)).toHaveLength(1)
  })
})

describe('long poll', () => {
  const parked = { maxWaitMs: 500 }

  test('waits for an append and is answered in its turn', () => {
    const poll = sendFetch(link, 'letters', parked)
    bench.advance(100)
    expect(poll.reply).toBeUndefined()
    append(writer, 'letters', ['a'])
    expect(valuesIn(fetched(poll.reply).records)).toEqual(['a'])
  })

  test('ends after maxWaitMs with nothing', () => {
    const poll = sendFetch(link, 'letters', parked)
    bench.advance(499)
    expect(poll.reply).toBeUndefined()
    bench.advance(101)
    expect(fetched(poll.reply)).toMatchObject({ errorCode: 0, highWatermark: 0 })
    expect(fetched(poll.reply).records).toHaveLength(0)
  })

  test('waits until minBytes are there', () => {
    append(writer, 'letters', ['a'])
    const poll = sendFetch(link, 'letters', { ...parked, minBytes: 150 })
    bench.advance(10)
    expect(poll.reply).toBeUndefined()
    append(writer, 'letters', ['b'], 1)
    expect(poll.reply).toBeUndefined()
    append(writer, 'letters', ['b'])
    append(writer, 'letters', ['c'])
    expect(valuesIn(fetched(poll.reply).records)).toEqual(['a', 'b', 'c'])
  })

  test('does not wait with maxWaitMs 0, with minBytes 0, or when a partition fails', () => {
    link.ask(Fetch, 12, fetchDraft('letters', { maxWaitMs: 0 }))
    link.ask(Fetch, 12, fetchDraft('letters', { maxWaitMs: 500, minBytes: 0 }))
    link.ask(Fetch, 12, fetchDraft('letters', { maxWaitMs: 500, offset: 9 }))
    link.ask(Fetch, 12, fetchDraft('nowhere', { maxWaitMs: 500 }))
  })

  test('is answered when its topic is deleted', () => {
    const poll = sendFetch(link, 'letters', parked)
    deleteTopic(writer, 'letters')
    expect(fetched(poll.reply).errorCode).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
  })

  test('by id is answered when its topic is deleted and made again, and reads nothing new', () => {
    const draft = fetchDraft('letters', parked)
    const topics = [{ topicId, partitions: draft.topics[0]!.partitions }]
    const poll = link.send(Fetch, 13, { ...draft, topics })
    deleteTopic(writer, 'letters')
    const again = createTopic(writer, 'letters', { partitions: 3 })
    append(writer, 'letters', ['new'])
    expect(again).not.toBe(topicId)
    // As Apache Kafka: the session names the topic, and that name is gone.
    expect(fetched(poll.reply).errorCode).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
    expect(read(link, 'letters')).toEqual(['new'])
  })

  test('is answered when the records that it waits for are deleted', () => {
    append(writer, 'letters', ['a', 'b'])
    const poll = sendFetch(link, 'letters', { ...parked, minBytes: 1000 })
    const partitions = [{ partitionIndex: 0, offset: 2 }]
    writer.ask(DeleteRecords, 2, { topics: [{ name: 'letters', partitions }], timeoutMs: 1000 })
    expect(fetched(poll.reply).errorCode).toBe(errors.OFFSET_OUT_OF_RANGE)
  })

  test('is answered when the broker stops', async () => {
    const poll = sendFetch(link, 'letters', { maxWaitMs: 100_000 })
    bench.settle()
    await bench.stop()
    expect(fetched(poll.reply)).toMatchObject({ errorCode: 0, highWatermark: 0 })
  })

  test('leaves nothing behind when its connection closes', () => {
    sendFetch(link, 'letters', parked)
    bench.settle()
    link.close()
    append(writer, 'letters', ['a'])
    bench.advance(1000)
    expect(read(writer, 'letters')).toEqual(['a'])
  })
})

describe('what fails, fails alone', () => {
  test('an unknown id fails its partition only', () => {
    append(writer, 'letters', ['a'])
    const { partitions } = fetchDraft('letters').topics[0]!
    const unknownId = 'b3JkZXJzLXRvcGljLWlkMQ'
    const topics = [
      { topicId: unknownId, partitions },
      { topicId, partitions },
    ]
    const { errorCode, responses } = link.ask(Fetch, 13, { ...fetchDraft(''), topics })
    expect(errorCode).toBe(errors.NONE)
    const found = new Map(responses.map((topic) => [topic.topicId, topic.partitions[0]!]))
    expect(found.get(unknownId)!.errorCode).toBe(errors.UNKNOWN_TOPIC_ID)
    expect(valuesIn(found.get(topicId)!.records)).toEqual(['a'])
  })

  test('leader epochs that are too old or too new are told apart', () => {
    const at = (leaderEpoch: number) =>
      fetched(link.ask(Fetch, 12, fetchDraft('letters', { leaderEpoch }))).errorCode
    expect([at(-1), at(0), at(1)]).toEqual([errors.NONE, errors.NONE, errors.UNKNOWN_LEADER_EPOCH])
  })
})

describe('sessions', () => {
  function ask(sessionId: number, sessionEpoch: number, partitions: readonly number[]) {
    const asked = partitions.map((partition) => ({
      partition,
      fetchOffset: partition === 0 ? 1 : 0,
      partitionMaxBytes: 1 << 20,
    }))
    const topics = asked.length === 0 ? [] : [{ topic: 'letters', partitions: asked }]
    const draft = { ...fetchDraft('letters'), sessionId, sessionEpoch, topics }
    return link.ask(Fetch, 12, draft)
  }
  const indexes = (reply: ReturnType<typeof ask>): number[] =>
    reply.responses.flatMap(({ partitions }) => partitions.map((one) => one.partitionIndex))

  test('tell a partition again only when there is news', () => {
    append(writer, 'letters', ['a'])
    const first = ask(0, 0, [0, 1, 2])
    expect(first.sessionId).not.toBe(0)
    expect(indexes(first)).toEqual([0, 1, 2])
    expect(indexes(ask(first.sessionId, 1, []))).toEqual([])
    append(writer, 'letters', ['b'], 1)
    const third = ask(first.sessionId, 2, [])
    expect(indexes(third)).toEqual([1])
    expect(valuesIn(third.responses[0]!.partitions[0]!.records)).toEqual(['b'])
  })

  test('of an unknown id or a wrong epoch are refused as a whole', () => {
    const { sessionId } = ask(0, 0, [0])
    append(writer, 'letters', ['a'])
    expect(ask(sessionId, 5, [])).toMatchObject({
      errorCode: errors.INVALID_FETCH_SESSION_EPOCH,
      responses: [],
    })
    expect(ask(sessionId ^ 1, 1, []).errorCode).toBe(errors.FETCH_SESSION_ID_NOT_FOUND)
    // A final fetch ends the session.
    ask(sessionId, -1, [0])
    expect(ask(sessionId, 1, []).errorCode).toBe(errors.FETCH_SESSION_ID_NOT_FOUND)
  })

  test('forget partitions on request', () => {
    const { sessionId } = ask(0, 0, [1, 2])
    append(writer, 'letters', ['a'], 1)
    append(writer, 'letters', ['b'], 2)
    const forgottenTopicsData = [{ topic: 'letters', partitions: [1] }]
    const draft = { ...fetchDraft('letters'), sessionId, sessionEpoch: 1, topics: [] }
    expect(indexes(link.ask(Fetch, 12, { ...draft, forgottenTopicsData }))).toEqual([2])
  })

  test('by id notice that their topic was made again', () => {
    append(writer, 'letters', ['old'])
    const { partitions } = fetchDraft('letters').topics[0]!
    const draft = { ...fetchDraft(''), topics: [{ topicId, partitions }], sessionEpoch: 0 }
    const { sessionId } = link.ask(Fetch, 13, draft)
    deleteTopic(writer, 'letters')
    createTopic(writer, 'letters', { partitions: 3 })
    append(writer, 'letters', ['new'])
    const next = link.ask(Fetch, 13, { ...draft, topics: [], sessionId, sessionEpoch: 1 })
    const found = next.responses[0]!.partitions[0]!
    expect(found.errorCode).toBe(errors.INCONSISTENT_TOPIC_ID)
    expect(found.records).toHaveLength(0)
  })

  test('are not made when the cache is full of young ones', async () => {
    const small = await BrokerBench.start({ set: ['max.incremental.fetch.session.cache.slots=1'] })
    const other = small.link()
    createTopic(other, 'letters')
    const open = () => other.ask(Fetch, 12, { ...fetchDraft('letters'), sessionEpoch: 0 }).sessionId
    expect(open()).not.toBe(0)
    expect(open()).toBe(0)
    small.advance(121_000)
    expect(open()).not.toBe(0)
  })
})
