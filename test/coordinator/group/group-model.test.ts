// Model clients on a random schedule: they join, sync, heartbeat, commit, crash and leave as
// a consumer does. Whatever happens: assignments of a generation are disjoint and complete, a
// committed offset never goes back, every request is answered, and the log gives the state back.
import { expect, test } from 'vitest'
import { ZERO_UUID } from '../../../base/uuid.ts'
import { type Random, below, seededRandom } from '../../../base/random.ts'
import type { JoinGroupResponse } from '../../../src/coordinator/group/messages.ts'
import { groupMachine } from '../../../src/coordinator/group/shard.ts'
import { seedsOf } from '../../support/seeds.ts'
import { ShardBench } from './shard-bench.ts'
import { subscription } from './shard-script.ts'

const PARTITIONS = 6

class Consumer {
  state: 'out' | 'joining' | 'syncing' | 'in' = 'out'
  memberId = ''
  generation = -1
  partitions: number[] = []
  assignments: { memberId: string; assignment: Buffer }[] = []
  /** Answers to requests of an earlier life mean nothing to this one. */
  life = 0
  readonly instance: string | null
  readonly #bench: ShardBench
  readonly #name: number
  readonly #world: World

  constructor(bench: ShardBench, name: number, world: World) {
    this.#bench = bench
    this.#name = name
    this.#world = world
    this.instance = name === 0 ? 'static-0' : null
  }

  join(): void {
    this.state = 'joining'
    const life = ++this.life
    this.#bench.ask(
      'join',
      {
        groupId: 'g',
        sessionTimeoutMs: 6_000,
        rebalanceTimeoutMs: 5_000,
        memberId: this.memberId,
        groupInstanceId: this.instance,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: subscription(['t']) }],
        reason: null,
      },
      {
        caller: this.#caller(),
        answered: (reply) => {
          if (life === this.life) this.#joined(reply)
        },
        refused: () => {
          if (life === this.life) this.state = 'out'
        },
      },
    )
  }

  #joined(reply: JoinGroupResponse): void {
    if (reply.errorCode !== 0) {
      this.memberId = reply.errorCode === 79 ? reply.memberId : ''
      this.state = 'out'
      return
    }
    this.memberId = reply.memberId
    this.generation = reply.generationId
    this.state = 'syncing'
    this.assignments = assign(reply)
  }

  sync(): void {
    const life = ++this.life
    this.#bench.ask(
      'sync',
      {
        groupId: 'g',
        generationId: this.generation,
        memberId: this.memberId,
        groupInstanceId: this.instance,
        protocolType: 'consumer',
        protocolName: 'range',
        assignments: this.assignments,
      },
      {
        caller: this.#caller(),
        answered: (reply) => {
          if (life !== this.life) return
          if (reply.errorCode !== 0) return this.#failed(reply.errorCode)
          this.state = 'in'
          this.partitions = [...reply.assignment]
          this.#world.assigned(this.generation, this.memberId, this.partitions)
        },
        refused: () => {
          if (life === this.life) this.state = 'out'
        },
      },
    )
  }

  heartbeat(): void {
    const { errorCode } = this.#bench.now(
      'heartbeat',
      { ...this.#member(), generationId: this.generation },
      this.#caller(),
    )
    if (errorCode !== 0) this.#failed(errorCode)
  }

  commit(): void {
    for (const partition of this.partitions) {
      const offset = this.#world.nextOffset(partition)
      const [topic] = this.#bench.now(
        'offset-commit',
        {
          ...this.#member(),
          generationIdOrMemberEpoch: this.generation,
          retentionTimeMs: -1,
          topics: [
            {
              name: 't',
              topicId: ZERO_UUID,
              partitions: [
                {
                  partitionIndex: partition,
                  committedOffset: offset,
                  committedLeaderEpoch: -1,
                  committedMetadata: null,
                },
              ],
            },
          ],
        },
        this.#caller(),
      )
      const { errorCode } = topic!.partitions[0]!
      if (errorCode === 0) this.#world.committed.set(partition, offset)
      else return this.#failed(errorCode)
    }
  }

  leave(): void {
    this.#bench.now('leave', { groupId: 'g', members: [{ ...this.#member(), reason: null }] })
    this.#forget()
  }

  crash(): void {
    this.#bench.tell({ kind: 'connection-closed', connection: this.#name })
    this.#forget()
  }

  #forget(): void {
    this.life++
    this.memberId = ''
    this.state = 'out'
    this.partitions = []
  }

  #failed(errorCode: number): void {
    if (errorCode === 25 || errorCode === 82) this.memberId = ''
    this.state = 'out'
    this.partitions = []
  }

  #member() {
    return { groupId: 'g', memberId: this.memberId, groupInstanceId: this.instance }
  }

  #caller() {
    return { clientId: `c${this.#name}`, connection: this.#name }
  }
}

class World {
  readonly committed = new Map<number, number>()
  readonly #offsets = new Map<number, number>()
  readonly #owners = new Map<string, string>()

  nextOffset(partition: number): number {
    const next = (this.#offsets.get(partition) ?? 0) + 1
    this.#offsets.set(partition, next)
    return next
  }

  assigned(generation: number, memberId: string, partitions: readonly number[]): void {
    for (const partition of partitions) {
      const key = `${generation}/${partition}`
      const owner = this.#owners.get(key) ?? memberId
      // A static member may take over from itself under a new id, within a generation.
      const isSame = owner === memberId || (isStatic(owner) && isStatic(memberId))
      expect(isSame, `${key} has one owner`).toBe(true)
      this.#owners.set(key, memberId)
    }
  }
}

function isStatic(memberId: string): boolean {
  return memberId.startsWith('static-0')
}

/** The range assignor over one topic: disjoint and complete by construction. */
function assign(reply: JoinGroupResponse): { memberId: string; assignment: Buffer }[] {
  const ids = reply.members.map(({ memberId }) => memberId).sort((a, b) => (a < b ? -1 : 1))
  return ids.map((memberId, i) => ({
    memberId,
    assignment: Buffer.from(
      Array.from({ length: PARTITIONS }, (_, p) => p).filter((p) => p % ids.length === i),
    ),
  }))
}

function act(random: Random, consumer: Consumer): void {
  const dice = below(random, 100)
  if (dice < 2) return consumer.crash()
  switch (consumer.state) {
    case 'out':
      return dice < 70 ? consumer.join() : undefined
    case 'syncing':
      return dice < 90 ? consumer.sync() : undefined
    case 'in':
      if (dice < 40) return consumer.heartbeat()
      if (dice < 75) return consumer.commit()
      return dice < 78 ? consumer.leave() : undefined
    case 'joining':
      return undefined
  }
}

function checkAssignments(bench: ShardBench): void {
  const group = bench.state().hard.groups.get('g')
  if (group === undefined || group.members.length === 0) return
  const owned = group.members.flatMap(({ assignment }) => [...assignment]).sort((a, b) => a - b)
  expect(owned).toEqual(Array.from({ length: PARTITIONS }, (_, p) => p))
}

function checkOffsets(bench: ShardBench, world: World): void {
  const topics = [...world.committed.keys()].map((partition) => ({
    name: 't',
    topicId: ZERO_UUID,
    partitionIndexes: [partition],
  }))
  const request = { groupId: 'g', memberId: null, memberEpoch: -1, requireStable: true, topics }
  for (const topic of bench.now('offset-fetch', request).topics) {
    const { partitionIndex, committedOffset } = topic.partitions[0]!
    expect(committedOffset).toBe(world.committed.get(partitionIndex))
  }
}

for (const seed of seedsOf(1, 40)) {
  test(`a group of three to five consumers stays consistent (seed ${seed})`, () => {
    const random = seededRandom(seed)
    const bench = new ShardBench({ ghostEviction: seed % 2 === 0 }, seed)
    const world = new World()
    const count = 3 + below(random, 3)
    const consumers = Array.from({ length: count }, (_, name) => new Consumer(bench, name, world))
    for (let step = 0; step < 600; step++) {
      act(random, consumers[below(random, count)]!)
      if (below(random, 3) === 0) bench.clock.advance(below(random, 1_500))
      if (below(random, 150) === 0) bench.restart()
      checkAssignments(bench)
      checkOffsets(bench, world)
    }
    const replayed = groupMachine.create()
    bench.records.forEach((record, offset) => groupMachine.apply(replayed, record, offset))
    expect(bench.state().hard).toEqual(replayed.hard)
    expect(bench.records.length).toBeGreaterThan(20)
  })
}
