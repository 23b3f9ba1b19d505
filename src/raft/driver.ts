// Runs the quorum of one voter over the files of __cluster_metadata-0: opens an epoch at each
// start, appends batches, counts them committed only when our own fsync has returned (one in
// flight, what comes meanwhile shares the next), writes snapshots and cuts the log behind them. The
// rules are in quorum.ts; what a record means is unknown here.
import { assert } from '../../base/assert.ts'
import type { Clock } from '../../base/clock.ts'
import type { Random } from '../../base/random.ts'
import { ONE_UUID, ZERO_UUID } from '../../base/uuid.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { join } from '../../storage/fs/path.ts'
import { removeFile } from '../../storage/fs/whole-file.ts'
import { Log } from '../../storage/log.ts'
import { LogFailure, type LogReport } from '../../storage/log-failure.ts'
import type { LogLimits } from '../../storage/segment.ts'
import type { TailCache } from '../../storage/tail-cache.ts'
import { leaderChangeBatch, type Voter } from './control-records.ts'
import { makeDirectory } from './durable-directory.ts'
import { afterSync, type Leadership, nextEpoch, takeLeadership } from './quorum.ts'
import { writeQuorumState } from './quorum-state.ts'
import { type ScannedLog } from './scan.ts'
import {
  dataBatch,
  listSnapshots,
  removeLeftovers,
  snapshotFile,
  type SnapshotId,
  SnapshotWriter,
} from './snapshot.ts'

export interface RaftOptions {
  readonly fs: FileSystem
  readonly clock: Clock
  readonly random: Random
  readonly tail: TailCache
  /** Of __cluster_metadata-0. */
  readonly directory: string
  readonly nodeId: number
  /** What the directory holds; not its records, which would stay in memory with it. */
  readonly scanned: Omit<ScannedLog, 'records' | 'bootstrap'>
  readonly limits: LogLimits
  /** A snapshot is due after so many bytes of new records, or after so long with any. */
  readonly snapshotBytes: number
  readonly snapshotIntervalMs: number
  /** Committed up to here (exclusive); called from a later turn than the append. */
  committed(highWatermark: number): void
  /** The log cannot be written any more: the controller has to stop. */
  failed(failure: LogFailure): void
  report(report: LogReport): void
}

export interface RaftStatus {
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly highWatermark: number
  readonly logEndOffset: number
  readonly voterIds: readonly number[]
  readonly kraftVersion: number
}

const NOT_FLUSHED_BY_COUNT = { flushMessages: Infinity, flushMs: Infinity }
const LEAST_SEGMENT_BYTES = 1024 * 1024

/** Only whole segments go behind a snapshot, and a start reads what is left. */
function segmentBytesOf({ limits, snapshotBytes }: RaftOptions): number {
  return Math.min(limits.segmentBytes, Math.max(snapshotBytes, LEAST_SEGMENT_BYTES))
}

export class RaftDriver {
  readonly kraftVersion: number
  readonly #options: RaftOptions
  readonly #log: Log
  readonly #voters: readonly Voter[] | undefined
  #leadership: Leadership | undefined
  #syncing = false
  #bytesSinceSnapshot: number
  #snapshotAt: number
  #snapshotting: SnapshotWriter | undefined

  /** Opens the log, which repairs a torn tail. Throws LogFailure. */
  constructor(options: RaftOptions) {
    const { fs, clock, random, tail, directory, scanned } = options
    const report = options.report.bind(options)
    const startOffset = scanned.snapshot?.endOffset ?? 0
    this.#options = options
    this.#voters = scanned.voters
    this.kraftVersion = scanned.kraftVersion
    this.#log = Log.open({
      fs,
      directory,
      topicId: ONE_UUID,
      clock,
      random,
      tail,
      limits: { ...options.limits, ...NOT_FLUSHED_BY_COUNT, segmentBytes: segmentBytesOf(options) },
      producerIdExpirationMs: Infinity,
      cleanShutdown: false,
      recoveryPoint: 0,
      logStartOffset: startOffset,
      report,
    })
    this.#bytesSinceSnapshot = scanned.bytesBehindSnapshot
    this.#snapshotAt = clock.monotonic()
    try {
      this.#settle(startOffset)
    } catch (error) {
      this.#log.close()
      throw error
    }
  }

  /** Makes what was opened agree with what the scan found. */
  #settle(startOffset: number): void {
    const { fs, directory, scanned } = this.#options
    this.#meetSnapshot(startOffset)
    const end = this.#log.logEndOffset
    assert(end === scanned.endOffset, `the log ends at ${end}, its scan at ${scanned.endOffset}`)
    if (fs.stat(directory) !== undefined) removeLeftovers(fs, directory)
  }

  /** Elects itself: quorum-state first, then LeaderChange as the first record of the epoch. */
  lead(): void {
    const { fs, directory, nodeId, clock, scanned } = this.#options
    const lastEpoch = this.#log.leaderEpochs.latest()?.epoch ?? 0
    const epoch = nextEpoch([scanned.quorumState?.leaderEpoch ?? 0, lastEpoch, scanned.lastEpoch])
    const voterIds = this.#voterIds()
    const state = { leaderId: nodeId, leaderEpoch: epoch, votedId: -1, votedDirectoryId: ZERO_UUID }
    makeDirectory(fs, directory)
    writeQuorumState(fs, directory, state, this.kraftVersion === 0 ? voterIds : undefined)
    const baseOffset = this.#log.logEndOffset
    const first = baseOffset === 0 && this.kraftVersion > 0
    const place = { baseOffset, epoch, timestampMs: clock.now() }
    this.#append(
      leaderChangeBatch(nodeId, voterIds, place, first ? this.#voters : undefined),
      epoch,
    )
    this.#leadership = takeLeadership(nodeId, epoch, baseOffset)
  }

  /** One atomic batch. Committed when `committed` says so. */
  append(
    values: readonly Uint8Array[],
  ): { readonly firstOffset: number; readonly lastOffset: number } | { readonly failure: string } {
    assert(this.#leadership !== undefined, 'only a leader appends')
    const { failure } = this.#log
    if (failure !== undefined) return { failure: failure.message }
    if (this.#log.state !== 'open') return { failure: 'the metadata log is closed' }
    const { epoch } = this.#leadership
    const firstOffset = this.#log.logEndOffset
    const timestampMs = this.#options.clock.now()
    this.#append(dataBatch(values, { baseOffset: firstOffset, epoch, timestampMs }), epoch)
    return { firstOffset, lastOffset: this.#log.logEndOffset - 1 }
  }

  /** End of turn: starts to sync what was appended, if no sync is in flight. */
  flush(): void {
    if (this.#syncing || this.#log.state !== 'open') return
    if (this.#log.recoveryPoint === this.#log.logEndOffset) return
    this.#syncing = true
    this.#log.syncLater((failure) => {
      this.#syncing = false
      if (failure !== undefined) this.#options.failed(failure)
      else this.#synced()
    })
  }

  /** As flush, now: at start and stop, where nobody else waits. */
  flushNow(): void {
    const failure = this.#log.sync()
    if (failure !== undefined) throw failure
    this.#synced()
  }

  highWatermark(): number {
    return Math.max(0, this.#leadership?.highWatermark ?? 0)
  }

  leaderEpoch(): number {
    return this.#leadership?.epoch ?? this.#options.scanned.lastEpoch
  }

  logEndOffset(): number {
    return this.#log.logEndOffset
  }

  status(): RaftStatus {
    return {
      leaderId: this.#leadership?.leaderId ?? -1,
      leaderEpoch: this.leaderEpoch(),
      highWatermark: this.highWatermark(),
      logEndOffset: this.#log.logEndOffset,
      voterIds: this.#voterIds(),
      kraftVersion: this.kraftVersion,
    }
  }

  /** From kraft.version 1 on. */
  voters(): readonly Voter[] | undefined {
    return this.#voters
  }

  snapshotDue(): boolean {
    if (this.#snapshotting !== undefined || this.#bytesSinceSnapshot === 0) return false
    const { snapshotBytes, snapshotIntervalMs, clock } = this.#options
    if (this.#bytesSinceSnapshot >= snapshotBytes) return true
    return clock.monotonic() - this.#snapshotAt >= snapshotIntervalMs
  }

  /** Writes `values` as the snapshot `id` in slices, then cuts the log and older snapshots. */
  writeSnapshot(
    id: SnapshotId,
    values: Iterator<Uint8Array>,
    lastContainedLogTimestamp: number,
  ): void {
    assert(this.#snapshotting === undefined, 'one snapshot at a time')
    assert(id.endOffset <= this.highWatermark(), 'a snapshot holds what is committed')
    const { fs, clock, directory } = this.#options
    const voters = this.kraftVersion > 0 ? this.#voters : undefined
    const facts = { id, lastContainedLogTimestamp, voters }
    const bytesBefore = this.#bytesSinceSnapshot
    const writer = new SnapshotWriter({ fs, clock }, directory, facts)
    this.#snapshotting = writer
    writer.write(values, (error) => {
      this.#snapshotting = undefined
      if (error !== undefined) {
        this.#options.failed(new LogFailure(directory, 'write', error))
        return
      }
      this.#bytesSinceSnapshot -= bytesBefore
      this.#snapshotAt = clock.monotonic()
      this.#cutBehind(id)
    })
  }

  /** Syncs and closes; a snapshot in progress is given up. */
  close(): LogFailure | undefined {
    this.#snapshotting?.abandon()
    this.#snapshotting = undefined
    return this.#log.close()
  }

  #append(batch: Buffer, epoch: number): void {
    this.#log.append(batch, 0, batch.length, epoch)
    this.#bytesSinceSnapshot += batch.length
  }

  #synced(): void {
    if (this.#leadership === undefined || this.#log.state !== 'open') return
    const before = this.#leadership
    this.#leadership = afterSync(before, this.#log.recoveryPoint)
    const { highWatermark } = this.#leadership
    if (highWatermark > before.highWatermark) this.#options.committed(highWatermark)
    this.flush()
  }

  #voterIds(): readonly number[] {
    const voters = this.#voters?.map(({ voterId }) => voterId)
    return voters ?? [this.#options.nodeId]
  }

  /** A snapshot that is ahead of the log replaces it. */
  #meetSnapshot(startOffset: number): void {
    let failure: LogFailure | undefined
    if (this.#log.logEndOffset < startOffset) {
      failure = this.#log.truncateFullyAndStartAt(startOffset)
    } else failure = this.#log.deleteRecordsBefore(startOffset)
    if (failure !== undefined) throw failure
  }

  #cutBehind(id: SnapshotId): void {
    const { fs, directory } = this.#options
    const failure = this.#log.deleteRecordsBefore(id.endOffset)
    if (failure !== undefined) {
      this.#options.failed(failure)
      return
    }
    try {
      for (const older of listSnapshots(fs, directory)) {
        if (older.endOffset < id.endOffset) removeFile(fs, join(directory, snapshotFile(older)))
      }
    } catch (cause) {
      this.#options.failed(new LogFailure(directory, 'delete', cause))
    }
  }
}
