// The log of one partition: segments, the tail in memory, leader epochs, producers, and the three
// ends (appended, written, synced). Synchronous; the partition layer calls flushWrites once per
// turn. Knows batches, never requests, high watermarks or replicas.
//
// logStartOffset <= recoveryPoint? <= writtenEndOffset <= logEndOffset. Nothing above
// writtenEndOffset is ever read; a failed write cuts everything back to it and closes the log for
// good (LogFailure): the partition answers KAFKA_STORAGE_ERROR until the log is opened again.
import { assert } from '../base/assert.ts'
import type { Alarm, Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import { below } from '../base/random.ts'
import type { Uuid } from '../base/uuid.ts'
import { BatchView, MAGIC_V2, nextBatch } from '../protocol/records/batch.ts'
import { BackgroundSync } from './background-sync.ts'
import { LEADER_EPOCH_CHECKPOINT, type LeaderEpochs } from './epochs.ts'
import type { FileSystem } from './fs/fs.ts'
import { join, parentOf } from './fs/path.ts'
import { exchangeFile, removeFile, syncFile } from './fs/whole-file.ts'
import { writePartitionMetadata } from './identity.ts'
import { LogFailure, type LogOperation, type LogReport } from './log-failure.ts'
import { EMPTY_SLICE, type LogSlice, type ReadOptions, readSlice } from './log-slice.ts'
import { ProducerLog } from './producer-log.ts'
import type { Producers } from './producers.ts'
import { loadLog } from './recovery.ts'
import { removeSegmentsLater } from './removal.ts'
import { type LogContext, type LogLimits, Segment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'
import { TailArena } from './tail-arena.ts'
import type { TailCache } from './tail-cache.ts'
import type { AbortedTxn } from './txn-index.ts'

export interface LogOptions {
  readonly fs: FileSystem
  /** Made, with `partition.metadata` if `topicId` is given, by the first write. */
  readonly directory: string
  readonly topicId?: Uuid
  readonly clock: Clock
  readonly random: Random
  readonly tail: TailCache
  readonly limits: LogLimits
  readonly producerIdExpirationMs: number
  /** The last stop wrote the clean marker; the tail is checked nevertheless. */
  readonly cleanShutdown: boolean
  /** From the checkpoints of the log directory, 0 where they say nothing. */
  readonly recoveryPoint: number
  readonly logStartOffset: number
  readonly report?: (report: LogReport) => void
  /** Called when the log gets something to write, once until the next flushWrites. */
  readonly onDirty?: (log: Log) => void
}

export class Log {
  /** Who produced what; `validate` before an append, which applies by itself. */
  readonly producers: Producers
  readonly leaderEpochs: LeaderEpochs
  readonly #context: LogContext
  readonly #options: LogOptions
  readonly #segments: SegmentList
  readonly #arena: TailArena
  readonly #producerLog: ProducerLog
  readonly #view = new BatchView(new Uint8Array(0))
  #state: 'open' | 'failed' | 'closed' = 'open'
  #failure: LogFailure | undefined
  #logStartOffset: number
  #logEndOffset: number
  #writtenEndOffset: number
  #recoveryPoint: number
  #dirty = false
  /** Something changed since the log was opened: a clean close has files to write. */
  #changed: boolean
  #materialized: boolean
  /** The directory's own name is durable; a name inside it is not (its files' names aside). */
  #nameSynced: boolean
  #namesChanged = false
  /** Small files whose bytes are not synced: nobody waits for them before the first sync. */
  readonly #unsyncedFiles = new Set<string>()
  /** Rolled, with their index files still to be written. */
  readonly #sealed: Segment[] = []
  readonly #background: BackgroundSync
  #flushAlarm: Alarm | undefined

  /** Opens or creates; throws LogFailure when the files cannot be read or repaired. */
  static open(options: LogOptions): Log {
    const { fs, clock, tail, limits, directory } = options
    const report = options.report ?? (() => undefined)
    return new Log(options, { fs, clock, tail, report, directory, limits })
  }

  private constructor(options: LogOptions, context: LogContext) {
    const producerLog = new ProducerLog(context, options.producerIdExpirationMs)
    let loaded
    try {
      loaded = loadLog(context, options, producerLog, () => rollJitterMs(options.random, context))
    } catch (error) {
      throw error instanceof LogFailure ? error : new LogFailure(context.directory, 'open', error)
    }
    this.#options = options
    this.#context = context
    this.#segments = loaded.segments
    this.leaderEpochs = loaded.epochs
    this.#producerLog = producerLog
    this.producers = producerLog.producers
    this.#logStartOffset = loaded.logStartOffset
    this.#logEndOffset = this.#writtenEndOffset = loaded.logEndOffset
    this.#recoveryPoint = loaded.recoveryPoint
    this.#materialized =
      loaded.hasDirectory && (options.topicId === undefined || loaded.hasPartitionMetadata)
    this.#nameSynced = loaded.hasDirectory && options.cleanShutdown
    this.#changed = loaded.changed
    this.#arena = new TailArena(options.tail)
    this.#background = new BackgroundSync({
      clock: context.clock,
      prepare: () => this.flushWrites(),
      isOpen: () => this.#state === 'open',
      failure: () => this.#failure,
      end: () => this.#writtenEndOffset,
      unsynced: () => this.#segments.unsynced(),
      syncNames: () => this.#syncNames(),
      synced: (target) => this.#synced(target),
      fail: (cause) => this.#fail('sync', cause),
    })
  }

  get directory(): string {
    return this.#context.directory
  }
  get state(): 'open' | 'failed' | 'closed' {
    return this.#state
  }
  get failure(): LogFailure | undefined {
    return this.#failure
  }
  get dirty(): boolean {
    return this.#dirty
  }
  get logStartOffset(): number {
    return this.#logStartOffset
  }
  /** Offset of the next record; what is appended but not yet written counts. */
  get logEndOffset(): number {
    return this.#logEndOffset
  }
  /** End of what is in the file: the end that anyone can read. */
  get writtenEndOffset(): number {
    return this.#writtenEndOffset
  }
  /** End of what was synced. */
  get recoveryPoint(): number {
    return this.#recoveryPoint
  }
  /** For recovery-point-offset-checkpoint. Whoever opens the directory, Apache Kafka too, expects
   * index files of each segment that begins below it; those of the active one come at its end. */
  checkpointableRecoveryPoint(): number {
    const isWhole = this.#state === 'closed' && this.#failure === undefined
    return isWhole
      ? this.#recoveryPoint
      : Math.min(this.#recoveryPoint, this.#segments.active().baseOffset)
  }
  get segmentCount(): number {
    return this.#segments.length
  }

  sizeInBytes(): number {
    return this.#segments.sizeInBytes()
  }

  /** For searches, retention and tools in this folder. */
  segments(): SegmentList {
    return this.#segments
  }

  /** Takes effect with the next append. */
  configure(limits: LogLimits): void {
    this.#context.limits = limits
  }

  /**
   * Copies the batches in [start, end), which carry their offsets and leader epochs (at most
   * `leaderEpoch`) already and were judged by `producers.validate`. They are written by
   * flushWrites.
   */
  append(batches: Uint8Array, start: number, end: number, leaderEpoch: number): void {
    this.#assertOpen('append')
    const batch = this.#view
    for (let at = start; at < end;) {
      const bytes = nextBatch(batches, at, end)
      batch.at(batches, at)
      assert(bytes > 0 && batch.magic === MAGIC_V2, 'appended bytes are whole batches of magic 2')
      assert(batch.baseOffset >= this.#logEndOffset, 'appended offsets rise')
      assert(batch.partitionLeaderEpoch <= leaderEpoch, 'no batch is of a later leader epoch')
      this.#appendBatch(batch, bytes)
      at += bytes
    }
    if (this.#dirty) return
    this.#dirty = this.#changed = true
    this.#options.onDirty?.(this)
  }

  /** Writes what was appended: one write per block, sealed segments' indexes, due syncs. */
  flushWrites(): LogFailure | undefined {
    if (this.#state !== 'open' || !this.#dirty) return this.#failure
    this.#dirty = false
    try {
      this.#materialize()
      this.#writeEpochs()
      this.#writePending()
      this.#finishRolls()
    } catch (error) {
      return this.#fail('write', error)
    }
    return this.#syncWhenDue()
  }

  /** Everything written so far is on disk when this returns undefined. */
  sync(): LogFailure | undefined {
    const failure = this.flushWrites()
    if (failure !== undefined || this.#state !== 'open') return failure
    try {
      for (const segment of this.#segments.unsynced()) segment.sync()
      this.#syncNames()
    } catch (error) {
      return this.#fail('sync', error)
    }
    this.#synced(this.#writtenEndOffset)
    return undefined
  }

  /** As `sync`, in the background: calls made while one is in flight share the next. */
  syncLater(done: (failure: LogFailure | undefined) => void): void {
    this.#background.request(done)
  }

  /**
   * The bytes from the batch that holds `offset` on, of one segment, at most `maxBytes`; nothing at
   * or above min(upTo, writtenEndOffset). The slice must be released once its bytes have left.
   */
  read(offset: number, maxBytes: number, options: ReadOptions): LogSlice | 'OFFSET_OUT_OF_RANGE' {
    if (offset < this.#logStartOffset || offset > this.#logEndOffset) return 'OFFSET_OUT_OF_RANGE'
    const end = Math.min(options.upTo ?? Infinity, this.#writtenEndOffset)
    if (offset >= end || this.#state === 'closed') return EMPTY_SLICE
    try {
      return readSlice(
        { tail: this.#context.tail, arena: this.#arena, segments: this.#segments },
        {
          offset,
          end,
          maxBytes,
          minOneMessage: options.minOneMessage ?? false,
          writtenEndOffset: this.#writtenEndOffset,
        },
      )
    } catch (error) {
      throw new LogFailure(this.directory, 'read', error)
    }
  }

  /**
   * Visits written batches, whole, from the one that holds `from` on; stops after `maxBytes` or
   * when `visit` returns false. Returns the offset to go on from; writtenEndOffset when that was
   * all.
   */
  forEachBatch(
    from: number,
    visit: (batch: BatchView) => boolean | void,
    maxBytes = Infinity,
  ): number {
    const start = Math.max(from, this.#logStartOffset)
    const { next, stopped, damage } = this.#segments.walk(start, maxBytes, visit)
    if (damage !== undefined) {
      const cause = `no batch at byte ${damage.position} of ${damage.segment.path}`
      throw new LogFailure(this.directory, 'read', cause)
    }
    return stopped ? next : Math.max(next, this.#writtenEndOffset)
  }

  /** Aborted transactions that reach into [fetchOffset, upperBound). */
  abortedTxns(fetchOffset: number, upperBound: number): AbortedTxn[] {
    const found: AbortedTxn[] = []
    for (let i = this.#segments.floor(fetchOffset); i < this.#segments.length; i++) {
      if (this.#segments.at(i)!.indexes().txn.collect(fetchOffset, upperBound, found)) break
    }
    return found
  }

  /** Where the given leader epoch ended here; undefined when that cannot be said. */
  endOffsetForEpoch(epoch: number): { epoch: number; endOffset: number } | undefined {
    return this.leaderEpochs.endOffsetFor(epoch, this.#logEndOffset)
  }

  expireProducers(): void {
    this.producers.expire(this.#context.clock.now(), this.#options.producerIdExpirationMs)
  }

  /** Moves the start of the log up; segments wholly below it go. Not above writtenEndOffset. */
  deleteRecordsBefore(offset: number): LogFailure | undefined {
    if (this.#state !== 'open') return this.#failure
    assert(offset <= this.#writtenEndOffset, 'records that are not written are not deleted')
    if (offset <= this.#logStartOffset) return undefined
    this.#logStartOffset = offset
    this.#changed = true
    this.leaderEpochs.truncateFromStart(offset)
    let count = 0
    while ((this.#segments.at(count + 1)?.baseOffset ?? Infinity) <= offset) count++
    if (count === 0) return undefined
    try {
      this.#drop(this.#segments.removeFirst(count))
    } catch (error) {
      return this.#fail('delete', error)
    }
    return undefined
  }

  /** Removes records from `offset` on. The caller rewrites the recovery point checkpoint. */
  truncateTo(offset: number): LogFailure | undefined {
    const failure = this.flushWrites()
    if (failure !== undefined || this.#state !== 'open') return failure
    if (offset < this.#segments.first().baseOffset) return this.truncateFullyAndStartAt(offset)
    try {
      if (offset < this.#logEndOffset) this.#truncate(offset)
      this.leaderEpochs.truncateFromEnd(this.#logEndOffset)
      this.#writeEpochs()
    } catch (error) {
      return this.#fail('truncate', error)
    }
    return undefined
  }

  /** Removes everything; the log goes on at `offset`, and says so after a restart too. */
  truncateFullyAndStartAt(offset: number): LogFailure | undefined {
    const failure = this.flushWrites()
    if (failure !== undefined || this.#state !== 'open') return failure
    try {
      this.#cut(offset)
      const segment = Segment.create(this.#context, offset, this.#jitter())
      this.#drop(this.#segments.replaceAll(segment).reverse())
      this.#materialize()
      segment.file()
      this.leaderEpochs.clear()
      this.#writeEpochs()
      this.#producerLog.restartAt(offset)
      this.#syncNames()
    } catch (error) {
      return this.#fail('truncate', error)
    }
    this.#logStartOffset = this.#recoveryPoint = offset
    return undefined
  }

  /** Clean: everything is synced but what can be made anew (indexes, producer snapshot), which is
   * written. Reads in flight stay valid. */
  close(): LogFailure | undefined {
    if (this.#state === 'closed') return this.#failure
    let failure = this.sync()
    if (failure === undefined && this.#changed && this.#materialized) {
      try {
        this.#writeEpochs()
        const active = this.#segments.active()
        active.writeIndexes({ sync: false })
        // That a transaction index is missing cannot be seen; of the others it can.
        if (active.hasTxnIndex) this.#context.fs.syncDirectory(this.#context.directory)
        this.#producerLog.snapshotAt(this.#logEndOffset)
      } catch (error) {
        failure = this.#fail('close', error)
      }
    }
    this.#release()
    return failure
  }

  /** Lets go of files and memory and writes nothing: before the directory is removed. */
  abandon(): void {
    this.#release()
  }

  #release(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#dirty = false
    this.#flushAlarm?.cancel()
    this.#arena.clear()
    for (const segment of this.#segments) segment.close()
  }

  #appendBatch(batch: BatchView, bytes: number): void {
    let active = this.#segments.active()
    if (active.shouldRoll(bytes, batch.maxTimestamp, batch.lastOffset)) {
      active = this.#roll(active, batch.baseOffset)
    }
    if (batch.partitionLeaderEpoch >= 0) {
      this.leaderEpochs.assign(batch.partitionLeaderEpoch, batch.baseOffset)
    }
    this.#arena.append(batch, bytes, active, this.#logEndOffset)
    active.noteBatch(batch)
    this.#producerLog.apply(batch, active)
    this.#logEndOffset = batch.nextOffset
  }

  #roll(active: Segment, baseOffset: number): Segment {
    if (active.baseOffset === baseOffset) return active
    const segment = Segment.create(this.#context, baseOffset, this.#jitter())
    this.#segments.push(segment)
    this.#sealed.push(active)
    this.#producerLog.prepareSnapshot(baseOffset)
    return segment
  }

  #writePending(): void {
    for (let i = this.#arena.firstPending(); ; i++) {
      const block = this.#arena.blockAt(i)
      if (block === undefined) return
      const segment = this.#segments.at(this.#segments.floor(block.segmentBaseOffset))!
      segment.write(block.buffer, block.written, block.used)
      block.written = block.used
      this.#writtenEndOffset = block.nextOffset
      this.#context.tail.touch(block)
    }
  }

  /** Sealed segments get their index files; their sync, as Kafka's, is nobody's to wait for. */
  #finishRolls(): void {
    this.#producerLog.writePrepared()
    if (this.#sealed.length === 0) return
    for (const segment of this.#sealed.splice(0))
      if (!segment.closed) segment.writeIndexes({ sync: true })
    this.syncLater(() => undefined)
  }

  #syncWhenDue(): LogFailure | undefined {
    const { flushMessages, flushMs } = this.#context.limits
    if (this.#writtenEndOffset - this.#recoveryPoint >= flushMessages) return this.sync()
    if (flushMs < Infinity && this.#flushAlarm === undefined) {
      const { clock } = this.#context
      this.#flushAlarm = clock.at(clock.monotonic() + flushMs, () => {
        this.#flushAlarm = undefined
        if (this.#state === 'open') this.syncLater(() => undefined)
      })
    }
    return undefined
  }

  #synced(target: number): void {
    this.#recoveryPoint = Math.max(this.#recoveryPoint, target)
    if (this.#recoveryPoint < this.#writtenEndOffset) return
    this.#flushAlarm?.cancel()
    this.#flushAlarm = undefined
  }

  /** Files that are new, and the directory itself, get durable names. */
  #syncNames(): void {
    const { fs, directory } = this.#context
    for (const path of this.#unsyncedFiles) syncFile(fs, path)
    this.#unsyncedFiles.clear()
    const fresh = [...this.#segments].filter((segment) => !segment.nameSynced && segment.isOpen)
    if (fresh.length > 0 || this.#namesChanged) fs.syncDirectory(directory)
    this.#namesChanged = false
    for (const segment of fresh) segment.nameSynced = true
    if (this.#nameSynced || !this.#materialized) return
    fs.syncDirectory(parentOf(directory))
    this.#nameSynced = true
  }

  /** The directory, and who it belongs to, are there before the first batch. */
  #materialize(): void {
    if (this.#materialized) return
    const { fs, directory } = this.#context
    const { topicId } = this.#options
    fs.mkdir(directory)
    if (topicId !== undefined) {
      this.#unsyncedFiles.add(writePartitionMetadata(fs, directory, topicId))
    }
    this.#namesChanged = true
    this.#materialized = true
  }

  #writeEpochs(): void {
    if (!this.leaderEpochs.dirty || !this.#materialized) return
    const path = join(this.#context.directory, LEADER_EPOCH_CHECKPOINT)
    exchangeFile(this.#context.fs, path, this.leaderEpochs.format(), { sync: false })
    this.#unsyncedFiles.add(path)
    this.leaderEpochs.dirty = false
    this.#namesChanged = true
  }

  #truncate(offset: number): void {
    this.#cut(offset)
    this.#drop(this.#segments.removeAfter(this.#segments.floor(offset)).reverse())
    // Should the dropped names come back after a power loss, the log would have a hole.
    this.#context.fs.syncDirectory(this.#context.directory)
    const active = this.#segments.active()
    active.truncateTo(active.positionOf(offset), offset)
    active.sync()
    this.#logStartOffset = Math.min(this.#logStartOffset, offset)
    this.#recoveryPoint = Math.min(this.#recoveryPoint, offset)
    this.#producerLog.rebuild(this.#segments, this.#logStartOffset, offset)
  }

  /** The log now ends at `offset`, for syncs in flight and readers of the tail. */
  #cut(offset: number): void {
    this.#background.invalidate()
    this.#changed = true
    this.#arena.clear()
    this.#sealed.length = 0
    this.#logEndOffset = this.#writtenEndOffset = offset
  }

  /** In the order given: what a crash in between leaves must be a log without a hole. */
  #drop(segments: readonly Segment[]): void {
    removeSegmentsLater(this.#context, segments)
    for (const segment of segments) this.#producerLog.dropSnapshot(segment.baseOffset)
  }

  /** Fail stop: memory goes back to what is in the files; nothing is appended any more. */
  #fail(operation: LogOperation, cause: unknown): LogFailure {
    const failure = new LogFailure(this.#context.directory, operation, cause)
    this.#failure ??= failure
    if (this.#state !== 'open') return this.#failure
    this.#state = 'failed'
    this.#dirty = false
    this.#flushAlarm?.cancel()
    try {
      this.#backToWritten()
    } catch (error) {
      const { directory, report } = this.#context
      this.producers.clear()
      report({ directory, file: directory, what: 'clean-up failed', cause: error })
    }
    return this.#failure
  }

  #backToWritten(): void {
    const end = this.#writtenEndOffset
    this.#logEndOffset = end
    this.#arena.dropPending()
    this.leaderEpochs.truncateFromEnd(end)
    while (this.#segments.length > 1 && this.#segments.active().writtenSize === 0) {
      for (const segment of this.#segments.removeAfter(this.#segments.length - 2)) {
        segment.close()
        removeFile(this.#context.fs, segment.path)
      }
    }
    const active = this.#segments.active()
    active.truncateTo(active.writtenSize, end)
    // A torn write may have left bytes behind what is known to be written.
    if (active.isOpen) active.file().handle.truncate(active.writtenSize)
    this.#producerLog.rebuild(this.#segments, this.#logStartOffset, end)
  }

  #jitter(): number {
    return rollJitterMs(this.#options.random, this.#context)
  }

  #assertOpen(operation: LogOperation): void {
    if (this.#state === 'open') return
    throw this.#failure ?? new LogFailure(this.directory, operation, 'the log is closed')
  }
}

function rollJitterMs(random: Random, { limits }: LogContext): number {
  return below(random, Math.min(limits.segmentJitterMs, limits.segmentMs))
}
