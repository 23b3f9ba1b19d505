// What a stop leaves, and what a start finds.
import { expect, test } from 'vitest'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { OffsetCommit } from '../protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../protocol/api/10-find-coordinator.ts'
import { JoinGroup } from '../protocol/api/11-join-group.ts'
import { Heartbeat } from '../protocol/api/12-heartbeat.ts'
import { SyncGroup } from '../protocol/api/14-sync-group.ts'
import { DescribeGroups } from '../protocol/api/15-describe-groups.ts'
import { CreateTopics } from '../protocol/api/19-create-topics.ts'
import { errors } from '../protocol/errors.ts'
import { BrokerBench, DATA } from './support/broker-bench.ts'
import type { RawLink } from './support/raw-link.ts'
import { append, createTopic, newTopic, offsetAt, read, sendFetch } from './support/requests.ts'

async function restart(bench: BrokerBench): Promise<RawLink> {
  await bench.stop()
  await bench.start()
  return bench.link()
}

test('a thousand partitions are there after a clean stop and after kill -9', async () => {
  const bench = await BrokerBench.start()
  let link = bench.link()
  const topics = Array.from({ length: 10 }, (_, i) => newTopic(`t${i}`, 100))
  const made = link.ask(CreateTopics, 7, { topics, timeoutMs: 60_000 })
  expect(made.topics.every(({ errorCode }) => errorCode === errors.NONE)).toBe(true)
  for (let i = 0; i < 10; i++) append(link, `t${i}`, [`value ${i}`], 10 * i)
  const check = (epoch: number): number => {
    const reply = link.ask(Metadata, 12, { topics: null })
    const partitions = reply.topics.flatMap((topic) => topic.partitions)
    expect(partitions).toHaveLength(1000)
    expect(partitions.every(({ leaderId }) => leaderId === 1)).toBe(true)
    const epochs = new Set(partitions.map(({ leaderEpoch }) => leaderEpoch))
    expect(epochs.size).toBe(1)
    const [leaderEpoch] = epochs
    expect(leaderEpoch).toBeGreaterThan(epoch)
    for (let i = 0; i < 10; i++) {
      expect(read(link, `t${i}`, { partition: 10 * i })).toEqual([`value ${i}`])
    }
    return leaderEpoch!
  }
  const first = check(-1)
  link = await restart(bench)
  const second = check(first)
  bench.crash()
  await bench.start()
  link = bench.link()
  check(second)
})

test('a stop says that it was clean, and lets go of everything', async () => {
  const bench = await BrokerBench.start()
  const link = bench.link()
  createTopic(link, 'letters')
  append(link, 'letters', ['a'])
  link.ask(FindCoordinator, 4, { coordinatorKeys: ['g'] })
  const join = {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from('m') }],
  }
  link.send(JoinGroup, 3, join)
  sendFetch(bench.link(), 'letters', { offset: 1, maxWaitMs: 100_000 })
  bench.settle()
  await bench.stop()
  expect(link.state()).toBe('closed')
  expect(bench.link().state()).toBe('closed')
  expect(bench.memory.readdir(DATA)).toContain('.kafka_cleanshutdown')
  const { operations } = bench.files
  expect(bench.files.openPaths()).toEqual([])
  // Nothing is left that would act later, and nobody waits for the end of a turn.
  const before = operations.length
  for (let i = 0; bench.clock.nextAlarm() !== undefined; i++) {
    expect(i).toBeLessThan(5)
    bench.advance(3_600_000)
  }
  expect(operations.length).toBe(before)
  expect(bench.clock.runTurn()).toBe(false)
})

test('a start that fails lets go of everything, and the next one finds the directory free', async () => {
  const bench = await BrokerBench.start()
  await bench.stop()
  const { files } = bench
  files.decide(({ kind, path }) =>
    kind === 'write' && path.includes('__cluster_metadata-0/')
      ? { kind: 'fail', code: 'ENOSPC' }
      : undefined,
  )
  await expect(bench.start()).rejects.toThrow()
  expect(bench.link().state()).toBe('closed')
  expect(files.openPaths()).toEqual([])
  files.decide(() => undefined)
  await bench.start()
  createTopic(bench.link(), 'letters')
})

test('a second broker is kept out of the directory of the first', async () => {
  const bench = await BrokerBench.start()
  await expect(bench.start()).rejects.toThrow(/in use/)
  createTopic(bench.link(), 'letters')
})

test('each restart raises the leader epoch, and committed offsets and times stay', async () => {
  const bench = await BrokerBench.start()
  let link = bench.link()
  createTopic(link, 'letters')
  link.ask(FindCoordinator, 4, { coordinatorKeys: ['g'] })
  let lastEpoch = -1
  for (let i = 0; i < 4; i++) {
    const { topics } = link.ask(Metadata, 12, { topics: [{ name: 'letters' }] })
    const { leaderEpoch } = topics[0]!.partitions[0]!
    expect(leaderEpoch).toBeGreaterThan(lastEpoch)
    lastEpoch = leaderEpoch
    expect(append(link, 'letters', [`${i}`])).toBe(i)
    expect(offsetAt(link, 'letters', -1)).toMatchObject({ offset: i + 1, leaderEpoch })
    const groups = [{ groupId: 'g', topics: [{ name: 'letters', partitionIndexes: [0] }] }]
    const { groups: found } = link.ask(OffsetFetch, 8, { groups, requireStable: false })
    expect(found[0]!.topics[0]!.partitions[0]!.committedOffset).toBe(i === 0 ? -1 : i)
    const committedOffset = i + 1
    const partition = { partitionIndex: 0, committedOffset, committedMetadata: '' }
    const commit = { groupId: 'g', memberId: '' }
    const committed = link.ask(OffsetCommit, 8, {
      ...commit,
      topics: [{ name: 'letters', partitions: [partition] }],
    })
    expect(committed.topics[0]!.partitions[0]!.errorCode).toBe(errors.NONE)
    if (i % 2 === 0) bench.crash()
    else await bench.stop()
    await bench.start()
    link = bench.link()
  }
  expect(read(link, 'letters')).toEqual(['0', '1', '2', '3'])
})

test('the cluster id stays, and the node id of the directory is kept', async () => {
  const bench = await BrokerBench.start()
  const { clusterId } = bench.broker()
  await restart(bench)
  expect(bench.broker().clusterId).toBe(clusterId)
  bench.crash()
  await bench.start()
  expect(bench.broker().clusterId).toBe(clusterId)
  expect(bench.broker().nodeId).toBe(1)
})

test.each(['kill -9', 'stop'])('a group, its members and assignments survive a %s', async (how) => {
  const bench = await BrokerBench.start()
  let link = bench.link()
  link.ask(FindCoordinator, 4, { coordinatorKeys: ['g'] })
  const join = {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from('m') }],
  }
  const { memberId } = link.ask(JoinGroup, 5, { ...join, memberId: '' })
  const joined = link.send(JoinGroup, 5, { ...join, memberId })
  bench.advance(100)
  const generationId = joined.reply!.generationId
  const assignments = [{ memberId, assignment: Buffer.from('mine') }]
  const member = { groupId: 'g', generationId, memberId }
  expect(link.ask(SyncGroup, 3, { ...member, assignments }).errorCode).toBe(errors.NONE)

  if (how === 'stop') await bench.stop()
  else bench.crash()
  await bench.start()
  link = bench.link()
  expect(link.ask(Heartbeat, 3, member).errorCode).toBe(errors.NONE)
  const { groups } = link.ask(DescribeGroups, 5, { groups: ['g'] })
  expect(groups).toMatchObject([{ errorCode: 0, groupState: 'Stable', protocolData: 'range' }])
  expect(groups[0]!.members).toMatchObject([{ memberId, memberAssignment: Buffer.from('mine') }])
  // Its session runs on: without a heartbeat it ends.
  bench.advance(10_500)
  expect(link.ask(Heartbeat, 3, member).errorCode).toBe(errors.UNKNOWN_MEMBER_ID)
})
