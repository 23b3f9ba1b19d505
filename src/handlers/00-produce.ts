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
import type { Deadline } from '../../base/deadlines.ts'
import { type AppendResult, checkForm, type RecordError } from '../partition/append.ts'
import type { AppendWaiter, Partition } from '../partition/partition.ts'
import { handle, type Later, type RequestContext } from './handler.ts'
import { nodeEndpoint } from './endpoints.ts'
import { isInternalTopic } from './internal-topics.ts'

type Request = RequestOf<typeof Produce>
type Reply = ResponseDraft<typeof Produce>
type TopicData = Request['topicData'][number]
type PartitionData = TopicData['partitionData'][number]

interface TopicReply {
  readonly name: string
  readonly topicId: string
  readonly partitionResponses: readonly PartitionReply[]
}

/** The client id with which Apache Kafka's own tools may append to internal topics. */
const ADMIN_CLIENT_ID = '__admin_client'

/** Versions 0-2 are advertised for old librdkafka and refused by dispatch (KAFKA-18659). */
export const produce = handle(Produce, '3-13', serve, { orderIsFixed: true })

function serve(context: RequestContext<Reply>, request: Request): Reply | Later<Reply> {
  const pending = new PendingProduce(context, request.acks)
  // Nobody may append transactional records without naming the transaction.
  const isForbidden = request.transactionalId === null && hasTransactional(request)
  pending.run(request.topicData, isForbidden)
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
  readonly #context: RequestContext<Reply>
  readonly #acks: number
  #topics: readonly TopicReply[] = NO_TOPICS
  /** Appends that are not written, or not replicated, yet. */
  #open = 0
  #later: Later<Reply> | null = null
  #timeout: Deadline | null = null

  constructor(context: RequestContext<Reply>, acks: number) {
    this.#context = context
    this.#acks = acks
  }

  run(topicData: readonly TopicData[], isForbidden: boolean): void {
    // One topic and one partition are the rule: they cost no closures.
    this.#topics =
      topicData.length === 1
        ? [this.#runTopic(topicData[0]!, isForbidden)]
        : topicData.map((topic) => this.#runTopic(topic, isForbidden))
  }

  #runTopic({ name, topicId, partitionData }: TopicData, isForbidden: boolean): TopicReply {
    const topic = isForbidden
      ? errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
      : topicName(this.#context, name, topicId)
    const partitionResponses =
      partitionData.length === 1
        ? [this.#runPartition(partitionData[0]!, topic)]
        : partitionData.map((partition) => this.#runPartition(partition, topic))
    return { name, topicId, partitionResponses }
  }

  /** `topic` is its name, or why there is none. */
  #runPartition({ index, records }: PartitionData, topic: string | number): PartitionReply {
    const reply = new PartitionReply(this, index)
    if (typeof topic === 'number') reply.refuse(topic)
    else this.#append(reply, topic, records)
    return reply
  }

  /** Appends, and fills in the partition's reply, which `settled` may still turn into an error. */
  #append(reply: PartitionReply, topic: string, records: Uint8Array | null): void {
    const { node, clientId, version } = this.#context
    const { index } = reply
    const image = node.metadata.image().topicsByName.get(topic)?.partitions[index]
    if (image === undefined) return reply.refuse(errors.UNKNOWN_TOPIC_OR_PARTITION)
    if (isInternalTopic(topic) && clientId !== ADMIN_CLIENT_ID) {
      return reply.refuse(errors.INVALID_TOPIC_EXCEPTION)
    }
    const partition = node.partitions.get(topic, index)
    if (partition === undefined) {
      reply.refuse(node.partitions.absence(topic, index))
      if (version >= 10 && reply.errorCode === errors.NOT_LEADER_OR_FOLLOWER) {
        reply.currentLeader = { leaderId: image.leader, leaderEpoch: image.leaderEpoch }
      }
      return
    }
    const failure = partition.check(-1)
    if (failure !== errors.NONE) return reply.refuse(failure)
    if (this.#acks === -1 && image.isr.length < partition.settings.minInsyncReplicas) {
      return reply.refuse(errors.NOT_ENOUGH_REPLICAS)
    }
    const bytes = records ?? EMPTY
    if (this.#acks < -1 || this.#acks > 1) {
      const fault = checkForm({ bytes, version })
      return fault === undefined ? reply.refuse(errors.INVALID_REQUIRED_ACKS) : reply.take(fault)
    }
    const result = partition.append({ bytes, version, origin: 'client' })
    reply.take(result)
    if (result.errorCode !== errors.NONE) return
    node.turn.dirty(partition)
    this.#open++
    partition.awaitAppend(reply, this.#acks === -1)
  }

  start(timeoutMs: number): Reply | Later<Reply> {
    if (this.#open === 0 && this.#acks !== 0) return this.#reply()
    const later = this.#context.later()
    this.#later = later
    // Also without a reply the next request waits for the write, so that it can read it.
    if (this.#open === 0) this.#finish()
    if (this.#acks === -1) {
      const { clock, deadlines } = this.#context.node
      this.#timeout = deadlines.set(clock.monotonic() + timeoutMs, () => this.#timedOut())
    }
    return later
  }

  /** One of the appends is where it should be, or never will be. */
  settled(): void {
    this.#open--
    if (this.#open === 0) this.#finish()
  }

  #timedOut(): void {
    this.#open = 0
    for (const topic of this.#topics) {
      for (const reply of topic.partitionResponses) reply.timedOut()
    }
    this.#finish()
  }

  #finish(): void {
    if (this.#timeout !== null) this.#context.node.deadlines.cancel(this.#timeout)
    if (this.#acks !== 0) this.#later?.answer(this.#reply())
    else if (this.#hasFailed()) this.#later?.close('a Produce request with acks=0 failed')
    else this.#later?.skip()
  }

  #reply(): Reply {
    if (this.#context.version < 10) return { responses: this.#topics }
    const leaders = new Set<number>()
    for (const topic of this.#topics) {
      for (const partition of topic.partitionResponses) {
        const leader = partition.currentLeader?.leaderId ?? -1
        if (leader !== -1) leaders.add(leader)
      }
    }
    if (leaders.size === 0) return { responses: this.#topics }
    const nodeEndpoints = [...leaders].flatMap((id) => nodeEndpoint(this.#context, id) ?? [])
    return { responses: this.#topics, nodeEndpoints }
  }

  /** With acks=0 success is silence; a failure must close the connection, or nobody would know. */
  #hasFailed(): boolean {
    return this.#topics.some((topic) =>
      topic.partitionResponses.some((partition) => partition.errorCode !== errors.NONE),
    )
  }
}

/** The reply of one partition, and the place of its append among those who wait for the log: one
 * object for both, because one is made for every batch. A request may name a partition twice. */
class PartitionReply implements AppendWaiter {
  readonly index: number
  errorCode: number = errors.NONE
  baseOffset = -1
  logAppendTimeMs = -1
  logStartOffset = -1
  recordErrors: readonly RecordError[] = NO_RECORD_ERRORS
  errorMessage: string | null = null
  currentLeader: { leaderId: number; leaderEpoch: number } = NO_LEADER
  requiredOffset = -1
  readonly #request: PendingProduce
  #isOpen = false

  constructor(request: PendingProduce, index: number) {
    this.#request = request
    this.index = index
  }

  take(result: AppendResult): void {
    this.errorCode = result.errorCode
    this.baseOffset = result.baseOffset
    this.logAppendTimeMs = result.logAppendTimeMs
    this.logStartOffset = result.logStartOffset
    this.recordErrors = result.recordErrors
    this.errorMessage = result.errorMessage
    this.requiredOffset = result.lastOffset + 1
    this.#isOpen = result.errorCode === errors.NONE
  }

  refuse(errorCode: number): void {
    this.errorCode = errorCode
    this.baseOffset = this.logAppendTimeMs = this.logStartOffset = -1
  }

  settled(_: Partition, errorCode: number): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    if (errorCode !== errors.NONE) this.refuse(errorCode)
    this.#request.settled()
  }

  timedOut(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.refuse(errors.REQUEST_TIMED_OUT)
  }
}

const EMPTY = new Uint8Array(0)
const NO_TOPICS: readonly TopicReply[] = []
const NO_RECORD_ERRORS: readonly RecordError[] = []
const NO_LEADER = { leaderId: -1, leaderEpoch: -1 }
