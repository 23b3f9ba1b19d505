// Opens what is in a partition's directory: tidies up after interrupted operations, finds the end
// of the log, and makes anew what is derived from it. After an unclean stop every batch from the
// segment of the recovery point on is checked; after a clean one only the tail.
import { checkBatch } from '../protocol/records/batch.ts'
import { isLegacyMessage } from './batch-scan.ts'
import { LEADER_EPOCH_CHECKPOINT, LeaderEpochs } from './epochs.ts'
import type { FileSystem } from './fs/fs.ts'
import { join } from './fs/path.ts'
import { readFile, removeFile } from './fs/whole-file.ts'
import { PARTITION_METADATA } from './identity.ts'
import { LogFailure, type LogReport } from './log-failure.ts'
import type { ProducerLog } from './producer-log.ts'
import { removeSegmentsLater } from './removal.ts'
import { type LogContext, Segment } from './segment.ts'
import * as names from './segment-file.ts'
import { SegmentList } from './segment-list.ts'
import { settleSwaps } from './swap-files.ts'
import { TxnIndex } from './txn-index.ts'

const CHECK_WINDOW_BYTES = 1024 * 1024
const SCAN_WINDOW_BYTES = 64 * 1024

export interface StopState {
  readonly cleanShutdown: boolean
  readonly recoveryPoint: number
  readonly logStartOffset: number
}

export interface LoadedLog {
  readonly segments: SegmentList
  readonly epochs: LeaderEpochs
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly recoveryPoint: number
  readonly hasDirectory: boolean
  readonly hasPartitionMetadata: boolean
  /** Something was repaired that a clean close has to write. */
  readonly changed: boolean
}

/** Throws what the file system throws, and LogFailure for what must not be repaired by cutting. */
export function loadLog(
  context: LogContext,
  stop: StopState,
  producers: ProducerLog,
  jitterMs: () => number,
): LoadedLog {
  const listed = list(context.fs, context.directory)
  const files = listed === undefined ? [] : settleSwaps(context, listed)
  const loader = new Loader(context, stop, jitterMs)
  try {
    return open(loader, { stop, files, producers, hasDirectory: listed !== undefined })
  } catch (error) {
    for (const segment of loader.segments) segment.close()
    throw error
  }
}

interface Found {
  readonly stop: StopState
  readonly files: readonly string[]
  readonly producers: ProducerLog
  readonly hasDirectory: boolean
}

function open(loader: Loader, { stop, files, producers, hasDirectory }: Found): LoadedLog {
  const end = loader.load(files)
  const { segments, epochs } = loader
  const logStartOffset = Math.max(stop.logStartOffset, segments.first().baseOffset)
  epochs.truncateFromEnd(end)
  epochs.truncateFromStart(logStartOffset)
  producers.found(offsetsOf(files, names.SNAPSHOT_SUFFIX), segments)
  const rescanned = loader.rescannedFrom
  producers.rebuild(segments, logStartOffset, end, { snapshot: rescanned, txn: rescanned })
  return {
    segments,
    epochs,
    logStartOffset,
    logEndOffset: end,
    recoveryPoint:
      stop.cleanShutdown && rescanned === Infinity ? end : Math.min(stop.recoveryPoint, end),
    hasDirectory,
    hasPartitionMetadata: files.includes(PARTITION_METADATA),
    changed: rescanned < Infinity || epochs.dirty,
  }
}

class Loader {
  segments: SegmentList
  epochs: LeaderEpochs
  /** Base of the first segment that was scanned whole; Infinity when none was. */
  rescannedFrom = Infinity
  readonly #context: LogContext
  readonly #stop: StopState
  readonly #jitterMs: () => number

  constructor(context: LogContext, stop: StopState, jitterMs: () => number) {
    this.#context = context
    this.#stop = stop
    this.#jitterMs = jitterMs
    this.segments = new SegmentList([this.#empty()])
    this.epochs = new LeaderEpochs()
  }

  /** Returns the end offset. */
  load(files: readonly string[]): number {
    const bases = offsetsOf(files, names.LOG_SUFFIX).sort((a, b) => a - b)
    this.#removeOrphans(files, new Set(bases))
    if (bases.length === 0) return this.segments.active().baseOffset
    const { fs, directory } = this.#context
    this.segments = new SegmentList(
      bases.map((base) => {
        const path = join(directory, names.segmentFileName(base, names.LOG_SUFFIX))
        const bytes = fs.stat(path)?.size ?? 0
        const segment = Segment.existing(this.#context, base, {
          bytes,
          rollJitterMs: this.#jitterMs(),
        })
        segment.hasTxnIndex = files.includes(names.segmentFileName(base, names.TXN_INDEX_SUFFIX))
        return segment
      }),
    )
    this.#readEpochs(files)
    let end = this.#findEnd()
    if (end < this.#stop.logStartOffset) end = this.#startOver(end)
    return end
  }

  /** The end offset if the active segment's last batches are sound; else as after a crash. */
  #checkTail(): number {
    const active = this.segments.active()
    const { offset } = active.indexes()
    const entry = offset.count - 1
    const from = entry < 0 ? 0 : offset.positionAt(entry)
    let end = active.baseOffset
    let sound = entry < 0
    const window = this.#context.tail.scratch(
      Math.min(SCAN_WINDOW_BYTES, active.writtenSize - from),
    )
    const reached = active.scanWhole(from, window, (batch) => {
      sound ||= batch.lastOffset === offset.offsetAt(entry)
      sound &&=
        batch.baseOffset >= end && checkBatch(batch.buffer, batch.start, batch.end) === undefined
      if (!sound) return false
      end = batch.nextOffset
      this.#noteEpoch(batch.partitionLeaderEpoch, batch.baseOffset)
      return true
    })
    if (reached < active.writtenSize || !sound) {
      this.#report({ file: active.path, what: 'clean marker disproved', position: reached })
      return this.#recoverFrom(this.segments.length - 1)
    }
    active.readMaxTimestamp()
    active.resumeAppends()
    return end
  }

  #findEnd(): number {
    const { cleanShutdown, recoveryPoint } = this.#stop
    const damaged = this.#damagedTxnIndex()
    const first = cleanShutdown ? Infinity : this.segments.floor(recoveryPoint)
    if (damaged === undefined) return cleanShutdown ? this.#checkTail() : this.#recoverFrom(first)
    return this.#recoverFrom(Math.min(first, damaged))
  }

  /** The first segment whose aborted transactions only the producers of its batches can tell. */
  #damagedTxnIndex(): number | undefined {
    const { fs } = this.#context
    for (let i = 0; i < this.segments.length; i++) {
      const segment = this.segments.at(i)!
      if (!segment.hasTxnIndex) continue
      const path = segment.pathOf(names.TXN_INDEX_SUFFIX)
      const bytes = readFile(fs, path)
      if (bytes !== undefined && TxnIndex.decode(segment.baseOffset, bytes) === undefined) {
        this.#report({ file: path, what: 'index rebuilt', cause: 'it is damaged' })
        return i
      }
    }
    return undefined
  }

  /** Checks whole segments; what is behind the first damage goes. */
  #recoverFrom(first: number): number {
    this.rescannedFrom = this.segments.at(first)!.baseOffset
    let end = this.rescannedFrom
    for (let i = first; i < this.segments.length; i++) {
      const segment = this.segments.at(i)!
      if (i > first && segment.baseOffset < end) {
        // Left from before a truncation whose names a power loss brought back.
        this.#dropAfter(i - 1)
        return end
      }
      end = this.#recoverSegment(i, Math.max(end, segment.baseOffset))
      if (i < this.segments.length - 1) segment.writeIndexes({ sync: true })
    }
    return end
  }

  #recoverSegment(index: number, start: number): number {
    const segment = this.segments.at(index)!
    const bytes = segment.writtenSize
    segment.syncedSize = 0
    segment.nameSynced = false
    const window = this.#context.tail.scratch(Math.min(CHECK_WINDOW_BYTES, Math.max(1, bytes)))
    let end = start
    segment.beginReplay()
    const reached = segment.scanWhole(0, window, (batch) => {
      const { lastOffset } = batch
      if (batch.baseOffset < end || lastOffset - segment.baseOffset > 0x7fff_ffff) return false
      if (checkBatch(batch.buffer, batch.start, batch.end) !== undefined) return false
      segment.noteBatch(batch)
      this.#noteEpoch(batch.partitionLeaderEpoch, batch.baseOffset)
      end = lastOffset + 1
      return true
    })
    if (reached === bytes) return end
    if (isLegacyMessage(segment.file().handle, { from: reached, to: bytes })) {
      const cause = `${segment.path} holds messages of a format before Kafka 0.11 at byte ${reached}`
      throw new LogFailure(this.#context.directory, 'open', cause)
    }
    // First what comes behind: if this is interrupted, the damage must still be there to be seen.
    this.#dropAfter(index)
    const lostBytes = bytes - reached
    this.#report({ file: segment.path, what: 'tail truncated', position: reached, lostBytes })
    segment.truncateTo(reached, end)
    return end
  }

  #dropAfter(index: number): void {
    const dropped = this.segments.removeAfter(index)
    for (const segment of dropped) {
      this.#report({ file: segment.path, what: 'segment dropped', lostBytes: segment.size })
    }
    removeSegmentsLater(this.#context, dropped.reverse())
    if (dropped.length > 0) this.#context.fs.syncDirectory(this.#context.directory)
  }

  /** The start that was acknowledged lies behind all there is: the log goes on from there. */
  #startOver(end: number): number {
    const { directory } = this.#context
    this.#report({ file: directory, what: 'log emptied', position: end })
    removeSegmentsLater(this.#context, this.segments.replaceAll(this.#empty()).reverse())
    this.segments.active().file()
    this.epochs.clear()
    return this.#stop.logStartOffset
  }

  #empty(): Segment {
    return Segment.create(this.#context, this.#stop.logStartOffset, this.#jitterMs())
  }

  #noteEpoch(epoch: number, offset: number): void {
    if (epoch >= 0 && epoch > (this.epochs.latest()?.epoch ?? -1)) this.epochs.assign(epoch, offset)
  }

  /** From the file; from all batches' headers when it is missing or garbled. */
  #readEpochs(files: readonly string[]): void {
    const { fs, directory } = this.#context
    const path = join(directory, LEADER_EPOCH_CHECKPOINT)
    if (files.includes(LEADER_EPOCH_CHECKPOINT)) {
      const parsed = LeaderEpochs.parse(readFile(fs, path)?.toString() ?? '')
      if (parsed !== undefined) {
        this.epochs = parsed
        return
      }
    }
    for (const segment of this.segments) {
      segment.scan(0, SCAN_WINDOW_BYTES, (batch) => {
        this.#noteEpoch(batch.partitionLeaderEpoch, batch.baseOffset)
      })
    }
    this.epochs.dirty = true
    this.#report({ file: path, what: 'epochs rebuilt' })
  }

  #removeOrphans(files: readonly string[], bases: ReadonlySet<number>): void {
    const { fs, directory } = this.#context
    for (const suffix of names.INDEX_SUFFIXES) {
      for (const base of offsetsOf(files, suffix)) {
        if (bases.has(base)) continue
        const path = join(directory, names.segmentFileName(base, suffix))
        removeFile(fs, path)
        this.#report({ file: path, what: 'stray file removed' })
      }
    }
  }

  #report(report: Omit<LogReport, 'directory'>): void {
    this.#context.report({ directory: this.#context.directory, ...report })
  }
}

function list(fs: FileSystem, directory: string): string[] | undefined {
  return fs.stat(directory) === undefined ? undefined : fs.readdir(directory)
}

function offsetsOf(files: readonly string[], suffix: string): number[] {
  const offsets: number[] = []
  for (const file of files) {
    const offset = names.offsetInName(file, suffix)
    if (offset !== undefined) offsets.push(offset)
  }
  return offsets
}
