// Random request sequences from a seed, over domains small enough that requests meet: few topics, few
// partitions, all versions, values of which some are invalid. A sequence is data (a list of draws), so a
// failing one can be cut down to the requests that matter.
import { below, seededRandom, type Random } from '../../base/random.ts'
import { simpleBatch } from './batch.ts'
import { numberAt, textAt } from './pick.ts'
import { fetchRequest, gone, makeTopic, produceRequest, usable, type Topic } from './steps.ts'
import type { Scenario, Trial } from './trial.ts'

/** One request: what kind, and the numbers its fields are drawn from. */
export interface Draw {
  readonly kind: keyof typeof KINDS
  readonly seed: number
}

interface State {
  readonly topics: Map<string, Topic>
  readonly group: string
  member: string
  generation: number
  producerId: number
}

export function drawSequence(seed: number, length: number): Draw[] {
  const random = seededRandom(seed)
  const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[]
  const weighted = kinds.flatMap((kind) => Array.from({ length: WEIGHTS[kind] ?? 1 }, () => kind))
  const draws: Draw[] = [{ kind: 'setUp', seed: 0 }]
  while (draws.length < length) draws.push({ kind: one(random, weighted), seed: random.uint32() })
  return draws
}

export function randomScenario(name: string, draws: readonly Draw[]): Scenario {
  return {
    name,
    async run(t) {
      const state: State = {
        topics: new Map(),
        group: t.named('g'),
        member: '',
        generation: -1,
        producerId: -1,
      }
      for (const [i, draw] of draws.entries()) {
        await KINDS[draw.kind](t, state, seededRandom(draw.seed), `${i} ${draw.kind}`)
      }
    },
  }
}

const WEIGHTS: Partial<Record<string, number>> = {
  setUp: 0,
  createTopic: 2,
  produce: 10,
  fetch: 6,
  listOffsets: 3,
  deleteRecords: 4,
  commit: 2,
}

type Step = (t: Trial, state: State, random: Random, label: string) => Promise<void>

const KINDS = {
  /** One topic that is there for certain, so that the first requests meet something. */
  async setUp(t, state, _random, label) {
    const topic = await makeTopic(t, 't0', 2)
    state.topics.set(topic.name, topic)
    t.fact(label, 'made')
  },

  async createTopic(t, state, random, label) {
    const name = topicName(t, random)
    const numPartitions = one(random, [1, 2, 3, -1, 0])
    const topics = [{ name, numPartitions, replicationFactor: one(random, [1, 1, 1, -1, 0]) }]
    const version = versionOf(t, 'CreateTopics', random)
    const validateOnly = below(random, 8) === 0
    const body = await t.ask('CreateTopics', version, { topics, validateOnly }, { label })
    if (validateOnly || numberAt(body, 'topics.0.errorCode') !== 0) return
    await usable(t, name, numPartitions === -1 ? 1 : numPartitions)
    const known = await t.ask('Metadata', t.newest('Metadata'), { topics: [{ name }] }, { label })
    state.topics.set(name, { name, id: textAt(known, 'topics.0.topicId') })
  },

  async deleteTopic(t, state, random, label) {
    // Seldom the one that most requests go to.
    const name = t.named(one(random, ['t1', 't1', 't1', 't2', 't2', 't0']))
    const version = versionOf(t, 'DeleteTopics', random)
    const which = version >= 6 ? { topics: [{ name }] } : { topicNames: [name] }
    const request = { ...which, timeoutMs: 10_000 }
    await t.call('DeleteTopics', version, request, { label })
    await gone(t, name)
    // Committed offsets of a deleted topic go a moment later, and with the last of them the group.
    await new Promise((resolve) => setTimeout(resolve, 60))
    state.topics.delete(name)
  },

  async growTopic(t, state, random, label) {
    const name = topicName(t, random)
    const count = one(random, [1, 2, 3, 4, 0])
    const version = versionOf(t, 'CreatePartitions', random)
    const topics = [{ name, count, assignments: null }]
    const body = await t.ask('CreatePartitions', version, { topics, timeoutMs: 5000 }, { label })
    if (numberAt(body, 'results.0.errorCode') === 0) await usable(t, name, count)
    void state
  },

  async metadata(t, state, random, label) {
    const version = versionOf(t, 'Metadata', random)
    const topics = one(random, [[{ name: topicName(t, random) }], [], null])
    // Below v4 a named topic is created, some time later; and v0 has no null.
    if (version < 4 && topics !== null && topics.length > 0) return
    if (topics === null && version === 0) return
    await t.call('Metadata', version, { topics, allowAutoTopicCreation: false }, { label })
    void state
  },

  async producer(t, state, random, label) {
    const version = versionOf(t, 'InitProducerId', random)
    const request = { transactionalId: null, transactionTimeoutMs: 60_000 }
    const body = await t.ask('InitProducerId', version, request, { label })
    state.producerId = numberAt(body, 'producerId')
  },

  async produce(t, state, random, label) {
    const version = versionOf(t, 'Produce', random, 3)
    const idempotent = state.producerId >= 0 && below(random, 2) === 0
    const records = simpleBatch(1 + below(random, 4), {
      ...(idempotent
        ? {
            producerId: state.producerId,
            producerEpoch: one(random, [0, 0, 0, 1]),
            baseSequence: one(random, [0, 0, 0, 1, 2, 3, 4, 5]),
          }
        : {}),
      attributes: one(random, [0, 0, 1]),
      crcError: one(random, [0, 0, 0, 0, 0, 0, 0, 1]),
    })
    const fields = {
      acks: one(random, [-1, -1, 1, 1, 1, 3]),
      partition: one(random, [0, 0, 0, 1, 2, -1]),
    }
    const request = produceRequest(topicOf(t, state, random), records, fields)
    await t.call('Produce', version, request, { label })
  },

  async fetch(t, state, random, label) {
    const version = versionOf(t, 'Fetch', random)
    const request = fetchRequest(topicOf(t, state, random), {
      partition: one(random, [0, 0, 1, 2]),
      offset: below(random, 14) - 1,
      maxBytes: one(random, [1, 200, 1_000_000]),
      partitionMaxBytes: one(random, [1, 150, 1_000_000]),
      isolationLevel: below(random, 2),
      currentLeaderEpoch: one(random, [-1, -1, 0, 1]),
    })
    await t.call('Fetch', version, request, { label })
  },

  async listOffsets(t, state, random, label) {
    const version = versionOf(t, 'ListOffsets', random)
    const timestamp = one(random, [
      -1,
      -1,
      -2,
      -2,
      -3,
      -4,
      -5,
      0,
      1_700_000_000_000 + below(random, 50),
    ])
    const partition = { partitionIndex: below(random, 3), timestamp }
    const topics = [{ name: topicName(t, random), partitions: [partition] }]
    await t.call('ListOffsets', version, { replicaId: -1, topics }, { label })
    void state
  },

  async deleteRecords(t, state, random, label) {
    const version = versionOf(t, 'DeleteRecords', random)
    const partition = {
      partitionIndex: one(random, [0, 0, 0, 1]),
      offset: one(random, [-1, -1, 0, 1, 2, 3, -2, 9]),
    }
    const topics = [{ name: topicName(t, random), partitions: [partition] }]
    await t.call('DeleteRecords', version, { topics, timeoutMs: 5000 }, { label })
    void state
  },

  async epochs(t, state, random, label) {
    const version = versionOf(t, 'OffsetForLeaderEpoch', random)
    const partition = { partition: below(random, 2), leaderEpoch: below(random, 3) - 1 }
    const topics = [{ topic: topicName(t, random), partitions: [partition] }]
    const replica = version >= 3 ? { replicaId: -1 } : {}
    await t.call('OffsetForLeaderEpoch', version, { ...replica, topics }, { label })
    void state
  },

  async join(t, state, random, label) {
    // At v0 the session timeout is the rebalance timeout: waits longer than a run may take.
    const version = versionOf(t, 'JoinGroup', random, 1)
    const body = await t.ask(
      'JoinGroup',
      version,
      {
        groupId: state.group,
        sessionTimeoutMs: 30_000,
        // Long enough that a slow machine does not let a member expire between two requests.
        rebalanceTimeoutMs: 2500,
        memberId: one(random, [state.member, state.member, '', 'nobody']),
        protocolType: 'consumer',
        protocols: [{ name: one(random, ['a', 'a', 'b']), metadata: Buffer.from('m') }],
      },
      { label },
    )
    const error = numberAt(body, 'errorCode')
    if (error !== 0 && error !== 79) return
    state.member = textAt(body, 'memberId')
    if (error === 0) state.generation = numberAt(body, 'generationId')
  },

  async sync(t, state, random, label) {
    const version = versionOf(t, 'SyncGroup', random)
    const names = version >= 5 ? { protocolType: 'consumer', protocolName: 'a' } : {}
    const assignments = [{ memberId: state.member, assignment: Buffer.from('x') }]
    await t.call(
      'SyncGroup',
      version,
      { ...member(state, random), ...names, assignments },
      { label },
    )
  },

  async heartbeat(t, state, random, label) {
    await t.call('Heartbeat', versionOf(t, 'Heartbeat', random), member(state, random), { label })
  },

  async leave(t, state, random, label) {
    const version = versionOf(t, 'LeaveGroup', random)
    const { groupId, memberId } = member(state, random)
    const who = version >= 3 ? { members: [{ memberId }] } : { memberId }
    await t.call('LeaveGroup', version, { groupId, ...who }, { label })
  },

  async commit(t, state, random, label) {
    const version = versionOf(t, 'OffsetCommit', random)
    const { groupId, memberId, generationId } = member(state, random)
    const isMember = below(random, 2) === 0
    const topic = topicOf(t, state, random)
    const partition = { partitionIndex: below(random, 3), committedOffset: below(random, 9) }
    const request = {
      groupId,
      memberId: isMember ? memberId : '',
      generationIdOrMemberEpoch: isMember ? generationId : -1,
      topics: [{ name: topic.name, topicId: topic.id, partitions: [partition] }],
    }
    await t.call('OffsetCommit', version, request, { label })
  },

  async committed(t, state, random, label) {
    const version = versionOf(t, 'OffsetFetch', random)
    const topic = topicOf(t, state, random)
    const id = version >= 8 ? { topicId: topic.id } : {}
    const some = [{ name: topic.name, ...id, partitionIndexes: [0, 1, 2] }]
    const topics = version >= 2 && below(random, 2) === 0 ? null : some
    const groupId = state.group
    const request = version >= 8 ? { groups: [{ groupId, topics }] } : { groupId, topics }
    await t.call('OffsetFetch', version, request, { label })
  },

  async describe(t, state, random, label) {
    const version = versionOf(t, 'DescribeGroups', random)
    await t.call('DescribeGroups', version, { groups: [state.group] }, { label })
  },
} satisfies Record<string, Step>

function member(state: State, random: Random): { groupId: string } & Record<string, unknown> {
  return {
    groupId: state.group,
    memberId: one(random, [state.member, state.member, state.member, 'nobody', '']),
    generationId: one(random, [state.generation, state.generation, state.generation, 0, 9]),
  }
}

function topicName(t: Trial, random: Random): string {
  return t.named(one(random, ['t0', 't0', 't0', 't0', 't1', 't2']))
}

function topicOf(t: Trial, state: State, random: Random): Topic {
  const name = topicName(t, random)
  return state.topics.get(name) ?? { name, id: 'bm8tc3VjaC10b3BpYy1pZA' }
}

function versionOf(t: Trial, api: string, random: Random, from = 0): number {
  const versions = t.versions(api, from)
  if (versions.length === 0) throw new Error(`${api} is not advertised by both`)
  return one(random, versions)
}

function one<T>(random: Random, options: readonly T[]): T {
  return options[below(random, options.length)]!
}

/** For a report: the requests of a failing sequence, one a line. */
export function showDraws(draws: readonly Draw[]): string {
  return draws.map((draw) => `${draw.kind}:${draw.seed}`).join(' ')
}
