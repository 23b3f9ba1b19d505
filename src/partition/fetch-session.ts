// Incremental fetch sessions (KIP-227): what a consumer or follower asked for last time and what it
// was told, so that an idle partition costs no bytes. Knows nothing of logs: the Fetch handler
// reads the partitions that a context lists and hands the results back to be filtered.
import type { Uuid } from '../../base/uuid.ts'
import { ZERO_UUID } from '../../base/uuid.ts'
import { errors } from '../../protocol/errors.ts'

const INVALID_SESSION_ID = 0
const INITIAL_EPOCH = 0
const FINAL_EPOCH = -1

/** One partition of a fetch: what was asked, and, in a session, what the reader was told last. */
export interface FetchPartition {
  readonly key: string
  /** null while the topic id is not known (version 13 and above). */
  topic: string | null
  readonly topicId: Uuid
  readonly partition: number
  maxBytes: number
  fetchOffset: number
  currentLeaderEpoch: number
  logStartOffset: number
  lastFetchedEpoch: number
  toldHighWatermark: number
  toldLogStartOffset: number
}

/** The part of a partition's reply that decides whether it must be sent. */
export interface FetchOutcome {
  readonly errorCode: number
  readonly highWatermark: number
  readonly logStartOffset: number
  readonly recordsBytes: number
  /** A preferred replica or a diverging epoch is in the reply. */
  readonly mustSend: boolean
}

export interface FetchSessionRequest {
  readonly version: number
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly isFollower: boolean
  readonly partitions: readonly FetchPartition[]
  /** Keys (see `fetchKey`) of partitions to drop from the session. */
  readonly forgotten: readonly string[]
}

export interface FetchContext {
  /** Not NONE: the reply carries this code and nothing else. */
  readonly errorCode: number
  readonly partitions: Iterable<FetchPartition>
  /** Which of `partitions` (by position in `outcomes`) the reply must carry. */
  finish(read: readonly FetchPartition[], outcomes: readonly FetchOutcome[]): FetchReplyFrame
}

export interface FetchReplyFrame {
  readonly errorCode: number
  readonly sessionId: number
  /** Positions to send, ascending. */
  readonly send: readonly number[]
}

export interface FetchSessionLimits {
  readonly slots: number
  /** A session untouched for so long may be evicted by any other (milliseconds). */
  readonly evictionMs: number
  /** That all sessions together may list: a peer adds to its session as it likes. */
  readonly partitions: number
}

/** Sessions are identified by topic id from version 13 on, by name before; never mixed. */
export function fetchKey(topic: string | null, topicId: Uuid, partition: number): string {
  return topicId === ZERO_UUID ? `${partition}:${topic}` : `${partition}:${topicId}`
}

interface Session {
  readonly id: number
  readonly isFollower: boolean
  readonly usesTopicIds: boolean
  readonly createdAt: number
  usedAt: number
  epoch: number
  /** In the order in which they are read; one that returned data moves to the end. */
  readonly partitions: Map<string, FetchPartition>
}

export class FetchSessions {
  readonly #limits: FetchSessionLimits
  readonly #monotonic: () => number
  readonly #uint32: () => number
  /** Least recently used first. */
  readonly #sessions = new Map<number, Session>()
  /** Listed by all sessions. */
  #partitions = 0

  constructor(limits: FetchSessionLimits, monotonic: () => number, uint32: () => number) {
    this.#limits = limits
    this.#monotonic = monotonic
    this.#uint32 = uint32
  }

  get size(): number {
    return this.#sessions.size
  }

  /** Opens the context of one request; `nameOf` resolves a topic id that was unknown before. */
  begin(request: FetchSessionRequest, nameOf: (id: Uuid) => string | undefined): FetchContext {
    if (request.sessionEpoch === INITIAL_EPOCH || request.sessionEpoch === FINAL_EPOCH) {
      this.#drop(this.#sessions.get(request.sessionId))
      return request.sessionEpoch === FINAL_EPOCH
        ? sessionless(request.partitions)
        : this.#full(request)
    }
    const session = this.#sessions.get(request.sessionId)
    if (session === undefined) return refused(errors.FETCH_SESSION_ID_NOT_FOUND)
    if (session.epoch !== request.sessionEpoch) return refused(errors.INVALID_FETCH_SESSION_EPOCH)
    if (session.usesTopicIds !== request.version >= 13) {
      return refused(errors.FETCH_SESSION_TOPIC_ID_ERROR)
    }
    const before = session.partitions.size
    update(session, request)
    const grown = session.partitions.size - before
    this.#partitions += grown
    if (session.partitions.size === 0) {
      this.#drop(session)
      return sessionless(request.partitions)
    }
    if (grown > 0 && this.#partitions > this.#limits.partitions) {
      // It asks for everything anew, and gets it without a session if that is still too much.
      this.#drop(session)
      return refused(errors.FETCH_SESSION_ID_NOT_FOUND)
    }
    this.#touch(session)
    session.epoch = nextEpoch(session.epoch)
    return incremental(session, nextEpoch(request.sessionEpoch), nameOf)
  }

  #full(request: FetchSessionRequest): FetchContext {
    return {
      errorCode: errors.NONE,
      partitions: request.partitions,
      finish: (read, outcomes) => ({
        errorCode: errors.NONE,
        sessionId: this.#create(request, read, outcomes),
        send: everything(read),
      }),
    }
  }

  #create(
    request: FetchSessionRequest,
    read: readonly FetchPartition[],
    outcomes: readonly FetchOutcome[],
  ): number {
    const now = this.#monotonic()
    if (this.#sessions.size >= this.#limits.slots) {
      const victim = this.#victim(request.isFollower, read.length, now)
      if (victim === undefined) return INVALID_SESSION_ID
      this.#drop(victim)
    }
    if (this.#partitions + read.length > this.#limits.partitions) return INVALID_SESSION_ID
    const session: Session = {
      id: this.#newId(),
      isFollower: request.isFollower,
      usesTopicIds: request.version >= 13,
      createdAt: now,
      usedAt: now,
      epoch: nextEpoch(INITIAL_EPOCH),
      partitions: new Map(),
    }
    for (const [i, partition] of read.entries()) {
      partition.toldHighWatermark = outcomes[i]!.highWatermark
      partition.toldLogStartOffset = outcomes[i]!.logStartOffset
      session.partitions.set(partition.key, partition)
    }
    this.#sessions.set(session.id, session)
    this.#partitions += session.partitions.size
    return session.id
  }

  #drop(session: Session | undefined): void {
    if (session === undefined || !this.#sessions.delete(session.id)) return
    this.#partitions -= session.partitions.size
  }

  /** Kafka's rule: the least recently used if stale, else the least valuable of those that this
   * kind of request may displace; followers count more than consumers, then larger sessions. */
  #victim(isFollower: boolean, size: number, now: number): Session | undefined {
    const oldest = this.#sessions.values().next().value
    if (oldest === undefined || now - oldest.usedAt > this.#limits.evictionMs) return oldest
    let worst: Session | undefined
    for (const session of this.#sessions.values()) {
      const aged = session.usedAt - session.createdAt > this.#limits.evictionMs
      const displaceable = aged || (isFollower && !session.isFollower)
      if (displaceable && (worst === undefined || moreValuable(worst, session))) worst = session
    }
    if (worst === undefined) return undefined
    const proposed = { isFollower, partitions: { size } }
    return moreValuable(proposed, worst) ? worst : undefined
  }

  #touch(session: Session): void {
    session.usedAt = this.#monotonic()
    this.#sessions.delete(session.id)
    this.#sessions.set(session.id, session)
  }

  #newId(): number {
    for (;;) {
      const id = this.#uint32() & 0x7fffffff
      if (id !== INVALID_SESSION_ID && !this.#sessions.has(id)) return id
    }
  }
}

function update(session: Session, request: FetchSessionRequest): void {
  for (const asked of request.partitions) {
    const known = session.partitions.get(asked.key)
    if (known === undefined) {
      session.partitions.set(asked.key, asked)
      continue
    }
    known.maxBytes = asked.maxBytes
    known.fetchOffset = asked.fetchOffset
    known.currentLeaderEpoch = asked.currentLeaderEpoch
    known.logStartOffset = asked.logStartOffset
    known.lastFetchedEpoch = asked.lastFetchedEpoch
  }
  for (const key of request.forgotten) session.partitions.delete(key)
}

function incremental(
  session: Session,
  expectedEpoch: number,
  nameOf: (id: Uuid) => string | undefined,
): FetchContext {
  for (const partition of session.partitions.values()) {
    if (partition.topic === null) partition.topic = nameOf(partition.topicId) ?? null
  }
  return {
    errorCode: errors.NONE,
    partitions: session.partitions.values(),
    finish(read, outcomes) {
      // The session moved on while this request was parked: a duplicate of it was served.
      if (session.epoch !== expectedEpoch) {
        return { errorCode: errors.INVALID_FETCH_SESSION_EPOCH, sessionId: session.id, send: [] }
      }
      const send: number[] = []
      for (const [i, partition] of read.entries()) {
        const outcome = outcomes[i]!
        if (!tell(partition, outcome)) continue
        send.push(i)
        if (outcome.recordsBytes > 0 && session.partitions.delete(partition.key)) {
          session.partitions.set(partition.key, partition)
        }
      }
      return { errorCode: errors.NONE, sessionId: session.id, send }
    },
  }
}

/** Notes what the reader is told; false when it knows all of it already. */
function tell(partition: FetchPartition, outcome: FetchOutcome): boolean {
  let news = outcome.recordsBytes > 0 || outcome.mustSend
  if (partition.toldHighWatermark !== outcome.highWatermark) {
    partition.toldHighWatermark = outcome.highWatermark
    news = true
  }
  if (partition.toldLogStartOffset !== outcome.logStartOffset) {
    partition.toldLogStartOffset = outcome.logStartOffset
    news = true
  }
  if (outcome.errorCode !== errors.NONE) {
    // When the error goes away the partition must be sent again.
    partition.toldHighWatermark = -1
    news = true
  }
  return news
}

function sessionless(partitions: readonly FetchPartition[]): FetchContext {
  return {
    errorCode: errors.NONE,
    partitions,
    finish: (read) => ({
      errorCode: errors.NONE,
      sessionId: INVALID_SESSION_ID,
      send: everything(read),
    }),
  }
}

function refused(errorCode: number): FetchContext {
  return {
    errorCode,
    partitions: [],
    finish: () => ({ errorCode, sessionId: INVALID_SESSION_ID, send: [] }),
  }
}

function everything(read: readonly FetchPartition[]): number[] {
  return Array.from(read, (_, i) => i)
}

function nextEpoch(epoch: number): number {
  if (epoch < 0) return FINAL_EPOCH
  return epoch === 0x7fffffff ? 1 : epoch + 1
}

interface Worth {
  readonly isFollower: boolean
  readonly partitions: { readonly size: number }
}

/** Is `left` worth more than `right`? Followers first, then the larger session. */
function moreValuable(left: Worth, right: Worth): boolean {
  if (left.isFollower !== right.isFollower) return left.isFollower
  return left.partitions.size > right.partitions.size
}
