// A whole broker on a disk that fails: what is refused, what goes on, and what is there afterwards.
import { beforeEach, describe, expect, test } from 'vitest'
import { Produce } from '../protocol/api/00-produce.ts'
import { Fetch } from '../protocol/api/01-fetch.ts'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { OffsetCommit } from '../protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../protocol/api/10-find-coordinator.ts'
import { CreateTopics } from '../protocol/api/19-create-topics.ts'
import { errors } from '../protocol/errors.ts'
import type { FsErrorCode } from '../storage/fs/fs-error.ts'
import type { OperationKind } from '../storage/fs/faulty-fs.ts'
import { batchOf, valuesIn } from './support/batches.ts'
import { BrokerBench } from './support/broker-bench.ts'
import type { RawLink } from './support/raw-link.ts'
import { append, createTopic, deleteTopic, fetchDraft, fetched } from './support/requests.ts'
import { newTopic, produceDraft, produced, read, sendFetch } from './support/requests.ts'

let bench: BrokerBench
let link: RawLink

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
  createTopic(link, 'letters', { partitions: 2 })
  append(link, 'letters', ['a'])
})

/** From now on operations of this kind fail on paths that contain `part`. */
function fail(part: string, kind: OperationKind, code: FsErrorCode = 'EIO'): void {
  bench.files.decide((operation) =>
    operation.kind === kind && operation.path.includes(part) ? { kind: 'fail', code } : undefined,
  )
}

function write(partition: number, acks = -1, version = 9): number {
  const draft = produceDraft('letters', batchOf(['b']), { partition, acks })
  return produced(link.ask(Produce, version, draft)).errorCode
}

function codeOfFetch(version: number): number {
  return fetched(link.ask(Fetch, version, fetchDraft('letters'))).errorCode
}

describe.each<FsErrorCode>(['EIO', 'ENOSPC'])('a write of records that fails with %s', (code) => {
  beforeEach(() => fail('letters-0/', 'write', code))

  test.each([1, -1])('is answered with KAFKA_STORAGE_ERROR (acks=%i)', (acks) => {
    expect(write(0, acks)).toBe(errors.KAFKA_STORAGE_ERROR)
  })

  test('fences its partition and no other, also when the disk is well again', () => {
    write(0)
    bench.files.decide(() => undefined)
    expect(write(0)).toBe(errors.KAFKA_STORAGE_ERROR)
    expect(codeOfFetch(12)).toBe(errors.KAFKA_STORAGE_ERROR)
    expect(write(1)).toBe(errors.NONE)
    expect(read(link, 'letters', { partition: 1 })).toEqual(['b'])
    createTopic(link, 'more')
    expect(bench.failures).toEqual([])
  })

  test('closes the connection of a Produce with acks=0', () => {
    link.sendOnly(Produce, 9, produceDraft('letters', batchOf(['b']), { acks: 0 }))
    bench.settle()
    expect(link.state()).toBe('closed')
  })

  test('answers the Fetch that waits there', () => {
    const poll = sendFetch(bench.link(), 'letters', { offset: 1, maxWaitMs: 60_000 })
    bench.settle()
    write(0)
    expect(fetched(poll.reply).errorCode).toBe(errors.KAFKA_STORAGE_ERROR)
  })

  test('says so in the log', () => {
    write(0)
    expect(bench.lines.filter((line) => line.includes('letters-0')).length).toBeGreaterThan(0)
  })

  test('is forgotten by a restart, and what was acknowledged is there', async () => {
    write(0)
    bench.files.decide(() => undefined)
    await bench.stop()
    expect(bench.files.openPaths()).toEqual([])
    await bench.start()
    link = bench.link()
    expect(read(link, 'letters')).toEqual(['a'])
    expect(write(0)).toBe(errors.NONE)
    expect(read(link, 'letters')).toEqual(['a', 'b'])
  })
})

test('clients of Fetch 5 and below do not know KAFKA_STORAGE_ERROR and are told to look again', () => {
  fail('letters-0/', 'write')
  write(0)
  expect(codeOfFetch(5)).toBe(errors.NOT_LEADER_OR_FOLLOWER)
  expect(codeOfFetch(6)).toBe(errors.KAFKA_STORAGE_ERROR)
})

test('half of a batch that was written is not there after a crash', async () => {
  bench.files.decide(({ kind, path }) =>
    kind === 'write' && path.includes('letters-0/')
      ? { kind: 'tear', bytes: 30, code: 'EIO' }
      : undefined,
  )
  expect(write(0)).toBe(errors.KAFKA_STORAGE_ERROR)
  bench.crash()
  await bench.start()
  link = bench.link()
  expect(read(link, 'letters')).toEqual(['a'])
  expect(write(0)).toBe(errors.NONE)
})

describe('a write of metadata that fails', () => {
  async function play(kind: OperationKind): Promise<void> {
    fail('__cluster_metadata-0/', kind)
    const other = bench.link()
    const draft = { topics: [newTopic('lost', 1)], timeoutMs: 1000 }
    const sent = other.send(CreateTopics, 5, draft)
    bench.settle()
    expect(sent.reply?.topics[0]!.errorCode).not.toBe(errors.NONE)
    expect(bench.failures).toHaveLength(1)
    expect(bench.lines.filter((line) => line.startsWith('ERROR'))).toHaveLength(1)
  }

  test.each<OperationKind>(['write', 'sync'])('(%s) stops the controller', async (kind) => {
    await play(kind)
    // The metadata that was published still serves readers until the process is stopped.
    const reply = link.ask(Metadata, 12, { topics: null })
    expect(reply.topics.map(({ name }) => name)).toEqual(['letters'])
    await bench.stop()
  })

  test.each<OperationKind>(['write', 'sync'])(
    '(%s) leaves a directory that starts',
    async (kind) => {
      await play(kind)
      await bench.stop()
      bench.files.decide(() => undefined)
      await bench.start()
      link = bench.link()
      expect(read(link, 'letters')).toEqual(['a'])
      createTopic(link, 'found')
    },
  )
})

test('a commit of offsets that fails is not answered with success, and others go on', async () => {
  link.ask(FindCoordinator, 4, { coordinatorKeys: ['g'] })
  const commit = (offset: number, groupId = 'g'): number => {
    const partition = { partitionIndex: 0, committedOffset: offset, committedMetadata: '' }
    const topics = [{ name: 'letters', partitions: [partition] }]
    const reply = link.ask(OffsetCommit, 8, { groupId, memberId: '', topics })
    return reply.topics[0]!.partitions[0]!.errorCode
  }
  expect(commit(1)).toBe(errors.NONE)
  fail('__consumer_offsets-', 'write', 'ENOSPC')
  expect(commit(2)).toBe(errors.NOT_COORDINATOR)
  expect(commit(3)).toBe(errors.NOT_COORDINATOR)
  bench.files.decide(() => undefined)
  expect(write(0)).toBe(errors.NONE)
  await bench.stop()
  await bench.start()
  link = bench.link()
  const groups = [{ groupId: 'g', topics: [{ name: 'letters', partitionIndexes: [0] }] }]
  const { groups: found } = link.ask(OffsetFetch, 8, { groups, requireStable: false })
  expect(found[0]!.topics[0]!.partitions[0]!.committedOffset).toBe(1)
})

test('a read that fails harms its partition only', () => {
  append(link, 'letters', ['z'], 1)
  fail('letters-0/', 'read')
  const partitions = [0, 1].map((partition) => ({
    partition,
    fetchOffset: 0,
    partitionMaxBytes: 1 << 20,
  }))
  const draft = { ...fetchDraft('letters'), topics: [{ topic: 'letters', partitions }] }
  const { responses } = link.ask(Fetch, 12, draft)
  const [first, second] = responses[0]!.partitions
  // Records of the tail are in memory still.
  expect([errors.NONE, errors.KAFKA_STORAGE_ERROR]).toContain(first!.errorCode)
  expect(valuesIn(second!.records)).toEqual(['z'])
})

test('a stop whose clean marker cannot be written gives the directory back, unclean', async () => {
  const bench = await BrokerBench.start()
  createTopic(bench.link(), 'letters')
  append(bench.link(), 'letters', ['a'])
  bench.files.decide(({ kind, path }) =>
    kind === 'open' && path.includes('cleanshutdown')
      ? { kind: 'fail', code: 'ENOSPC' }
      : undefined,
  )
  await bench.stop()
  expect(bench.lines.join('\n')).toContain('the files were not closed cleanly')
  bench.files.decide(() => undefined)
  await bench.start()
  expect(read(bench.link(), 'letters')).toEqual(['a'])
})

test('producers that are silent for longer than configured are forgotten', async () => {
  const bench = await BrokerBench.start({ set: ['producer.id.expiration.ms=60000'] })
  createTopic(bench.link(), 'letters')
  const first = batchOf(['a'], { producerId: 5, producerEpoch: 0, baseSequence: 0 })
  const send = (): number =>
    produced(bench.link().ask(Produce, 9, produceDraft('letters', first))).baseOffset
  expect([send(), send()]).toEqual([0, 0])
  bench.advance(500_000)
  expect(send()).toBe(0)
  bench.advance(700_000)
  // Nobody remembers that it was sent before.
  expect(send()).toBe(1)
})

describe('one operation that fails', () => {
  /** A broker with records, a group coordinator and a deleted topic. */
  async function prepared(): Promise<BrokerBench> {
    const fresh = await BrokerBench.start()
    const on = fresh.link()
    createTopic(on, 'letters')
    createTopic(on, 'gone')
    on.ask(FindCoordinator, 4, { coordinatorKeys: ['g'] })
    append(on, 'letters', ['a'])
    append(on, 'gone', ['b'])
    deleteTopic(on, 'gone')
    return fresh
  }

  /** The operation `after` the next one fails; tells whether it came to that. */
  function failOne(on: BrokerBench, after: number): () => boolean {
    const index = on.files.operations.length + after
    on.files.decide((operation) =>
      operation.index === index ? { kind: 'fail', code: 'EIO' } : undefined,
    )
    return () => on.files.operations.length > index
  }

  async function expectWhole(on: BrokerBench): Promise<void> {
    on.files.decide(() => undefined)
    await on.start()
    const whole = on.link()
    expect(read(whole, 'letters')).toEqual(['a'])
    append(whole, 'letters', ['b'])
    const { topics } = whole.ask(Metadata, 12, { topics: null })
    expect(topics.map(({ name }) => name ?? '').toSorted()).toEqual([
      '__consumer_offsets',
      'letters',
    ])
    await on.stop()
  }

  test('while starting is told, or survived, and leaves nothing open or lost', async () => {
    let wasReached = true
    for (let after = 0; wasReached; after++) {
      const on = await prepared()
      if (after % 2 === 0) on.crash()
      else await on.stop()
      const reached = failOne(on, after)
      const [outcome] = await Promise.allSettled([on.start()])
      wasReached = reached()
      if (outcome.status === 'fulfilled') await on.stop()
      else expect(String(outcome.reason)).toMatch(/EIO|disk/)
      expect(on.files.openPaths()).toEqual([])
      await expectWhole(on)
    }
  })

  test('while stopping does not keep the broker from stopping, and loses nothing', async () => {
    let wasReached = true
    for (let after = 0; wasReached; after++) {
      const on = await prepared()
      const reached = failOne(on, after)
      await on.stop()
      wasReached = reached()
      expect([after, on.files.openPaths()]).toEqual([after, []])
      await expectWhole(on)
    }
  })
})
