// Fetch: reads partitions in the order of the session (KIP-227), waits for more bytes up to maxWait
// (long poll), and answers with parts that are not copied together. Never converts messages.
import { ZERO_UUID } from '../../base/uuid.ts'
import { Fetch } from '../../protocol/api/01-fetch.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import type { RecordParts } from '../../protocol/wire/part.ts'
import type { LogSlice } from '../../storage/log-slice.ts'
import { fetchKey, type FetchContext, type FetchPartition } from '../partition/fetch-session.ts'
import type { Isolation, Partition, ReadWaiter } from '../partition/partition.ts'
import { type Filling, handle, type Later, type RequestContext } from './handler.ts'
import { nodeEndpoint } from './endpoints.ts'

type Request = RequestOf<typeof Fetch>
type Reply = ResponseDraft<typeof Fetch>
type TopicReply = Reply['responses'][number]
type PartitionReply = Filling<TopicReply['partitions'][number]>
type Context = RequestContext<Reply>

export const fetch = handle(Fetch, '4-18', (context: Context, request: Request) => {
  const session = openSession(context, request)
  if (session.errorCode !== errors.NONE) {
    return { throttleTimeMs: 0, errorCode: session.errorCode, sessionId: 0, responses: [] }
  }
  return new PendingFetch(context, request, session).start()
})

function openSession(context: Context, request: Request): FetchContext {
  const byId = context.version >= 13
  const image = context.node.metadata.image()
  const nameOf = (id: string): string | undefined => image.topicsById.get(id)?.name
  const partitions = request.topics.flatMap((topic) =>
    topic.partitions.map((asked): FetchPartition => {
      const name = byId ? (nameOf(topic.topicId) ?? null) : topic.topic
      const topicId = byId ? topic.topicId : ZERO_UUID
      return {
        key: fetchKey(name, topicId, asked.partition),
        topic: name,
        topicId,
        partition: asked.partition,
        maxBytes: asked.partitionMaxBytes,
        fetchOffset: asked.fetchOffset,
        currentLeaderEpoch: asked.currentLeaderEpoch,
        logStartOffset: asked.logStartOffset,
        lastFetchedEpoch: asked.lastFetchedEpoch,
        toldHighWatermark: -1,
        toldLogStartOffset: -1,
      }
    }),
  )
  const forgotten = request.forgottenTopicsData.flatMap((topic) =>
    topic.partitions.map((index) => fetchKey(topic.topic, byId ? topic.topicId : ZERO_UUID, index)),
  )
  // A partition that is named twice stands where it came first and asks for what came last.
  const distinct = [...new Map(partitions.map((one) => [one.key, one])).values()]
  const { sessionId, sessionEpoch } = request
  const isFollower = replicaOf(context.version, request) >= 0
  return context.node.fetchSessions.begin(
    {
      version: context.version,
      sessionId,
      sessionEpoch,
      isFollower,
      partitions: distinct,
      forgotten,
    },
    nameOf,
  )
}

function replicaOf(version: number, request: Request): number {
  return version >= 15 ? request.replicaState.replicaId : request.replicaId
}

interface ReadPartition {
  readonly asked: FetchPartition
  readonly reply: PartitionReply
  readonly records: LogSlice | null
  /** This broker's metadata does not know it: told last, and nobody's wait ends for it. */
  readonly isUnknown?: true
}

/** One Fetch between its first look at the logs and its reply. */
class PendingFetch implements ReadWaiter {
  readonly #context: Context
  readonly #request: Request
  readonly #session: FetchContext
  readonly #asked: readonly FetchPartition[]
  readonly #isolation: Isolation
  readonly #watched = new Set<Partition>()
  #later: Later<Reply> | null = null
  #lookScheduled = false
  #cancelTimeout: () => void = () => undefined

  constructor(context: Context, request: Request, session: FetchContext) {
    this.#context = context
    this.#request = request
    this.#session = session
    this.#asked = [...session.partitions]
    const fromReplica = replicaOf(context.version, request) >= 0
    this.#isolation = fromReplica
      ? 'log_end'
      : request.isolationLevel === 1
        ? 'read_committed'
        : 'read_uncommitted'
  }

  start(): Reply | Later<Reply> {
    const read = this.#read()
    if (this.#isEnough(read) || this.#request.maxWaitMs <= 0) return this.#reply(read)
    releaseAll(read)
    const later = this.#context.later()
    this.#later = later
    for (const partition of this.#watched) partition.awaitRecords(this)
    const { clock, deadlines } = this.#context.node
    const at = clock.monotonic() + this.#request.maxWaitMs
    const timeout = deadlines.set(at, () => this.stop())
    this.#cancelTimeout = () => deadlines.cancel(timeout)
    later.onAbandoned(() => this.#stop())
    this.#context.node.parked.add(this)
    return later
  }

  /** A watched partition has news: look again, once, when this turn's writes are all done. */
  readable(): void {
    if (this.#lookScheduled || this.#later === null) return
    this.#lookScheduled = true
    this.#context.node.turn.afterWrites(() => {
      this.#lookScheduled = false
      this.#look(false)
    })
  }

  /** The time is over, or the node stops: answer with what there is. */
  stop(): void {
    this.#look(true)
  }

  #look(isLast: boolean): void {
    const later = this.#later
    if (later === null) return
    try {
      const read = this.#read()
      if (isLast || this.#isEnough(read)) this.#answer(read)
      else releaseAll(read)
    } catch (error) {
      this.#context.node.unexpected(error)
      this.#stop()
      later.close('its Fetch failed')
    }
  }

  #answer(read: readonly ReadPartition[]): void {
    const later = this.#later
    this.#stop()
    if (later === null) return releaseAll(read)
    later.answer(this.#reply(read))
  }

  #stop(): void {
    this.#later = null
    this.#cancelTimeout()
    for (const partition of this.#watched) partition.forget(this)
    this.#context.node.parked.delete(this)
  }

  #read(): ReadPartition[] {
    let left = Math.min(this.#request.maxBytes, this.#context.node.limits.fetchMaxBytes)
    let minOneMessage = true
    return this.#asked.map((asked) => {
      const read = this.#readOne(asked, Math.min(asked.maxBytes, left), minOneMessage)
      const bytes = read.records?.byteLength ?? 0
      if (bytes > 0) minOneMessage = false
      left = Math.max(0, left - bytes)
      return read
    })
  }

  #readOne(asked: FetchPartition, maxBytes: number, minOneMessage: boolean): ReadPartition {
    const failed = (errorCode: number): ReadPartition => ({
      asked,
      reply: refused(asked.partition, errorCode, this.#context.version),
      records: null,
    })
    const unknown = (errorCode: number): ReadPartition => {
      const read = failed(errorCode)
      return { ...read, reply: { ...read.reply, abortedTransactions: [] }, isUnknown: true }
    }
    if (asked.topic === null) return unknown(errors.UNKNOWN_TOPIC_ID)
    const image = this.#context.node.metadata.image().topicsByName.get(asked.topic)
    const partitionImage = image?.partitions[asked.partition]
    if (partitionImage === undefined) return unknown(errors.UNKNOWN_TOPIC_OR_PARTITION)
    if (asked.topicId !== ZERO_UUID && asked.topicId !== image!.id) {
      return failed(errors.INCONSISTENT_TOPIC_ID)
    }
    const partition = this.#context.node.partitions.get(asked.topic, asked.partition)
    if (partition === undefined) {
      const code = this.#context.node.partitions.absence(asked.topic, asked.partition)
      const read = failed(code)
      const { leader: leaderId, leaderEpoch } = partitionImage
      const moved = code === errors.NOT_LEADER_OR_FOLLOWER && this.#context.version >= 16
      if (moved) read.reply.currentLeader = { leaderId, leaderEpoch }
      return read
    }
    this.#watched.add(partition)
    // Here, unlike in ListOffsets, every negative epoch means that none is given.
    const wrongEpoch = partition.check(Math.max(-1, asked.currentLeaderEpoch))
    if (wrongEpoch !== errors.NONE) return failed(wrongEpoch)
    if (asked.lastFetchedEpoch >= 0) {
      const end = partition.log.endOffsetForEpoch(asked.lastFetchedEpoch)
      if (end === undefined) return failed(errors.OFFSET_OUT_OF_RANGE)
      if (end.epoch < asked.lastFetchedEpoch || end.endOffset < asked.fetchOffset) {
        return { asked, reply: diverging(asked.partition, partition, end), records: null }
      }
    }
    if (maxBytes < 0) return failed(errors.UNKNOWN_SERVER_ERROR)
    const read = partition.read({
      offset: asked.fetchOffset,
      maxBytes,
      minOneMessage,
      isolation: this.#isolation,
    })
    if (read.errorCode !== errors.NONE) return failed(read.errorCode)
    const { highWatermark, lastStableOffset, logStartOffset, records } = read
    const committed = this.#isolation === 'read_committed'
    const abortedTransactions = committed ? aborted(partition, asked.fetchOffset, records) : null
    const reply: PartitionReply = {
      partitionIndex: asked.partition,
      errorCode: errors.NONE,
      highWatermark,
      lastStableOffset,
      logStartOffset,
      abortedTransactions,
      records: records === null ? EMPTY : partsOf(records),
    }
    return { asked, reply, records }
  }

  #isEnough(read: readonly ReadPartition[]): boolean {
    if (read.every(({ isUnknown }) => isUnknown)) return true
    const most = Math.min(this.#request.maxBytes, this.#context.node.limits.fetchMaxBytes)
    let bytes = 0
    for (const { reply, records, isUnknown } of read) {
      if (isUnknown) continue
      if (reply.errorCode !== errors.NONE || reply.divergingEpoch !== undefined) return true
      bytes += records?.byteLength ?? 0
    }
    return bytes >= Math.min(this.#request.minBytes, most)
  }

  #reply(found: readonly ReadPartition[]): Reply {
    this.#context.whenSent(() => releaseAll(found))
    // In Apache Kafka's order: what could be read or refused by a log, then what is not known.
    const read = [
      ...found.filter(({ isUnknown }) => !isUnknown),
      ...found.filter(({ isUnknown }) => isUnknown),
    ]
    const outcomes = read.map(({ reply, records }) => ({
      errorCode: reply.errorCode,
      highWatermark: reply.highWatermark,
      logStartOffset: reply.logStartOffset ?? -1,
      recordsBytes: records?.byteLength ?? 0,
      mustSend: reply.divergingEpoch !== undefined,
    }))
    const frame = this.#session.finish(
      read.map(({ asked }) => asked),
      outcomes,
    )
    const send = frame.send.map((i) => read[i]!)
    return {
      throttleTimeMs: 0,
      errorCode: frame.errorCode,
      sessionId: frame.sessionId,
      responses: byTopic(send),
      ...this.#endpoints(send),
    }
  }

  #endpoints(send: readonly ReadPartition[]): Pick<Reply, 'nodeEndpoints'> {
    const leaders = new Set(send.flatMap(({ reply }) => reply.currentLeader?.leaderId ?? []))
    if (leaders.size === 0 || this.#context.version < 16) return {}
    return { nodeEndpoints: [...leaders].flatMap((id) => nodeEndpoint(this.#context, id) ?? []) }
  }
}

const EMPTY = new Uint8Array(0)

function partsOf({ byteLength, parts }: LogSlice): RecordParts {
  return { kind: 'parts', byteLength, parts }
}

/** Neighbours of the same topic share one entry; a topic may come twice, as in Apache Kafka. */
function byTopic(send: readonly ReadPartition[]): TopicReply[] {
  const topics: (TopicReply & { readonly partitions: PartitionReply[] })[] = []
  let last: FetchPartition | undefined
  for (const { asked, reply } of send) {
    if (last === undefined || last.topic !== asked.topic || last.topicId !== asked.topicId) {
      topics.push({ topic: asked.topic ?? '', topicId: asked.topicId, partitions: [] })
    }
    topics.at(-1)!.partitions.push(reply)
    last = asked
  }
  return topics
}

function refused(partitionIndex: number, errorCode: number, version: number): PartitionReply {
  // Clients of version 5 and below do not know the storage error and would not retry.
  const known = errorCode !== errors.KAFKA_STORAGE_ERROR || version > 5
  return {
    partitionIndex,
    errorCode: known ? errorCode : errors.NOT_LEADER_OR_FOLLOWER,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: null,
    records: EMPTY,
  }
}

/** The reader's log and ours part at `divergingEpoch`: it has to truncate (KIP-595). */
function diverging(
  partitionIndex: number,
  partition: Partition,
  divergingEpoch: { epoch: number; endOffset: number },
): PartitionReply {
  const { highWatermark, lastStableOffset, log } = partition
  return {
    partitionIndex,
    errorCode: errors.NONE,
    highWatermark,
    lastStableOffset,
    logStartOffset: log.logStartOffset,
    divergingEpoch,
    abortedTransactions: null,
    records: EMPTY,
  }
}

/** As Kafka bounds them: by what was read, or by the last stable offset where nothing was. */
function aborted(
  partition: Partition,
  offset: number,
  records: LogSlice | null,
): { producerId: number; firstOffset: number }[] {
  if (records === null || records.byteLength === 0) return []
  const found = partition.log.abortedTxns(offset, partition.lastStableOffset)
  return found.map(({ producerId, firstOffset }) => ({ producerId, firstOffset }))
}

function releaseAll(read: readonly ReadPartition[]): void {
  for (const { records } of read) records?.release()
}
