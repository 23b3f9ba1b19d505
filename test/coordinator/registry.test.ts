// The coordinator over logs of real batches: where groups live, when questions are answered, and
// what a load finds.
import { expect, test } from 'vitest'
import { Deadlines } from '../../base/deadlines.ts'
import { seededRandom } from '../../base/random.ts'
import { ZERO_UUID } from '../../base/uuid.ts'
import { errors } from '../../protocol/errors.ts'
import { buildBatch } from '../../protocol/records/builder.ts'
import { Codecs } from '../../protocol/records/compression/codecs.ts'
import { CONTROL_TYPES, buildControlBatch } from '../../protocol/records/control.ts'
import type { GroupLimits } from '../../src/coordinator/group/limits.ts'
import type { OffsetFetchResponseGroup } from '../../src/coordinator/group/messages.ts'
import { encodeGroupRecord } from '../../src/coordinator/group/record-codec.ts'
import { GroupCoordinator, type Outcome } from '../../src/coordinator/registry.ts'
import { ManualClock } from '../machine/manual-clock.ts'
import { MemoryShardLog } from './group/memory-shard-log.ts'
import { CALLER, LIMITS } from './group/shard-bench.ts'
import { subscription } from './group/shard-script.ts'

const COUNT = 4

function setUp(limits: Partial<GroupLimits> = {}) {
  const clock = new ManualClock()
  const failures: unknown[] = []
  const coordinator = new GroupCoordinator({
    clock,
    deadlines: new Deadlines(clock),
    random: seededRandom(1),
    codecs: new Codecs(),
    decompressedMaxBytes: 1 << 20,
    limits: () => ({ ...LIMITS, ...limits }),
    partitionCount: () => COUNT,
    maxOpenRequestsPerShard: 10,
    failed: (_, error) => failures.push(error),
    unexpected: (error) => failures.push(error),
  })
  return { clock, coordinator, failures }
}

function commitOf(groupId: string, offset: number) {
  const partition = { partitionIndex: 0, committedLeaderEpoch: -1, committedMetadata: null }
  return {
    groupId,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    retentionTimeMs: -1,
    topics: [
      { name: 't', topicId: ZERO_UUID, partitions: [{ ...partition, committedOffset: offset }] },
    ],
  }
}

function commit(coordinator: GroupCoordinator, groupId: string, offset: number): number[] {
  const settled: number[] = []
  const question = { caller: CALLER, request: commitOf(groupId, offset) }
  coordinator.ask('offset-commit', groupId, question, ({ errorCode }) => settled.push(errorCode))
  return settled
}

function fetch(coordinator: GroupCoordinator, groupId: string, requireStable = false) {
  const settled: Outcome<OffsetFetchResponseGroup>[] = []
  const request = { groupId, memberId: null, memberEpoch: -1, topics: null, requireStable }
  coordinator.ask('offset-fetch', groupId, { caller: CALLER, request }, (outcome) =>
    settled.push(outcome),
  )
  return settled
}

function offsetIn(outcome: Outcome<OffsetFetchResponseGroup> | undefined): number | undefined {
  return outcome?.reply?.topics[0]?.partitions[0]?.committedOffset
}

function join(coordinator: GroupCoordinator, groupId: string): number[] {
  const settled: number[] = []
  const request = {
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: subscription(['t']) }],
    reason: null,
  }
  const caller = { ...CALLER, apiVersion: 3 }
  coordinator.ask('join', groupId, { caller, request }, (outcome) =>
    settled.push(outcome.reply?.errorCode ?? outcome.errorCode),
  )
  return settled
}

test('a group whose partition is led elsewhere is answered NOT_COORDINATOR', () => {
  const { coordinator } = setUp()
  expect(commit(coordinator, 'g', 1)).toEqual([errors.NOT_COORDINATOR])
})

test('groups spread over the partitions, and each partition has its own log', () => {
  const { coordinator } = setUp()
  const logs = Array.from({ length: COUNT }, () => new MemoryShardLog())
  logs.forEach((log, partition) => coordinator.elect(partition, log))
  // Java: "a".hashCode() is 97, "b" is 98.
  commit(coordinator, 'a', 1)
  commit(coordinator, 'b', 1)
  expect(logs.map((log) => log.batches.length)).toEqual([0, 1, 1, 0])
})

test('an answer waits until its record is committed, and so does a read behind it', () => {
  const { coordinator } = setUp()
  const log = new MemoryShardLog()
  log.committed = 0
  coordinator.elect(coordinator.partitionOf('g'), log)
  const settled = commit(coordinator, 'g', 7)
  const read = fetch(coordinator, 'g')
  coordinator.committed()
  expect([settled, read]).toEqual([[], []])
  log.committed = log.endOffset()
  coordinator.committed()
  expect(settled).toEqual([errors.NONE])
  expect(offsetIn(read[0])).toBe(7)
})

test('what was committed is there after a restart', () => {
  const log = new MemoryShardLog()
  const first = setUp().coordinator
  first.elect(first.partitionOf('g'), log)
  for (let offset = 1; offset <= 50; offset++) commit(first, 'g', offset)
  const second = setUp().coordinator
  second.elect(second.partitionOf('g'), log)
  expect(offsetIn(fetch(second, 'g')[0])).toBe(50)
})

test('a load in the middle of a turn finds what the turn appended', () => {
  const { coordinator } = setUp()
  const log = new MemoryShardLog()
  log.buffers = true
  coordinator.elect(coordinator.partitionOf('g'), log)
  commit(coordinator, 'g', 7)
  log.epoch++
  coordinator.elect(coordinator.partitionOf('g'), log)
  expect(offsetIn(fetch(coordinator, 'g')[0])).toBe(7)
})

test('while a shard loads, in slices, it says so', () => {
  const { coordinator, clock } = setUp()
  const log = new MemoryShardLog()
  const writer = setUp().coordinator
  writer.elect(writer.partitionOf('g'), log)
  // Enough for several reads.
  for (let offset = 1; offset <= 2000; offset++) commit(writer, 'g', offset)
  const read = log.read.bind(log)
  let reads = 0
  log.read = (offset, maxBytes) => {
    reads++
    clock.suspend(3)
    return read(offset, maxBytes)
  }
  coordinator.elect(coordinator.partitionOf('g'), log)
  expect(reads).toBe(2)
  expect(commit(coordinator, 'g', 1)).toEqual([errors.COORDINATOR_LOAD_IN_PROGRESS])
  const listed: number[] = []
  const request = { statesFilter: [], typesFilter: [] }
  coordinator.list({ caller: CALLER, request }, ({ errorCode }) => listed.push(errorCode))
  expect(listed).toEqual([errors.COORDINATOR_LOAD_IN_PROGRESS])
  clock.settle()
  expect(reads).toBeGreaterThan(2)
  expect(offsetIn(fetch(coordinator, 'g')[0])).toBe(2000)
})

test('resigning answers whoever waits', () => {
  const { coordinator } = setUp({ initialRebalanceDelayMs: 3000 })
  coordinator.elect(coordinator.partitionOf('g'), new MemoryShardLog())
  const settled = join(coordinator, 'g')
  expect(settled).toEqual([])
  coordinator.stop()
  expect(settled).toEqual([errors.NOT_COORDINATOR])
})

test('a failed append answers NOT_COORDINATOR and leaves nothing behind', () => {
  const { coordinator } = setUp()
  const log = new MemoryShardLog()
  coordinator.elect(coordinator.partitionOf('g'), log)
  commit(coordinator, 'g', 1)
  log.refuses = true
  expect(commit(coordinator, 'g', 2)).toEqual([errors.NOT_COORDINATOR])
  log.refuses = false
  expect(offsetIn(fetch(coordinator, 'g')[0])).toBe(1)
})

test('a shard that holds too many requests refuses more', () => {
  const { coordinator } = setUp({ initialRebalanceDelayMs: 3000 })
  coordinator.elect(coordinator.partitionOf('g'), new MemoryShardLog())
  const all = Array.from({ length: 11 }, () => join(coordinator, 'g'))
  expect(all.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => []))
  expect(all[10]).toEqual([errors.COORDINATOR_NOT_AVAILABLE])
})

test('a list gathers the groups of all shards', () => {
  const { coordinator } = setUp()
  for (let p = 0; p < COUNT; p++) coordinator.elect(p, new MemoryShardLog())
  for (const group of ['a', 'b', 'c', 'd', 'e']) commit(coordinator, group, 1)
  const listed: string[] = []
  const request = { statesFilter: [], typesFilter: [] }
  coordinator.list({ caller: CALLER, request }, ({ reply }) => {
    for (const { groupId } of reply ?? []) listed.push(groupId)
  })
  expect(listed.sort((a, b) => (a < b ? -1 : 1))).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('a closed connection reaches the shards that know it', () => {
  const { coordinator, clock } = setUp({ ghostEviction: true })
  const log = new MemoryShardLog()
  coordinator.elect(coordinator.partitionOf('g'), log)
  join(coordinator, 'g')
  const before = log.endOffset()
  coordinator.connectionClosed(99)
  clock.advance(2000)
  expect(log.endOffset()).toBe(before)
  coordinator.connectionClosed(CALLER.connection)
  clock.advance(2000)
  expect(log.endOffset()).toBe(before + 1)
})

test('the offsets of a large deleted topic go in several batches', () => {
  const { coordinator, clock } = setUp({ maxBatchBytes: 270_000 })
  const log = new MemoryShardLog()
  coordinator.elect(coordinator.partitionOf('g'), log)
  const { topics, ...head } = commitOf('g', 1)
  const topic = topics[0]!
  for (let first = 0; first < 6000; first += 2000) {
    const partitions = Array.from({ length: 2000 }, (_, i) => ({
      ...topic.partitions[0]!,
      partitionIndex: first + i,
    }))
    const request = { ...head, topics: [{ ...topic, partitions }] }
    coordinator.ask('offset-commit', 'g', { caller: CALLER, request }, () => undefined)
  }
  expect(log.batches.length).toBe(3)
  coordinator.topicsDeleted([{ name: 't', id: ZERO_UUID }])
  clock.advance(100)
  expect(log.batches.length).toBe(6)
  expect(log.batches.every(({ length }) => length < 270_000)).toBe(true)
  expect(fetch(coordinator, 'g')[0]?.reply?.topics).toEqual([])
})

function offsetRecord(offset: number) {
  const value = {
    offset,
    leaderEpoch: -1,
    metadata: '',
    commitTimestamp: 1,
    expireTimestamp: -1,
    topicId: ZERO_UUID,
  }
  const place = { group: 'g', topic: 't', partition: 0, producerId: -1 }
  return { timestamp: 1, ...encodeGroupRecord({ kind: 'offset', ...place, value }) }
}

const TRANSACTION = { producerId: 5, producerEpoch: 0, transactional: true }

test.each([
  ['commit', CONTROL_TYPES.commit, 2],
  ['abort', CONTROL_TYPES.abort, 1],
])('offsets of a transaction count when it ends (%s)', (_, type, expected) => {
  const log = new MemoryShardLog()
  log.append(buildBatch([offsetRecord(1)]))
  log.append(buildBatch([offsetRecord(2)], { ...TRANSACTION, baseSequence: 0 }))
  const open = setUp().coordinator
  open.elect(open.partitionOf('g'), log)
  expect(offsetIn(fetch(open, 'g')[0])).toBe(1)
  const unstable = fetch(open, 'g', true)[0]?.reply?.topics[0]?.partitions[0]
  expect(unstable?.errorCode).toBe(errors.UNSTABLE_OFFSET_COMMIT)
  log.append(buildControlBatch([{ type, value: Buffer.alloc(6) }], 1, TRANSACTION))
  const ended = setUp().coordinator
  ended.elect(ended.partitionOf('g'), log)
  expect(offsetIn(fetch(ended, 'g', true)[0])).toBe(expected)
})

test('a later commit outside the transaction wins over an earlier one inside', () => {
  const log = new MemoryShardLog()
  log.append(buildBatch([offsetRecord(2)], { ...TRANSACTION, baseSequence: 0 }))
  log.append(buildBatch([offsetRecord(9)]))
  const marker = { type: CONTROL_TYPES.commit, value: Buffer.alloc(6) }
  log.append(buildControlBatch([marker], 1, TRANSACTION))
  const { coordinator } = setUp()
  coordinator.elect(coordinator.partitionOf('g'), log)
  expect(offsetIn(fetch(coordinator, 'g')[0])).toBe(9)
})

test('compressed batches and records of the future do not disturb a load', () => {
  const log = new MemoryShardLog()
  const codecs = new Codecs()
  log.append(buildBatch([offsetRecord(1), offsetRecord(2)], { codec: 1 }, codecs))
  const future = { timestamp: 1, key: Buffer.from([0x7f, 0, 1]), value: Buffer.from([0, 9, 9]) }
  log.append(buildBatch([future]))
  log.append(buildBatch([offsetRecord(3)], { codec: 3 }, codecs))
  const { coordinator } = setUp()
  coordinator.elect(coordinator.partitionOf('g'), log)
  expect(offsetIn(fetch(coordinator, 'g')[0])).toBe(3)
})

test('a damaged log stops the shard and says why', () => {
  const log = new MemoryShardLog()
  const bad = { timestamp: 1, key: Buffer.from([0, 2, 0, 1, 103]), value: Buffer.from([0, 99]) }
  log.append(buildBatch([bad]))
  const { coordinator, failures } = setUp()
  coordinator.elect(coordinator.partitionOf('g'), log)
  expect(failures).toHaveLength(1)
  expect(commit(coordinator, 'g', 1)).toEqual([errors.NOT_COORDINATOR])
})
