// What a connection may rely on, and what it may not do, against a whole broker.
import { beforeEach, describe, expect, test } from 'vitest'
import { Produce } from '../protocol/api/00-produce.ts'
import { Fetch } from '../protocol/api/01-fetch.ts'
import { ListOffsets } from '../protocol/api/02-list-offsets.ts'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { OffsetCommit } from '../protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../protocol/api/10-find-coordinator.ts'
import { JoinGroup } from '../protocol/api/11-join-group.ts'
import { ApiVersions } from '../protocol/api/18-api-versions.ts'
import { CreateTopics } from '../protocol/api/19-create-topics.ts'
import { DeleteTopics } from '../protocol/api/20-delete-topics.ts'
import { errors } from '../protocol/errors.ts'
import type { ResponseOf } from '../protocol/schema/message.ts'
import { handlers } from '../src/handlers/index.ts'
import { batchOf, valuesIn } from './support/batches.ts'
import { BrokerBench } from './support/broker-bench.ts'
import type { RawLink, Sent } from './support/raw-link.ts'
import { append, createTopic, fetchDraft, fetched, newTopic } from './support/requests.ts'
import { produceDraft, produced, read, sendFetch } from './support/requests.ts'

let bench: BrokerBench
let link: RawLink

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
})

describe('pipelined requests', () => {
  const SOFTWARE = { clientSoftwareName: 'bench', clientSoftwareVersion: '1' }

  function sendCommit(offset: number): Sent<ResponseOf<typeof OffsetCommit>> {
    const partition = { partitionIndex: 0, committedOffset: offset, committedMetadata: '' }
    const topics = [{ name: 'letters', partitions: [partition] }]
    return link.send(OffsetCommit, 8, { groupId: 'g', memberId: '', topics })
  }
  function sendOffsetFetch(): Sent<ResponseOf<typeof OffsetFetch>> {
    const groups = [{ groupId: 'g', topics: [{ name: 'letters', partitionIndexes: [0] }] }]
    return link.send(OffsetFetch, 8, { groups, requireStable: false })
  }
  function sendListOffsets(topic: string): Sent<ResponseOf<typeof ListOffsets>> {
    const topics = [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: -1 }] }]
    return link.send(ListOffsets, 6, { replicaId: -1, isolationLevel: 0, topics })
  }
  const offsetIn = (sent: Sent<ResponseOf<typeof ListOffsets>>): number =>
    sent.reply!.topics[0]!.partitions[0]!.offset

  /** Sends eleven requests and gives what checks their replies. */
  function round(i: number): () => void {
    const topic = `round-${i}`
    const created = link.send(CreateTopics, 5, { topics: [newTopic(topic, 1)], timeoutMs: 1000 })
    const described = link.send(Metadata, 9, {
      topics: [{ name: topic }],
      allowAutoTopicCreation: false,
    })
    const first = link.send(Produce, 9, produceDraft(topic, batchOf(['a']), { acks: 1 }))
    const second = link.send(Produce, 9, produceDraft(topic, batchOf(['b']), { acks: -1 }))
    const both = sendFetch(link, topic)
    const end = sendListOffsets(topic)
    const committed = sendCommit(i + 1)
    const offsets = sendOffsetFetch()
    link.sendOnly(Produce, 9, produceDraft(topic, batchOf(['c']), { acks: 0 }))
    const laterEnd = sendListOffsets(topic)
    const versions = link.send(ApiVersions, 3, SOFTWARE)
    const deleted = link.send(DeleteTopics, 5, { topicNames: [topic], timeoutMs: 1000 })
    const gone = sendFetch(link, topic)
    return () => {
      expect(created.reply!.topics[0]!.errorCode).toBe(errors.NONE)
      expect(described.reply!.topics[0]!.partitions[0]!.leaderId).toBe(1)
      expect([produced(first.reply).baseOffset, produced(second.reply).baseOffset]).toEqual([0, 1])
      expect(valuesIn(fetched(both.reply).records)).toEqual(['a', 'b'])
      expect([offsetIn(end), offsetIn(laterEnd)]).toEqual([2, 3])
      expect(committed.reply!.topics[0]!.partitions[0]!.errorCode).toBe(errors.NONE)
      const { committedOffset } = offsets.reply!.groups[0]!.topics[0]!.partitions[0]!
      expect(committedOffset).toBe(i + 1)
      expect(versions.reply!.errorCode).toBe(errors.NONE)
      expect(deleted.reply!.responses[0]!.errorCode).toBe(errors.NONE)
      expect(fetched(gone.reply).errorCode).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
    }
  }

  test('over a hundred, each reading what the one before wrote, are answered in order', () => {
    createTopic(link, 'letters')
    link.ask(FindCoordinator, 4, { coordinatorKeys: ['g'] })
    // The link fails when a reply comes out of order.
    const checks = Array.from({ length: 9 }, (_, i) => round(i))
    bench.settle()
    for (const check of checks) check()
  })

  test('a hundred Produces get ascending offsets, and a Fetch behind them sees them all', () => {
    createTopic(link, 'letters')
    const values = Array.from({ length: 100 }, (_, i) => String(i))
    const sent = values.map((value, i) =>
      link.send(Produce, 9, produceDraft('letters', batchOf([value]), { acks: i % 2 ? 1 : -1 })),
    )
    const all = sendFetch(link, 'letters')
    bench.settle()
    expect(sent.map(({ reply }) => produced(reply).baseOffset)).toEqual(values.map(Number))
    expect(valuesIn(fetched(all.reply).records)).toEqual(values)
  })
})

describe('a parked request holds what is behind it', () => {
  test('a Fetch, until records come from elsewhere', () => {
    createTopic(link, 'letters')
    const poll = sendFetch(link, 'letters', { maxWaitMs: 5000 })
    const behind = link.send(Metadata, 9, { topics: [] })
    bench.advance(1000)
    expect([poll.reply, behind.reply]).toEqual([undefined, undefined])
    append(bench.link(), 'letters', ['a'])
    expect(valuesIn(fetched(poll.reply).records)).toEqual(['a'])
    expect(behind.reply).toBeDefined()
  })

  test('a Produce behind a Fetch is not appended before its turn', () => {
    createTopic(link, 'letters')
    const poll = sendFetch(link, 'letters', { maxWaitMs: 1000 })
    const written = link.send(Produce, 9, produceDraft('letters', batchOf(['a'])))
    bench.advance(500)
    expect(read(bench.link(), 'letters')).toEqual([])
    bench.advance(600)
    expect(fetched(poll.reply).records).toHaveLength(0)
    expect(produced(written.reply).baseOffset).toBe(0)
  })

  test('a JoinGroup, until the rebalance ends', () => {
    link.ask(FindCoordinator, 4, { coordinatorKeys: ['g'] })
    const protocols = [{ name: 'range', metadata: Buffer.from('m') }]
    const draft = (memberId: string) => ({
      groupId: 'g',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId,
      protocolType: 'consumer',
      protocols,
    })
    const join = (on: RawLink, memberId: string) => on.send(JoinGroup, 5, draft(memberId))
    const { memberId } = link.ask(JoinGroup, 5, draft(''))
    const first = join(link, memberId)
    bench.advance(100)
    expect(first.reply!.generationId).toBe(1)
    // A second member waits for the first to join again, and so does what is behind it.
    const other = bench.link()
    const { memberId: otherId } = other.ask(JoinGroup, 5, draft(''))
    const second = join(other, otherId)
    const behind = other.send(Metadata, 9, { topics: [] })
    bench.advance(1000)
    expect([second.reply, behind.reply]).toEqual([undefined, undefined])
    const again = join(link, memberId)
    bench.advance(100)
    expect(again.reply!.generationId).toBe(2)
    expect(second.reply!.generationId).toBe(2)
    expect(behind.reply).toBeDefined()
  })
})

describe('what cannot be served closes that connection only, with a log line', () => {
  let other: RawLink

  beforeEach(() => {
    other = bench.link()
    createTopic(other, 'letters')
  })

  function expectClosed(says: string): void {
    bench.settle()
    bench.advance(10_000)
    expect(link.state()).toBe('closed')
    expect(bench.lines.filter((line) => line.includes('closed'))).toHaveLength(1)
    expect(bench.lines.join('\n')).toContain(says)
    expect(other.state()).toBe('open')
    append(other, 'letters', ['still here'])
    expect(read(other, 'letters')).toEqual(['still here'])
    expect(bench.failures).toEqual([])
  }

  test.each([24, 26, 52, 68, 94, 999, -1])('the key %i, which is not advertised', (key) => {
    expect(handlers.some(({ api }) => api.key === key)).toBe(false)
    link.sendAny(key, 0, Buffer.alloc(20))
    expectClosed(`API key ${key}`)
  })

  test.each(handlers.filter(({ api }) => api.key !== 18))(
    '$api.name in a version above its range',
    ({ api, max }) => {
      link.sendAny(api.key, max + 1, Buffer.alloc(20))
      expectClosed(api.name)
    },
  )

  test.each([0, 1, 2])('Produce %i, which is advertised for old librdkafka only', (version) => {
    link.sendAny(0, version, Buffer.alloc(20))
    expectClosed('Produce')
  })

  test('a body that ends too early', () => {
    link.exchange(Metadata, 9, Buffer.from([5, 1]))
    expectClosed('Metadata')
  })

  test('an array that claims more elements than there are bytes', () => {
    const body = Buffer.alloc(20)
    body.writeInt32BE(2 ** 31 - 1, 0)
    link.exchange(Metadata, 1, body)
    expectClosed('connection')
  })

  test('a frame that announces 2 GiB', () => {
    link.bytes(Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 3, 0, 9]))
    expectClosed('2147483647')
  })

  test('a frame of a negative length', () => {
    link.bytes(Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 3, 0, 9]))
    expectClosed('-1')
  })

  test('a frame that is too short for a header', () => {
    link.bytes(Buffer.from([0, 0, 0, 3, 0, 3, 0]))
    expectClosed('header')
  })

  test('an HTTP request, which is named as such', () => {
    link.bytes(Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'))
    expectClosed('HTTP')
  })

  test('a TLS hello, which is named as such', () => {
    link.bytes(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]))
    expectClosed('TLS')
  })

  test('replies of requests before it still arrive', () => {
    const before = link.send(Metadata, 9, { topics: [] })
    link.sendAny(999, 0, Buffer.alloc(4))
    const behind = link.send(Metadata, 9, { topics: [] })
    expectClosed('API key 999')
    expect(before.reply).toBeDefined()
    expect(behind.reply).toBeUndefined()
  })
})

describe('bytes behind the body of a request are not looked at, as with Apache Kafka', () => {
  test('ApiVersions 0 with one', () => {
    const sent = link.exchange(ApiVersions, 0, Buffer.alloc(1))
    bench.settle()
    expect(sent.reply!.errorCode).toBe(errors.NONE)
  })

  test('Metadata 13 for all topics, as librdkafka 2.16.0 sends it', () => {
    createTopic(link, 'letters')
    const sent = link.exchange(Metadata, 13, Buffer.from('00000000010000', 'hex'))
    const behind = link.send(Metadata, 9, { topics: [] })
    bench.settle()
    expect(sent.reply!.topics.map(({ name }) => name)).toContain('letters')
    expect(behind.reply).toBeDefined()
    expect(link.state()).toBe('open')
  })
})

test('a request that comes byte by byte is answered', () => {
  createTopic(link, 'letters')
  append(link, 'letters', ['a'])
  const slow = bench.link()
  const pieces: Buffer[] = []
  const whole = slow.bytes.bind(slow)
  slow.bytes = (bytes) => void pieces.push(Buffer.from(bytes))
  const sent = slow.send(Fetch, 12, fetchDraft('letters'))
  for (const byte of Buffer.concat(pieces)) {
    whole(Buffer.from([byte]))
    bench.advance(1000)
  }
  expect(valuesIn(fetched(sent.reply).records)).toEqual(['a'])
})

test('a connection that is idle for too long is closed', async () => {
  const short = await BrokerBench.start({ set: ['connections.max.idle.ms=10000'] })
  const idle = short.link()
  const busy = short.link()
  for (let i = 0; i < 5; i++) {
    short.advance(4000)
    busy.ask(Metadata, 9, { topics: [] })
  }
  expect(idle.state()).toBe('closed')
  expect(busy.state()).toBe('open')
})
