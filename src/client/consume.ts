// Consuming without a group: offsets are explicit, partitions are all of the topic or a few. Reads
// uncommitted records too (control batches are left out); commits nothing.
import { Fetch } from '../../protocol/api/01-fetch.ts'
import { ListOffsets } from '../../protocol/api/02-list-offsets.ts'
import { errors } from '../../protocol/errors.ts'
import { BatchView, decodeRecords, nextBatch } from '../../protocol/records/index.ts'
import type { Codecs, DecodedRecord } from '../../protocol/records/index.ts'
import type { Client, TopicMetadata } from './client.ts'
import { ClientError, KafkaError } from './errors.ts'

export const LATEST = -1
export const EARLIEST = -2

export interface ConsumedRecord extends DecodedRecord {
  readonly partition: number
}

export interface ConsumeOptions {
  readonly codecs: Codecs
  /** Where to begin: 'earliest' (default), 'latest', a time, or an offset per partition. */
  readonly from?: 'earliest' | 'latest' | { readonly timestamp: number } | Map<number, number>
  /** Default: all. */
  readonly partitions?: readonly number[]
  /** Goes on at the end; otherwise it stops at the end that was there at the start. */
  readonly follow?: boolean
  /** Ends the iteration when aborted. */
  readonly signal?: AbortSignal
  readonly maxWaitMs?: number
  readonly maxBytes?: number
}

const RETRY_MS = 100
const MAX_DECOMPRESSED_BYTES = 64 * 1024 * 1024

/** The offsets that answer `timestamp` (a time, LATEST or EARLIEST) for some partitions; -1: no
 * record is that young. Rejects with KafkaError. */
export async function listOffsets(
  client: Client,
  topic: string,
  partitions: readonly number[],
  timestamp: number,
): Promise<Map<number, number>> {
  const found = await client.topic(topic)
  const offsets = new Map<number, number>()
  for (const [leader, group] of byLeader(found, partitions)) {
    const asked = group.map((partitionIndex) => ({ partitionIndex, timestamp }))
    const draft = {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: topic, partitions: asked }],
      timeoutMs: client.requestTimeoutMs,
    }
    const reply = await client.send(ListOffsets, draft, { to: leader })
    for (const { partitionIndex, errorCode, offset } of reply.topics[0]?.partitions ?? []) {
      if (errorCode === errors.NONE) offsets.set(partitionIndex, offset)
      else {
        client.forget(topic)
        throw new KafkaError(errorCode, `list offsets of ${topic}-${partitionIndex}`)
      }
    }
  }
  return offsets
}

/** Records as they come, in order within a partition. Rejects with KafkaError, PeerError, ... */
export async function* consume(
  client: Client,
  topic: string,
  options: ConsumeOptions,
): AsyncGenerator<ConsumedRecord[], void, void> {
  const found = await client.topic(topic)
  const partitions = options.partitions ?? found.partitions.map((each) => each.partitionIndex)
  const positions = await startingOffsets(client, topic, partitions, options)
  const ends = options.follow === true ? null : await listOffsets(client, topic, partitions, LATEST)
  const running = new Map<number, Promise<Fetched>>()
  for (;;) {
    if (ends !== null) {
      for (const [partition, at] of positions) {
        if (at >= (ends.get(partition) ?? 0)) positions.delete(partition)
      }
    }
    if (positions.size === 0 || options.signal?.aborted === true) return
    const current = await client.topic(topic)
    for (const [leader, group] of byLeader(current, [...positions.keys()])) {
      if (running.has(leader)) continue
      const wanted = new Map(group.map((partition) => [partition, positions.get(partition)!]))
      running.set(leader, fetchFrom(client, { leader, topic: current, wanted }, options))
    }
    const fetched = await Promise.race(running.values())
    running.delete(fetched.leader)
    const records = take(fetched, positions, ends)
    if (records.length > 0) yield records
    if (fetched.problem !== null) await recover(client, { topic, positions, fetched }, options)
  }
}

async function startingOffsets(
  client: Client,
  topic: string,
  partitions: readonly number[],
  options: ConsumeOptions,
): Promise<Map<number, number>> {
  const from = options.from ?? 'earliest'
  if (from instanceof Map) return new Map(from)
  if (from === 'earliest') return listOffsets(client, topic, partitions, EARLIEST)
  const latest = await listOffsets(client, topic, partitions, LATEST)
  if (from === 'latest') return latest
  const byTime = await listOffsets(client, topic, partitions, from.timestamp)
  for (const [partition, at] of byTime) if (at < 0) byTime.set(partition, latest.get(partition)!)
  return byTime
}

function byLeader(topic: TopicMetadata, partitions: readonly number[]): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  for (const partition of partitions) {
    const leader = topic.partitions.find((each) => each.partitionIndex === partition)?.leaderId
    if (leader === undefined) {
      const what = `${topic.name} has no partition ${partition}`
      throw new KafkaError(errors.UNKNOWN_TOPIC_OR_PARTITION, what)
    }
    const group = groups.get(leader)
    if (group === undefined) groups.set(leader, [partition])
    else group.push(partition)
  }
  return groups
}

interface Fetched {
  readonly leader: number
  readonly wanted: ReadonlyMap<number, number>
  readonly records: ConsumedRecord[]
  readonly next: Map<number, number>
  problem: { readonly partition: number; readonly error: KafkaError } | null
}

async function fetchFrom(
  client: Client,
  from: { leader: number; topic: TopicMetadata; wanted: Map<number, number> },
  options: ConsumeOptions,
): Promise<Fetched> {
  const { leader, topic, wanted } = from
  const maxBytes = options.maxBytes ?? 50 * 1024 * 1024
  const partitions = Array.from(wanted, ([partition, fetchOffset]) => ({
    partition,
    fetchOffset,
    partitionMaxBytes: 1024 * 1024,
  }))
  const draft = {
    maxWaitMs: options.maxWaitMs ?? 500,
    minBytes: 1,
    maxBytes,
    topics: [{ topic: topic.name!, topicId: topic.topicId, partitions }],
    forgottenTopicsData: [],
  }
  const reply = await client.send(Fetch, draft, { to: leader })
  const next = new Map<number, number>()
  const result: Fetched = { leader, wanted, records: [], next, problem: null }
  for (const answer of reply.responses[0]?.partitions ?? []) {
    const partition = answer.partitionIndex
    if (answer.errorCode !== errors.NONE) {
      const error = new KafkaError(answer.errorCode, `fetch ${topic.name}-${partition}`)
      result.problem = { partition, error }
    } else if (answer.records !== null) {
      decodeInto(result, partition, answer.records, options.codecs)
    }
  }
  if (reply.errorCode !== errors.NONE) throw new KafkaError(reply.errorCode, 'fetch')
  return result
}

/** Decodes whole batches; the last one of a reply may be cut. */
function decodeInto(to: Fetched, partition: number, bytes: Uint8Array, codecs: Codecs): void {
  const from = to.wanted.get(partition)!
  const batch = new BatchView(bytes)
  let at = 0
  for (let size = nextBatch(bytes, 0, bytes.length); size > 0;) {
    batch.at(bytes, at)
    if (!batch.isControl) {
      const records = decodeRecords(bytes, codecs, MAX_DECOMPRESSED_BYTES, at)
      if ('error' in records) throw new ClientError('BAD_BATCH', records.reason)
      for (const record of records) {
        if (record.offset >= from) to.records.push({ partition, ...record })
      }
    }
    to.next.set(partition, batch.nextOffset)
    at += size
    size = nextBatch(bytes, at, bytes.length)
  }
}

/** Moves the positions on; what lies behind the wanted ends is not given out. */
function take(
  fetched: Fetched,
  positions: Map<number, number>,
  ends: ReadonlyMap<number, number> | null,
): ConsumedRecord[] {
  for (const [partition, next] of fetched.next) {
    if (positions.has(partition)) positions.set(partition, next)
  }
  if (ends === null) return fetched.records
  return fetched.records.filter((record) => record.offset < (ends.get(record.partition) ?? 0))
}

async function recover(
  client: Client,
  state: { topic: string; positions: Map<number, number>; fetched: Fetched },
  options: ConsumeOptions,
): Promise<void> {
  const { partition, error } = state.fetched.problem!
  if (error.errorCode === errors.OFFSET_OUT_OF_RANGE && !(options.from instanceof Map)) {
    const to = options.from === 'latest' ? LATEST : EARLIEST
    const offsets = await listOffsets(client, state.topic, [partition], to)
    state.positions.set(partition, offsets.get(partition)!)
    return
  }
  if (!error.isRetriable) throw error
  client.forget(state.topic)
  await client.sleep(RETRY_MS)
}
