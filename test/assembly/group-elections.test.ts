import { expect, test } from 'vitest'
import { Deadlines } from '../../base/deadlines.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { GroupElections } from '../../src/assembly/group-elections.ts'
import type { Partition } from '../../src/partition/partition.ts'
import { Turn } from '../../src/partition/turn.ts'
import { FindCoordinator } from '../../protocol/api/10-find-coordinator.ts'
import { Heartbeat } from '../../protocol/api/12-heartbeat.ts'
import { JoinGroup } from '../../protocol/api/11-join-group.ts'
import { errors } from '../../protocol/errors.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { deleteTopic } from '../support/requests.ts'

function fakePartition(index: number, leaderEpoch: number): Partition {
  return { index, leaderEpoch, state: 'leader' } as Partition
}

test('a shard is elected once per epoch, again for a new partition, and resigned with its topic', () => {
  const said: string[] = []
  const groups = {
    elect: (index: number) => void said.push(`elect ${index}`),
    resign: (index: number) => void said.push(`resign ${index}`),
  }
  const clock = new VirtualClock()
  const turn = new Turn(clock, () => undefined)
  const deadlines = new Deadlines(clock)
  const elections = new GroupElections({ groups, turn, clock, deadlines })
  const [zero, one] = [fakePartition(0, 5), fakePartition(1, 5)]
  elections.follow([zero, one])
  elections.follow([zero, one])
  expect(said.splice(0)).toEqual(['elect 0', 'elect 1'])
  elections.follow([zero])
  expect(said.splice(0)).toEqual(['resign 1'])
  elections.follow([fakePartition(0, 5), one])
  expect(said.splice(0)).toEqual(['elect 0', 'elect 1'])
  elections.follow([])
  expect(said).toEqual(['resign 0', 'resign 1'])
})

test('a shard that stopped is elected again, later each time it stops, while it is led here', () => {
  const said: string[] = []
  const groups = {
    elect: (index: number) => void said.push(`elect ${index}`),
    resign: (index: number) => void said.push(`resign ${index}`),
  }
  const clock = new VirtualClock()
  const turn = new Turn(clock, () => undefined)
  const elections = new GroupElections({ groups, turn, clock, deadlines: new Deadlines(clock) })
  const zero = fakePartition(0, 5)
  elections.follow([zero])
  elections.stopped(0)
  clock.advance(90)
  expect(said.splice(0)).toEqual(['elect 0'])
  clock.advance(20)
  expect(said.splice(0)).toEqual(['elect 0'])
  elections.stopped(0)
  clock.advance(190)
  expect(said).toEqual([])
  clock.advance(20)
  expect(said.splice(0)).toEqual(['elect 0'])
  elections.stopped(0)
  elections.follow([])
  clock.advance(120_000)
  expect(said).toEqual(['resign 0'])
})

function findCoordinator(bench: BrokerBench, link: RawLink): void {
  const asked = () => link.ask(FindCoordinator, 3, { key: 'g', keyType: 0 }).errorCode
  for (let tries = 0; asked() !== errors.NONE; tries++) {
    expect(tries).toBeLessThan(5)
    bench.advance(100)
  }
}

test('groups go on after __consumer_offsets was deleted and made again', async () => {
  const bench = await BrokerBench.start()
  const link = bench.link()
  const join = (): number => {
    const protocols = [{ name: 'range', metadata: Buffer.alloc(0) }]
    const draft = { groupId: 'g', sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 }
    const request = { ...draft, memberId: '', protocolType: 'consumer', protocols }
    return link.ask(JoinGroup, 3, request).errorCode
  }
  findCoordinator(bench, link)
  expect(join()).toBe(errors.NONE)
  deleteTopic(link, '__consumer_offsets')
  const beat = { groupId: 'g', generationId: 1, memberId: 'm' }
  expect(link.ask(Heartbeat, 3, beat).errorCode).toBe(errors.NOT_COORDINATOR)
  findCoordinator(bench, link)
  expect(join()).toBe(errors.NONE)
})
