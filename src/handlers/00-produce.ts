// Produce: appends one record batch per partition. Synchronous until the order of the appends is
// fixed; the reply waits for the write of this turn (acks=1) or for the high watermark (acks=all).
// The order of checks and their codes are Apache Kafka's (KIP-98 batches, KIP-467 record errors).

import { Produce } from '../../protocol/api/00-produce.ts'
import {
  ATTRIBUTES_AT,
  MAGIC_AT,
  MAGIC_V2,
  RECORD_BATCH_OVERHEAD,
  TRANSACTIONAL_BIT,
} from '../../protocol/records/batch.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { type AppendResult, checkForm } from '../partition/append.ts'
import type { PartitionImage } from '../controller/image.ts'
import type { AppendWaiter, Partition } from '../partition/partition.ts'
import { type Filling, handle, type Later, type RequestContext } from './handler.ts'
import { nodeEndpoint } from './endpoints.ts'
import { isInternalTopic } from './internal-topics.ts'

type Request = RequestOf<typeof Produce>
type Reply = ResponseDraft<typeof Produce>
type TopicReply = Filling<Reply['responses'][number]>
type PartitionReply = Filling<TopicReply['partitionResponses'][number]>

/** The client id with which Apache Kafka's own tools may append to internal topics. */
const ADMIN_CLIENT_ID = '__admin_client'

/** Versions 0-2 are advertised for old librdkafka and refused by dispatch (KAFKA-18659). */
export const produce = handle(Produce, '3-13', serve, { orderIsFixed: true })

function serve(context: RequestContext<Reply>, request: Request): Reply | Later<Reply> {
  const pending = new PendingProduce(context, request.acks)
  // Nobody may append transactional records without naming the transaction.
  const isForbidden = request.transactionalId === null && hasTransactional(request)
  for (const topic of request.topicData) {
    const name = topicName(context, topic.name, topic.topicId)
    const partitionResponses = topic.partitionData.map((data) =>
      isForbidden
        ? refused(data.index, errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
        : pending.append(name, data.index, data.records),
    )
    pending.topics.push({ name: topic.name, topicId: topic.topicId, partitionResponses })
  }
  return pending.start(request.timeoutMs)
}

function hasTransactional({ topicData }: Request): boolean {
  for (const { partitionData } of topicData) {
    for (const { records } of partitionData) {
      if (records !== null && startsTransactional(records)) return true
    }
  }
  return false
}

/** Of the first batch: a second one is refused anyway. */
function startsTransactional(records: Uint8Array): boolean {
  if (records.length < RECORD_BATCH_OVERHEAD || records[MAGIC_AT] !== MAGIC_V2) return false
  return (records[ATTRIBUTES_AT + 1]! & TRANSACTIONAL_BIT) !== 0
}

function topicName(context: RequestContext<Reply>, name: string, id: string): string | number {
  if (context.version < 13) return name
  const topic = context.node.metadata.image().topicsById.get(id)
  return topic === undefined ? errors.UNKNOWN_TOPIC_ID : topic.name
}

/** One Produce request between its appends and its reply. */
class PendingProduce {
  readonly topics: TopicReply[] = []
  readonly #context: RequestContext<Reply>
  readonly #acks: number
  /** Appends that are not written, or not replicated, yet. */
  readonly #open = new Set<PendingAppend>()
  #later: Later<Reply> | null = null
  #cancelTimeout: () => void = () => undefined

  constructor(context: RequestContext<Reply>, acks: number) {
    this.#context = context
    this.#acks = acks
  }

  /** Appends, and gives the partition's reply, which `settled` may still turn into an error. */
  append(topic: string | number, index: number, records: Uint8Array | null): PartitionReply {
    if (typeof topic === 'number') return refused(index, topic)
    const { node, clientId, version } = this.#context
    const image = node.metadata.image().topicsByName.get(topic)
    if (image?.partitions[index] === undefined) {
      return refused(index, errors.UNKNOWN_TOPIC_OR_PARTITION)
    }
    if (isInternalTopic(topic) && clientId !== ADMIN_CLIENT_ID) {
      return refused(index, errors.INVALID_TOPIC_EXCEPTION)
    }
    const partition = node.partitions.get(topic, index)
    if (partition === undefined) {
      return this.#absent(node.partitions.absence(topic, index), image.partitions[index])
    }
    const failure = partition.check(-1)
    if (failure !== errors.NONE) return refused(index, failure)
    const settings = partition.settings
    if (this.#acks === -1 && image.partitions[index].isr.length < settings.minInsyncReplicas) {
      return refused(index, errors.NOT_ENOUGH_REPLICAS)
    }
    const bytes = records ?? EMPTY
    if (this.#acks < -1 || this.#acks > 1) {
      const fault = checkForm({ bytes, version })
      return fault === undefined
        ? refused(index, errors.INVALID_REQUIRED_ACKS)
        : partitionReply(index, fault)
    }
    const result = partition.append({ bytes, version, origin: 'client' })
    const reply = partitionReply(index, result)
    if (result.errorCode === errors.NONE) {
      node.turn.dirty(partition)
      const append = new PendingAppend(this, reply)
      this.#open.add(append)
      partition.awaitAppend(append, result.lastOffset + 1, this.#acks === -1)
    }
    return reply
  }

  start(timeoutMs: number): Reply | Later<Reply> {
    if (this.#open.size === 0 && this.#acks !== 0) return this.#reply()
    const later = this.#context.later()
    this.#later = later
    // Also without a reply the next request waits for the write, so that it can read it.
    if (this.#open.size === 0) this.#finish()
    if (this.#acks === -1) {
      const { clock, deadlines } = this.#context.node
      const timeout = deadlines.set(clock.monotonic() + timeoutMs, () => this.#timedOut())
      this.#cancelTimeout = () => deadlines.cancel(timeout)
    }
    return later
  }

  settled(append: PendingAppend, errorCode: number): void {
    if (!this.#open.delete(append)) return
    if (errorCode !== errors.NONE) append.fail(errorCode)
    if (this.#open.size === 0) this.#finish()
  }

  #timedOut(): void {
    for (const append of this.#open) append.fail(errors.REQUEST_TIMED_OUT)
    this.#open.clear()
    this.#finish()
  }

  #finish(): void {
    this.#cancelTimeout()
    if (this.#acks !== 0) this.#later?.answer(this.#reply())
    else if (this.#hasFailed()) this.#later?.close('a Produce request with acks=0 failed')
    else this.#later?.skip()
  }

  #reply(): Reply {
    if (this.#context.version < 10) return { responses: this.topics }
    const leaders = new Set<number>()
    for (const topic of this.topics) {
      for (const partition of topic.partitionResponses) {
        const leader = partition.currentLeader?.leaderId ?? -1
        if (leader !== -1) leaders.add(leader)
      }
    }
    if (leaders.size === 0) return { responses: this.topics }
    const nodeEndpoints = [...leaders].flatMap((id) => nodeEndpoint(this.#context, id) ?? [])
    return { responses: this.topics, nodeEndpoints }
  }

  /** With acks=0 success is silence; a failure must close the connection, or nobody would know. */
  #hasFailed(): boolean {
    return this.topics.some((topic) =>
      topic.partitionResponses.some((partition) => partition.errorCode !== errors.NONE),
    )
  }

  #absent(code: number, image: PartitionImage): PartitionReply {
    const { index } = image
    const reply = refused(index, code)
    if (code === errors.NOT_LEADER_OR_FOLLOWER) {
      reply.currentLeader = { leaderId: image.leader, leaderEpoch: image.leaderEpoch }
    }
    return reply
  }
}

/** One append of a request; a request may name a partition twice. */
class PendingAppend implements AppendWaiter {
  readonly #request: PendingProduce
  readonly #reply: PartitionReply

  constructor(request: PendingProduce, reply: PartitionReply) {
    this.#request = request
    this.#reply = reply
  }

  settled(_: Partition, errorCode: number): void {
    this.#request.settled(this, errorCode)
  }

  fail(errorCode: number): void {
    Object.assign(this.#reply, refused(this.#reply.index, errorCode))
  }
}

const EMPTY = new Uint8Array(0)

function partitionReply(index: number, result: AppendResult): PartitionReply {
  if (result.errorCode === errors.NONE) {
    return {
      index,
      errorCode: errors.NONE,
      baseOffset: result.baseOffset,
      logAppendTimeMs: result.logAppendTimeMs,
      logStartOffset: result.logStartOffset,
    }
  }
  const { errorCode, logStartOffset, recordErrors, errorMessage } = result
  const reply = refused(index, errorCode)
  reply.logStartOffset = logStartOffset
  reply.recordErrors = recordErrors
  reply.errorMessage = errorMessage
  return reply
}

function refused(index: number, errorCode: number): PartitionReply {
  return { index, errorCode, baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1 }
}
