// Producing records: partitions by key, one batch per partition and request, leaders asked in
// parallel, and again when the leader has moved. Without idempotence: a lost answer may duplicate.
import { Produce } from '../../protocol/api/00-produce.ts'
import { errors } from '../../protocol/errors.ts'
import { buildBatch, COMPRESSION_TYPES } from '../../protocol/records/index.ts'
import type { Codecs, CompressionType, NewRecord } from '../../protocol/records/index.ts'
import type { Client, TopicMetadata } from './client.ts'
import { KafkaError } from './errors.ts'
import { partitionOfKey } from './partitioner.ts'

export interface OutgoingRecord extends Omit<NewRecord, 'timestamp' | 'offsetDelta'> {
  /** Milliseconds; default: now. */
  readonly timestamp?: number
  /** Default: by the key, or in turn without one. */
  readonly partition?: number
}

export interface ProduceOptions {
  /** -1 (default): all in-sync replicas; 1: the leader; 0: no answer at all. */
  readonly acks?: -1 | 0 | 1
  readonly compression?: CompressionType
  /** Needed for any compression. */
  readonly codecs?: Codecs
}

export interface Produced {
  readonly partition: number
  /** -1 with acks=0. */
  readonly baseOffset: number
  readonly count: number
}

/** Records of one batch are at most about this many bytes. */
const BATCH_BYTES = 512 * 1024
const RETRY_MS = 50

interface Batch {
  readonly partition: number
  readonly bytes: Buffer
  readonly count: number
}

/** Appends `records` in their order per partition. Rejects with KafkaError, PeerError,
 * ClientError. */
export async function produce(
  client: Client,
  topic: string,
  records: readonly OutgoingRecord[],
  options: ProduceOptions = {},
): Promise<Produced[]> {
  const { partitions } = await client.topic(topic, true)
  const queues = split(records, partitions.length, client.clock.now())
  const done: Produced[] = []
  while (queues.size > 0) {
    const batches: Batch[] = []
    for (const [partition, queue] of queues) {
      const head = takeBatch(queue)
      if (queue.length === 0) queues.delete(partition)
      const codec = COMPRESSION_TYPES.indexOf(options.compression ?? 'none')
      const bytes = buildBatch(head, { codec }, options.codecs)
      batches.push({ partition, bytes, count: head.length })
    }
    done.push(...(await sendAll(client, topic, batches, options)))
  }
  return done
}

function split(
  records: readonly OutgoingRecord[],
  partitionCount: number,
  now: number,
): Map<number, NewRecord[]> {
  const queues = new Map<number, NewRecord[]>()
  let turn = now % partitionCount
  for (const { partition: wanted, timestamp = now, ...rest } of records) {
    let partition = wanted
    if (partition === undefined && rest.key !== null) {
      partition = partitionOfKey(rest.key, partitionCount)
    }
    partition ??= turn++ % partitionCount
    let queue = queues.get(partition)
    if (queue === undefined) queues.set(partition, (queue = []))
    queue.push({ ...rest, timestamp })
  }
  return queues
}

/** Takes as many records from the front as one batch holds. */
function takeBatch(queue: NewRecord[]): NewRecord[] {
  let bytes = 0
  let count = 0
  for (const { key, value } of queue) {
    bytes += (key?.length ?? 0) + (value?.length ?? 0) + 20
    if (count > 0 && bytes > BATCH_BYTES) break
    count++
  }
  return queue.splice(0, count)
}

async function sendAll(
  client: Client,
  topic: string,
  batches: readonly Batch[],
  options: ProduceOptions,
): Promise<Produced[]> {
  const deadline = client.clock.monotonic() + client.requestTimeoutMs
  const done: Produced[] = []
  let left = batches
  for (;;) {
    const found = await client.topic(topic, true)
    const groups = [...byLeader(found, left)]
    const rounds = await Promise.all(
      groups.map(([leader, group]) => sendTo(client, { leader, topic: found, group }, options)),
    )
    const results = rounds.flat()
    done.push(...(results.filter((result) => !(result instanceof Retry)) as Produced[]))
    const again = results.filter((result) => result instanceof Retry)
    if (again.length === 0) return done
    if (client.clock.monotonic() > deadline) throw again[0]!.error
    client.forget(topic)
    left = again.map(({ batch }) => batch)
    await client.sleep(RETRY_MS)
  }
}

function byLeader(topic: TopicMetadata, batches: readonly Batch[]): Map<number, Batch[]> {
  const groups = new Map<number, Batch[]>()
  for (const batch of batches) {
    const found = topic.partitions.find((each) => each.partitionIndex === batch.partition)
    if (found === undefined) {
      const what = `${topic.name} has no partition ${batch.partition}`
      throw new KafkaError(errors.UNKNOWN_TOPIC_OR_PARTITION, what)
    }
    const group = groups.get(found.leaderId)
    if (group === undefined) groups.set(found.leaderId, [batch])
    else group.push(batch)
  }
  return groups
}

class Retry {
  readonly batch: Batch
  readonly error: KafkaError

  constructor(batch: Batch, error: KafkaError) {
    this.batch = batch
    this.error = error
  }
}

async function sendTo(
  client: Client,
  to: { leader: number; topic: TopicMetadata; group: readonly Batch[] },
  options: ProduceOptions,
): Promise<(Produced | Retry)[]> {
  const { topic, group } = to
  const acks = options.acks ?? -1
  const draft = {
    acks,
    timeoutMs: client.requestTimeoutMs,
    topicData: [
      {
        name: topic.name!,
        topicId: topic.topicId,
        partitionData: group.map(({ partition, bytes }) => ({ index: partition, records: bytes })),
      },
    ],
  }
  if (acks === 0) {
    const link = await client.link(to.leader)
    link.send(Produce, draft)
    return group.map(({ partition, count }) => ({ partition, baseOffset: -1, count }))
  }
  const reply = await client.send(Produce, draft, { to: to.leader })
  const answers = reply.responses.flatMap(({ partitionResponses }) => partitionResponses)
  return group.map((batch) => {
    const answer = answers.find(({ index }) => index === batch.partition)
    const errorCode = answer?.errorCode ?? errors.UNKNOWN_SERVER_ERROR
    if (errorCode === errors.NONE) {
      return { partition: batch.partition, baseOffset: answer!.baseOffset, count: batch.count }
    }
    const why = answer?.errorMessage ?? ''
    const error = new KafkaError(errorCode, `produce to ${topic.name}-${batch.partition} ${why}`)
    if (!error.isRetriable) throw error
    return new Retry(batch, error)
  })
}
