// One partition that this broker leads: its log, its leader epoch, its high watermark, and who
// waits for either end of the log. Knows neither requests nor metadata: limits and epochs are given
// to it. Followers will move the high watermark; with one replica it is the end of what is written.
import { assert } from '../../base/assert.ts'
import type { Uuid } from '../../base/uuid.ts'
import { errors } from '../../protocol/errors.ts'
import type { LogSlice } from '../../storage/log-slice.ts'
import type { Log } from '../../storage/log.ts'
import type { Codecs } from '../../protocol/records/compression/codecs.ts'
import { appendBatch, type AppendRequest, type AppendResult, type AppendTarget } from './append.ts'
import type { PartitionSettings } from './settings.ts'

/** Told when the log has grown to where it waits for, or can grow no more. */
export interface AppendWaiter {
  /** The watermark that it waits for has to reach this offset (exclusive end). */
  readonly requiredOffset: number
  /** `errorCode` is NONE, or why the records are not (or no longer) there. */
  settled(partition: Partition, errorCode: number): void
}

/** Told, once per turn, that records became readable or that the partition went away. */
export interface ReadWaiter {
  readable(partition: Partition): void
}

export type Isolation = 'read_uncommitted' | 'read_committed' | 'log_end'

export interface PartitionRead {
  readonly errorCode: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  /** null where nothing was read because of an error. */
  readonly records: LogSlice | null
}

export interface PartitionIdentity {
  readonly topic: string
  readonly topicId: Uuid
  readonly index: number
}

export interface PartitionSurroundings {
  readonly leaderEpoch: number
  readonly settings: PartitionSettings
  readonly codecs: Codecs
  /** Wall time, milliseconds. */
  readonly now: () => number
  /** Told what a waiter threw: the others are told nevertheless. */
  readonly unexpected: (error: unknown) => void
  /** Told once, when the partition serves no more until the next start. */
  readonly fenced: (partition: Partition) => void
}

export class Partition implements AppendTarget {
  readonly topic: string
  readonly topicId: Uuid
  readonly index: number
  readonly log: Log
  readonly codecs: Codecs
  readonly now: () => number
  settings: PartitionSettings
  readonly #unexpected: (error: unknown) => void
  readonly #fenced: (partition: Partition) => void
  #state: 'leader' | 'failed' | 'deleted' = 'leader'
  #leaderEpoch: number
  /** End offset when the current leader epoch began: nothing before it was promised by this one. */
  #epochStartOffset: number
  #highWatermark: number
  readonly #written: AppendWaiter[] = []
  readonly #replicated: AppendWaiter[] = []
  readonly #readers = new Set<ReadWaiter>()

  constructor(identity: PartitionIdentity, log: Log, around: PartitionSurroundings) {
    const { leaderEpoch } = around
    this.topic = identity.topic
    this.topicId = identity.topicId
    this.index = identity.index
    this.log = log
    this.codecs = around.codecs
    this.now = around.now
    this.#unexpected = around.unexpected
    this.#fenced = around.fenced
    this.settings = around.settings
    this.#leaderEpoch = leaderEpoch
    this.#epochStartOffset = log.logEndOffset
    this.#highWatermark = log.writtenEndOffset
    // What a recovery replayed is replicated as far as one replica can say.
    log.producers.onHighWatermark(this.#highWatermark)
    log.leaderEpochs.assign(leaderEpoch, log.logEndOffset)
  }

  get name(): string {
    return `${this.topic}-${this.index}`
  }
  get state(): 'leader' | 'failed' | 'deleted' {
    return this.#state
  }
  get leaderEpoch(): number {
    return this.#leaderEpoch
  }
  get epochStartOffset(): number {
    return this.#epochStartOffset
  }
  get highWatermark(): number {
    return this.#highWatermark
  }
  get lastStableOffset(): number {
    const unstable = this.log.producers.firstUnstableOffset() ?? Infinity
    return Math.min(unstable, this.#highWatermark)
  }

  /** NONE, or why a request of this epoch (-1: not given) is not served here. */
  check(currentLeaderEpoch: number): number {
    if (this.#state === 'deleted') return errors.UNKNOWN_TOPIC_OR_PARTITION
    // A sync or a deletion may have failed since the last turn.
    if (this.#state === 'failed' || this.log.state !== 'open') return errors.KAFKA_STORAGE_ERROR
    if (currentLeaderEpoch === -1 || currentLeaderEpoch === this.#leaderEpoch) return errors.NONE
    return currentLeaderEpoch < this.#leaderEpoch
      ? errors.FENCED_LEADER_EPOCH
      : errors.UNKNOWN_LEADER_EPOCH
  }

  /** The metadata log gave this partition a new leader epoch, and us the leadership. */
  becomeLeader(leaderEpoch: number): void {
    if (leaderEpoch === this.#leaderEpoch) return
    assert(leaderEpoch > this.#leaderEpoch, 'a leader epoch never goes back')
    this.#leaderEpoch = leaderEpoch
    this.#epochStartOffset = this.log.logEndOffset
    // Followers compare epochs with our log, so the start is noted before the first append.
    this.log.leaderEpochs.assign(leaderEpoch, this.log.logEndOffset)
  }

  /**
   * Appends one batch that a client or a coordinator wrote: offsets and epoch are stamped in place,
   * and the bytes are copied before this returns.
   */
  append(request: AppendRequest): AppendResult {
    const errorCode = this.check(-1)
    if (errorCode !== errors.NONE) return { ...NOT_APPENDED, errorCode }
    try {
      return appendBatch(this, request)
    } catch (error) {
      // An invariant broke in the middle: what this partition knows of its log is not to be
      // believed.
      this.fence()
      throw error
    }
  }

  /** Reads from `offset` on, as a consumer of that isolation may see it. */
  read(request: {
    offset: number
    maxBytes: number
    minOneMessage: boolean
    isolation: Isolation
  }): PartitionRead {
    const logStartOffset = this.log.logStartOffset
    const highWatermark = this.#highWatermark
    const lastStableOffset = this.lastStableOffset
    const upTo =
      request.isolation === 'log_end'
        ? this.log.writtenEndOffset
        : request.isolation === 'read_committed'
          ? lastStableOffset
          : highWatermark
    const records = this.#readUpTo(upTo, request)
    const isSlice = typeof records !== 'number'
    return {
      errorCode: isSlice ? errors.NONE : records,
      highWatermark,
      lastStableOffset,
      logStartOffset,
      records: isSlice ? records : null,
    }
  }

  /** A slice, or the error code that is the answer. */
  #readUpTo(
    upTo: number,
    request: { offset: number; maxBytes: number; minOneMessage: boolean },
  ): LogSlice | number {
    const { offset, maxBytes, minOneMessage } = request
    try {
      const records = this.log.read(offset, maxBytes, { minOneMessage, upTo })
      return records === 'OFFSET_OUT_OF_RANGE' ? errors.OFFSET_OUT_OF_RANGE : records
    } catch (error) {
      this.#unexpected(error)
      return errors.KAFKA_STORAGE_ERROR
    }
  }

  /** The waiter is told when what it requires is written (or also replicated). */
  awaitAppend(waiter: AppendWaiter, replicated: boolean): void {
    const queue = replicated ? this.#replicated : this.#written
    queue.push(waiter)
  }

  awaitRecords(waiter: ReadWaiter): void {
    this.#readers.add(waiter)
  }

  forget(waiter: ReadWaiter): void {
    this.#readers.delete(waiter)
  }

  /** End of the turn, after the write: moves the high watermark and tells who waits for it. */
  settle(): void {
    if (this.#state !== 'leader') return
    if (this.log.state === 'failed') {
      this.#end('failed', errors.KAFKA_STORAGE_ERROR)
      return
    }
    const written = this.log.writtenEndOffset
    const moved = written > this.#highWatermark
    this.#highWatermark = Math.max(this.#highWatermark, written)
    if (moved) this.log.producers.onHighWatermark(this.#highWatermark)
    this.#settleUpTo(this.#written, written)
    this.#settleUpTo(this.#replicated, this.#highWatermark)
    if (moved) this.#wakeReaders()
  }

  /** Moves the log start; who waits for records there must look again. */
  deleteRecordsBefore(offset: number): void {
    this.log.deleteRecordsBefore(offset)
    this.#wakeReaders()
  }

  /** The topic is gone: everyone who waits is answered now. */
  markDeleted(): void {
    this.#end('deleted', errors.UNKNOWN_TOPIC_OR_PARTITION)
  }

  /** Nothing is appended any more, and who waits is told so: its state is not to be believed. */
  fence(): void {
    if (this.#state === 'leader') this.#end('failed', errors.KAFKA_STORAGE_ERROR)
  }

  #end(state: 'failed' | 'deleted', errorCode: number): void {
    this.#state = state
    for (const queue of [this.#written, this.#replicated]) {
      for (const waiter of queue.splice(0)) this.#tell(waiter, errorCode)
    }
    this.#wakeReaders()
    if (state === 'failed') this.#fenced(this)
  }

  #settleUpTo(queue: AppendWaiter[], offset: number): void {
    let done = 0
    while (done < queue.length && queue[done]!.requiredOffset <= offset) done++
    if (done === 0) return
    for (const waiter of queue.splice(0, done)) this.#tell(waiter, errors.NONE)
  }

  #tell(waiter: AppendWaiter, errorCode: number): void {
    try {
      waiter.settled(this, errorCode)
    } catch (error) {
      this.#unexpected(error)
    }
  }

  #wakeReaders(): void {
    for (const reader of this.#readers) reader.readable(this)
  }
}

const NOT_APPENDED = {
  errorMessage: null,
  recordErrors: [],
  baseOffset: -1,
  lastOffset: -1,
  logAppendTimeMs: -1,
  logStartOffset: -1,
}
