// The steps that many scenarios share: make a topic and wait until it can be used, produce to it, fetch
// from it, ask for its offsets, join a group. Each is one recorded call.
import type { CallOptions, Outcome, RawClient } from './raw-client.ts'
import { listAt, numberAt, pick, textAt } from './pick.ts'
import type { Message } from './codec.ts'
import type { Trial } from './trial.ts'

export interface Topic {
  readonly name: string
  readonly id: string
}

export type Options = CallOptions & { on?: RawClient; label?: string }

/** A well-formed id that no topic has. */
export const UNKNOWN_ID = 'bm8tc3VjaC10b3BpYy1pZA'

export async function makeTopic(
  t: Trial,
  suffix: string,
  partitions = 1,
  configs: Readonly<Record<string, string>> = {},
): Promise<Topic> {
  const name = t.named(suffix)
  const body = await t.ask('CreateTopics', t.newest('CreateTopics'), {
    topics: [
      {
        name,
        numPartitions: partitions,
        replicationFactor: 1,
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      },
    ],
    timeoutMs: 10_000,
  })
  const id = textAt(body, 'topics.0.topicId')
  await usable(t, name, partitions)
  return { name, id }
}

/** Until the broker leads every partition: creation is answered before that. */
export async function usable(t: Trial, name: string, partitions: number): Promise<void> {
  const indexes = Array.from({ length: partitions }, (_, partitionIndex) => partitionIndex)
  const request = { topics: [{ name }], allowAutoTopicCreation: false }
  await t.poll('Metadata', t.newest('Metadata'), request, (body) => {
    const found = pick(body, 'topics.0.partitions')
    return (
      Array.isArray(found) &&
      found.length === partitions &&
      numberAt(body, 'topics.0.errorCode') === 0
    )
  })
  const latest = indexes.map((partitionIndex) => ({ partitionIndex, timestamp: -1 }))
  const offsets = { replicaId: -1, topics: [{ name, partitions: latest }] }
  await t.poll('ListOffsets', t.newest('ListOffsets', 10), offsets, (body) =>
    listAt(body, 'topics.0.partitions').every((found) => numberAt(found, 'errorCode') === 0),
  )
}

/** Until the broker has forgotten it, its partitions too: deletion is answered before that. */
export async function gone(t: Trial, name: string): Promise<void> {
  const request = { topics: [{ name }], allowAutoTopicCreation: false }
  const isUnknown = (at: string) => (body: Message) => numberAt(body, at) === 3
  await t.poll('Metadata', t.newest('Metadata'), request, isUnknown('topics.0.errorCode'))
  const partitions = [{ partitionIndex: 0, timestamp: -1 }]
  const offsets = { replicaId: -1, topics: [{ name, partitions }] }
  const version = t.newest('ListOffsets', 10)
  await t.poll('ListOffsets', version, offsets, isUnknown('topics.0.partitions.0.errorCode'))
}

export interface ProduceFields {
  readonly acks?: number
  readonly partition?: number
  readonly version?: number
  readonly transactionalId?: string | null
}

export function produceRequest(
  topic: Topic,
  records: Uint8Array | null,
  fields: ProduceFields = {},
): Message {
  return {
    transactionalId: fields.transactionalId ?? null,
    acks: fields.acks ?? -1,
    timeoutMs: 5000,
    topicData: [
      {
        name: topic.name,
        topicId: topic.id,
        partitionData: [{ index: fields.partition ?? 0, records }],
      },
    ],
  }
}

export function produce(
  t: Trial,
  topic: Topic,
  records: Uint8Array | null,
  fields: ProduceFields & Options = {},
): Promise<Outcome> {
  const version = fields.version ?? t.newest('Produce')
  return t.call('Produce', version, produceRequest(topic, records, fields), fields)
}

export interface FetchFields {
  readonly offset?: number
  readonly partition?: number
  readonly version?: number
  readonly maxWaitMs?: number
  readonly minBytes?: number
  readonly maxBytes?: number
  readonly partitionMaxBytes?: number
  readonly isolationLevel?: number
  readonly currentLeaderEpoch?: number
  readonly lastFetchedEpoch?: number
  readonly sessionId?: number
  readonly sessionEpoch?: number
}

export function fetchRequest(topic: Topic, fields: FetchFields = {}): Message {
  return {
    maxWaitMs: fields.maxWaitMs ?? 0,
    minBytes: fields.minBytes ?? 0,
    maxBytes: fields.maxBytes ?? 10_000_000,
    isolationLevel: fields.isolationLevel ?? 0,
    sessionId: fields.sessionId ?? 0,
    sessionEpoch: fields.sessionEpoch ?? -1,
    topics: [
      {
        topic: topic.name,
        topicId: topic.id,
        partitions: [
          {
            partition: fields.partition ?? 0,
            currentLeaderEpoch: fields.currentLeaderEpoch ?? -1,
            fetchOffset: fields.offset ?? 0,
            lastFetchedEpoch: fields.lastFetchedEpoch ?? -1,
            partitionMaxBytes: fields.partitionMaxBytes ?? 1_000_000,
          },
        ],
      },
    ],
    forgottenTopicsData: [],
  }
}

export function fetchFrom(
  t: Trial,
  topic: Topic,
  fields: FetchFields & Options = {},
): Promise<Outcome> {
  const version = fields.version ?? t.newest('Fetch')
  return t.call('Fetch', version, fetchRequest(topic, fields), fields)
}

export function listOffsets(
  t: Trial,
  topic: string,
  timestamp: number,
  fields: { version?: number; partition?: number; isolationLevel?: number; epoch?: number } = {},
): Promise<Outcome> {
  return t.call('ListOffsets', fields.version ?? t.newest('ListOffsets', 11), {
    replicaId: -1,
    isolationLevel: fields.isolationLevel ?? 0,
    topics: [
      {
        name: topic,
        partitions: [
          {
            partitionIndex: fields.partition ?? 0,
            currentLeaderEpoch: fields.epoch ?? -1,
            timestamp,
          },
        ],
      },
    ],
    timeoutMs: 5000,
  })
}

export interface Member {
  readonly groupId: string
  readonly memberId: string
  readonly generationId: number
}

export function joinRequest(groupId: string, fields: Message = {}): Message {
  return {
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 3000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from('subscription') }],
    ...fields,
  }
}

/** Joins alone and syncs: a stable group of one member at the newest versions. */
export async function soleMember(t: Trial, groupId: string, fields: Message = {}): Promise<Member> {
  const version = t.newest('JoinGroup')
  let joined = await t.ask('JoinGroup', version, joinRequest(groupId, fields))
  if (numberAt(joined, 'errorCode') === 79) {
    const memberId = textAt(joined, 'memberId')
    joined = await t.ask('JoinGroup', version, joinRequest(groupId, { ...fields, memberId }))
  }
  const memberId = textAt(joined, 'memberId')
  const generationId = numberAt(joined, 'generationId')
  await t.call('SyncGroup', t.newest('SyncGroup'), {
    groupId,
    generationId,
    memberId,
    ...('groupInstanceId' in fields ? { groupInstanceId: fields['groupInstanceId'] } : {}),
    protocolType: 'consumer',
    protocolName: 'range',
    assignments: [{ memberId, assignment: Buffer.from('assignment') }],
  })
  return { groupId, memberId, generationId }
}

/** Until the coordinator of the group has loaded its partition. */
export async function coordinatorReady(t: Trial, groupId: string): Promise<void> {
  await t.poll(
    'OffsetFetch',
    t.newest('OffsetFetch', 9),
    { groups: [{ groupId, topics: null }] },
    (body) => ![14, 15, 16].includes(numberAt(body, 'groups.0.errorCode')),
  )
}

export function names(body: Message, at: string): string[] {
  return listAt(body, at).map((item) => textAt(item, 'name'))
}
