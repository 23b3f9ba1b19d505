// The requests that most tests of the whole broker make, in the versions that name topics.
import { expect } from 'vitest'
import { Produce } from '../../protocol/api/00-produce.ts'
import { Fetch } from '../../protocol/api/01-fetch.ts'
import { ListOffsets } from '../../protocol/api/02-list-offsets.ts'
import { CreateTopics } from '../../protocol/api/19-create-topics.ts'
import { DeleteTopics } from '../../protocol/api/20-delete-topics.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestDraft, ResponseOf } from '../../protocol/schema/message.ts'
import { batchOf, recordsIn, valuesIn } from './batches.ts'
import type { RawLink, Sent } from './raw-link.ts'

/** Makes a topic and gives its id. */
export function createTopic(
  link: RawLink,
  name: string,
  { partitions = 1, configs = {} }: { partitions?: number; configs?: Record<string, string> } = {},
): string {
  const reply = link.ask(CreateTopics, 7, {
    topics: [newTopic(name, partitions, configs)],
    timeoutMs: 1000,
  })
  const topic = reply.topics[0]!
  expect([topic.errorCode, topic.errorMessage]).toEqual([errors.NONE, null])
  return topic.topicId
}

export function newTopic(
  name: string,
  numPartitions: number,
  configs: Record<string, string> = {},
): RequestDraft<typeof CreateTopics>['topics'][number] {
  return {
    name,
    numPartitions,
    replicationFactor: -1,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }
}

export function deleteTopic(link: RawLink, name: string): void {
  const reply = link.ask(DeleteTopics, 5, { topicNames: [name], timeoutMs: 1000 })
  expect(reply.responses[0]!.errorCode).toBe(errors.NONE)
}

type Produced = ResponseOf<typeof Produce>['responses'][number]['partitionResponses'][number]
type Fetched = ResponseOf<typeof Fetch>['responses'][number]['partitions'][number]

export function produceDraft(
  topic: string,
  records: Uint8Array | null,
  { partition = 0, acks = 1, timeoutMs = 1000 } = {},
): RequestDraft<typeof Produce> {
  const topicData = [{ name: topic, partitionData: [{ index: partition, records }] }]
  return { acks, timeoutMs, topicData }
}

/** What the one partition of a Produce answered. */
export function produced(reply: ResponseOf<typeof Produce> | undefined): Produced {
  return reply!.responses[0]!.partitionResponses[0]!
}

/** Appends one batch of these values; they are stored, or the test fails. Gives their offset. */
export function append(
  link: RawLink,
  topic: string,
  values: readonly string[],
  partition = 0,
): number {
  const draft = produceDraft(topic, batchOf(values), { partition, acks: -1 })
  const { errorCode, baseOffset } = produced(link.ask(Produce, 9, draft))
  expect(errorCode).toBe(errors.NONE)
  return baseOffset
}

export interface FetchFields {
  readonly partition?: number
  readonly offset?: number
  readonly maxWaitMs?: number
  readonly minBytes?: number
  readonly maxBytes?: number
  readonly partitionMaxBytes?: number
  readonly leaderEpoch?: number
}

export function fetchDraft(topic: string, fields: FetchFields = {}): RequestDraft<typeof Fetch> {
  const partition = {
    partition: fields.partition ?? 0,
    currentLeaderEpoch: fields.leaderEpoch ?? -1,
    fetchOffset: fields.offset ?? 0,
    partitionMaxBytes: fields.partitionMaxBytes ?? 1 << 20,
  }
  return {
    maxWaitMs: fields.maxWaitMs ?? 0,
    minBytes: fields.minBytes ?? 1,
    maxBytes: fields.maxBytes ?? 1 << 24,
    topics: [{ topic, partitions: [partition] }],
    forgottenTopicsData: [],
  }
}

export function sendFetch(
  link: RawLink,
  topic: string,
  fields: FetchFields = {},
): Sent<ResponseOf<typeof Fetch>> {
  return link.send(Fetch, 12, fetchDraft(topic, fields))
}

/** What the one partition of a Fetch answered. */
export function fetched(reply: ResponseOf<typeof Fetch> | undefined): Fetched {
  return reply!.responses[0]!.partitions[0]!
}

/** The values in a partition from `offset` on. */
export function read(link: RawLink, topic: string, fields: FetchFields = {}): string[] {
  const found = fetched(link.ask(Fetch, 12, fetchDraft(topic, fields)))
  expect(found.errorCode).toBe(errors.NONE)
  return valuesIn(found.records)
}

/** All values in a partition; one Fetch never reads beyond a segment. */
export function readAll(link: RawLink, topic: string, partition = 0): string[] {
  const values: string[] = []
  for (let offset = 0; ;) {
    const found = fetched(link.ask(Fetch, 12, fetchDraft(topic, { partition, offset })))
    expect(found.errorCode).toBe(errors.NONE)
    const records = recordsIn(found.records).filter((record) => record.offset >= offset)
    if (records.length === 0) {
      expect(offset).toBe(found.highWatermark)
      return values
    }
    for (const { value } of records) values.push(String(value))
    offset = records.at(-1)!.offset + 1
  }
}

export function offsetAt(
  link: RawLink,
  topic: string,
  timestamp: number,
  partition = 0,
): ResponseOf<typeof ListOffsets>['topics'][number]['partitions'][number] {
  const partitions = [{ partitionIndex: partition, timestamp }]
  const topics = [{ name: topic, partitions }]
  const reply = link.ask(ListOffsets, 11, {
    replicaId: -1,
    isolationLevel: 0,
    topics,
    timeoutMs: 1000,
  })
  return reply.topics[0]!.partitions[0]!
}
