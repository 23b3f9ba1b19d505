// One segment of a log: a `.log` file and its indexes. Owns the open file, the sizes (appended,
// written, synced), the indexes in memory and when their files are written. Knows nothing of other
// segments, leader epochs or producers.
import { assert } from '../base/assert.ts'
import type { Clock } from '../base/clock.ts'
import { type BatchView, RECORD_BATCH_OVERHEAD } from '../protocol/records/batch.ts'
import { type VisitBatch, scanBatches, scanHeaders } from './batch-scan.ts'
import { SharedFile } from './file-region.ts'
import type { FileSystem } from './fs/fs.ts'
import { join } from './fs/path.ts'
import { removeFile, writeFile } from './fs/whole-file.ts'
import { EMPTY_INDEX, type SegmentIndexes, loadIndexes } from './index-files.ts'
import type { LogReport } from './log-failure.ts'
import { MAX_RELATIVE_OFFSET, OFFSET_INDEX_ENTRY_BYTES, OffsetIndex } from './offset-index.ts'
import * as names from './segment-file.ts'
import type { TailCache } from './tail-cache.ts'
import { TIME_INDEX_ENTRY_BYTES, TimeIndex } from './time-index.ts'
import { TxnIndex } from './txn-index.ts'

const LOOKUP_WINDOW_BYTES = 8 * 1024
const SCAN_WINDOW_BYTES = 64 * 1024
const WRITE_BYTES = 256 * 1024
/** A power loss could bring back what was cut off. */
const LENGTH_UNSYNCED = -1

/** Settings of a log, in Kafka's names; all can change while it is open. */
export interface LogLimits {
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
  readonly segmentIndexBytes: number
  readonly indexIntervalBytes: number
  /** A sync after so many records; Infinity for never. */
  readonly flushMessages: number
  /** A sync so long after the first unsynced record; Infinity for never. */
  readonly flushMs: number
  readonly fileDeleteDelayMs: number
}

/** What the parts of one log share. */
export interface LogContext {
  readonly fs: FileSystem
  readonly clock: Clock
  readonly tail: TailCache
  readonly report: (report: LogReport) => void
  directory: string
  limits: LogLimits
}

export class Segment {
  readonly baseOffset: number
  /** Bytes appended, of these in the file, of these synced (or LENGTH_UNSYNCED). */
  size = 0
  writtenSize = 0
  syncedSize = 0
  /** There is a `.txnindex` file. */
  hasTxnIndex = false
  /** No longer part of its log, or the log is closed. */
  closed = false
  /** The name of the file is durable. */
  nameSynced: boolean
  createdMs: number
  /** Of the first batch; undefined without one, or when it was not looked up yet. */
  firstTimestamp: number | undefined
  readonly rollJitterMs: number
  readonly #context: LogContext
  readonly #nameSuffix: string
  #file: SharedFile | undefined
  #indexes: SegmentIndexes | undefined
  #maxTimestamp: number | undefined
  #offsetOfMaxTimestamp = -1
  #bytesSinceEntry = 0
  /** Counts truncations, so that a sync begun before one does not vouch for what came after. */
  #cuts = 0

  private constructor(context: LogContext, baseOffset: number, origin: SegmentOrigin) {
    this.#context = context
    this.baseOffset = baseOffset
    this.createdMs = origin.createdMs
    this.rollJitterMs = origin.rollJitterMs
    this.#nameSuffix = origin.nameSuffix ?? ''
    this.nameSynced = origin.bytes !== undefined
    this.size = this.writtenSize = this.syncedSize = origin.bytes ?? 0
  }

  /** A new segment; its file is made by the first write (or `createFile`). */
  static create(context: LogContext, baseOffset: number, rollJitterMs: number): Segment {
    const createdMs = context.clock.now()
    const segment = new Segment(context, baseOffset, { createdMs, rollJitterMs })
    segment.resetIndexes()
    return segment
  }

  /** A segment whose file has `bytes` bytes; its indexes are read when they are needed. */
  static existing(
    context: LogContext,
    baseOffset: number,
    found: { bytes: number; rollJitterMs: number; nameSuffix?: string },
  ): Segment {
    const createdMs = context.clock.now()
    const { bytes, rollJitterMs, nameSuffix = '' } = found
    return new Segment(context, baseOffset, { createdMs, rollJitterMs, bytes, nameSuffix })
  }

  pathOf(suffix: string): string {
    const name = names.segmentFileName(this.baseOffset, suffix + this.#nameSuffix)
    return join(this.#context.directory, name)
  }

  get path(): string {
    return this.pathOf(names.LOG_SUFFIX)
  }

  /** The open file, made when it is not there. */
  file(): SharedFile {
    assert(!this.closed, 'a closed segment has no file')
    this.#file ??= new SharedFile(this.#context.fs.open(this.path, 'create'))
    return this.#file
  }

  get isOpen(): boolean {
    return this.#file !== undefined
  }

  indexes(): SegmentIndexes {
    this.#indexes ??= this.#loadIndexes()
    return this.#indexes
  }

  /** -1 for a segment without timestamps. */
  maxTimestamp(): number {
    if (this.#maxTimestamp === undefined) {
      const { time } = this.indexes()
      this.#maxTimestamp = time.lastTimestamp()
      this.#offsetOfMaxTimestamp = time.count === 0 ? -1 : time.offsetAt(time.count - 1)
    }
    return this.#maxTimestamp
  }

  /** Last offset of the batch with the largest timestamp. */
  offsetOfMaxTimestamp(): number {
    this.maxTimestamp()
    return this.#offsetOfMaxTimestamp
  }

  /** Whether a batch has to go to a new segment, by Kafka's rules. */
  shouldRoll(batchBytes: number, maxTimestamp: number, lastOffset: number): boolean {
    const { segmentBytes, segmentMs, segmentIndexBytes } = this.#context.limits
    if (this.size > segmentBytes - batchBytes) return true
    if (lastOffset - this.baseOffset > MAX_RELATIVE_OFFSET) return true
    if (this.size > 0 && this.#waitedMs(maxTimestamp) > segmentMs - this.rollJitterMs) return true
    const { offset, time } = this.indexes()
    if (offset.count >= Math.floor(segmentIndexBytes / OFFSET_INDEX_ENTRY_BYTES)) return true
    return time.count >= Math.floor(segmentIndexBytes / TIME_INDEX_ENTRY_BYTES) - 1
  }

  /** Counts a batch that is appended at the end: sizes, timestamps, index entries. */
  noteBatch(batch: BatchView): void {
    const { lastOffset, maxTimestamp } = batch
    if (this.size === 0) this.firstTimestamp = maxTimestamp
    if (maxTimestamp > this.maxTimestamp()) {
      this.#maxTimestamp = maxTimestamp
      this.#offsetOfMaxTimestamp = lastOffset
    }
    if (this.#bytesSinceEntry > this.#context.limits.indexIntervalBytes) {
      const { offset, time } = this.indexes()
      offset.append(lastOffset, this.size)
      time.maybeAppend(this.maxTimestamp(), this.#offsetOfMaxTimestamp)
      this.#bytesSinceEntry = 0
    }
    const bytes = batch.sizeInBytes
    this.#bytesSinceEntry += bytes
    this.size += bytes
  }

  /** Writes appended bytes behind what is written. */
  write(from: Uint8Array, start: number, end: number): void {
    const { handle } = this.file()
    for (let at = start; at < end; at += WRITE_BYTES) {
      const length = Math.min(WRITE_BYTES, end - at)
      handle.write(from, at, length, this.writtenSize + at - start)
    }
    this.writtenSize += end - start
  }

  sync(): void {
    if (this.syncedSize === this.writtenSize) return
    this.file().handle.sync()
    this.syncedSize = this.writtenSize
  }

  /** As `sync`, in the background; what is written meanwhile is for the next. */
  syncLater(done: (error: Error | null) => void): void {
    const target = this.writtenSize
    const cuts = this.#cuts
    const file = this.file()
    file.retain()
    file.handle.syncLater((error) => {
      file.release()
      if (error === null && cuts === this.#cuts) this.syncedSize = target
      done(error)
    })
  }

  /** The first batch with a record at `offset` or behind it: its position, or writtenSize. */
  positionOf(offset: number): number {
    if (offset <= this.baseOffset) return 0
    for (;;) {
      const index = this.indexes().offset
      const entry = index.lookup(offset)
      const from = entry < 0 ? 0 : index.positionAt(entry)
      if (from >= this.writtenSize) return this.writtenSize
      let trusted = entry < 0
      const stopped = this.scan(from, LOOKUP_WINDOW_BYTES, (batch) => {
        trusted ||= batch.lastOffset === index.offsetAt(entry)
        return trusted && batch.lastOffset < offset
      })
      if (trusted) return stopped
      this.rebuildIndexes('an entry points at no batch')
    }
  }

  /** The batch that begins at `position`. */
  batchAt(position: number): { baseOffset: number; lastOffset: number; bytes: number } {
    const found = { baseOffset: -1, lastOffset: -1, bytes: 0 }
    this.scan(position, RECORD_BATCH_OVERHEAD, (batch) => {
      found.baseOffset = batch.baseOffset
      found.lastOffset = batch.lastOffset
      found.bytes = batch.sizeInBytes
      return false
    })
    assert(found.bytes > 0, `a batch begins at byte ${position} of ${this.path}`)
    return found
  }

  /** Visits headers of written batches from `from` on; returns where it stopped. */
  scan(from: number, windowBytes: number, visit: VisitBatch): number {
    const window = this.#context.tail.scratch(SCAN_WINDOW_BYTES).subarray(0, windowBytes)
    return scanHeaders(this.file().handle, { from, to: this.writtenSize }, window, visit)
  }

  /** Visits whole written batches from `from` on; returns where it stopped. */
  scanWhole(from: number, window: Buffer, visit: VisitBatch): number {
    return scanBatches(this.file().handle, { from, to: this.writtenSize }, window, visit)
  }

  resetIndexes(): void {
    const { baseOffset } = this
    this.#indexes = {
      offset: new OffsetIndex(baseOffset),
      time: new TimeIndex(baseOffset),
      txn: new TxnIndex(),
    }
    this.#maxTimestamp = -1
    this.#offsetOfMaxTimestamp = -1
    this.#bytesSinceEntry = 0
  }

  /** Forgets sizes and indexes, for a scan that calls `noteBatch` for each batch in the file. */
  beginReplay(): void {
    this.resetIndexes()
    this.size = 0
    this.firstTimestamp = undefined
  }

  /** Makes the offset and time index anew from the batches; aborted transactions are kept. */
  rebuildIndexes(cause: string): void {
    const { size } = this
    const txn = this.#indexes?.txn ?? new TxnIndex()
    this.beginReplay()
    this.#indexes = { ...this.indexes(), txn }
    this.scan(0, SCAN_WINDOW_BYTES, (batch) => this.noteBatch(batch))
    assert(this.size <= size, 'a rebuilt segment has no more bytes than it had')
    this.size = size
    // One large batch: there was nothing to lose.
    if (cause === EMPTY_INDEX && this.indexes().offset.count === 0) return
    this.#context.report({
      directory: this.#context.directory,
      file: this.pathOf(names.OFFSET_INDEX_SUFFIX),
      what: 'index rebuilt',
      cause,
    })
  }

  /** Cuts the segment at `position`, where the batch of `offset` begins; written bytes too. */
  truncateTo(position: number, offset: number): void {
    const { offset: offsets, time, txn } = this.indexes()
    offsets.truncateToPosition(position)
    time.truncateTo(offset)
    txn.truncateTo(offset)
    this.size = position
    this.#bytesSinceEntry = 0
    if (position === 0) {
      this.createdMs = this.#context.clock.now()
      this.firstTimestamp = undefined
    }
    if (this.writtenSize > position) {
      this.#cuts++
      this.writtenSize = position
      this.syncedSize = LENGTH_UNSYNCED
      this.file().handle.truncate(position)
    }
    this.readMaxTimestamp()
  }

  /** Finds the largest timestamp: the time index knows it up to its last entry. */
  readMaxTimestamp(): void {
    const { offset, time } = this.indexes()
    this.#maxTimestamp = undefined
    let largest = this.maxTimestamp()
    const entry = time.count === 0 ? -1 : offset.lookup(time.offsetAt(time.count - 1))
    this.scan(entry < 0 ? 0 : offset.positionAt(entry), LOOKUP_WINDOW_BYTES, (batch) => {
      if (batch.maxTimestamp <= largest) return
      largest = batch.maxTimestamp
      this.#maxTimestamp = largest
      this.#offsetOfMaxTimestamp = batch.lastOffset
    })
  }

  /** Writes the index files, the time index with its final entry. Those of a sealed segment are
   * synced: cut short by a power loss they make reads slow and hide the largest timestamp. */
  writeIndexes({ sync }: { readonly sync: boolean }): void {
    const { fs } = this.#context
    const { offset, time, txn } = this.indexes()
    time.maybeAppend(this.maxTimestamp(), this.#offsetOfMaxTimestamp)
    writeFile(fs, this.pathOf(names.OFFSET_INDEX_SUFFIX), offset.encode(), sync)
    writeFile(fs, this.pathOf(names.TIME_INDEX_SUFFIX), time.encode(), sync)
    const txnPath = this.pathOf(names.TXN_INDEX_SUFFIX)
    if (txn.count > 0) writeFile(fs, txnPath, txn.encode(), true)
    else if (this.hasTxnIndex) removeFile(fs, txnPath)
    this.hasTxnIndex = txn.count > 0
  }

  /** Lets go of the file for good; reads that still use it keep it open. */
  close(): void {
    this.closed = true
    this.#file?.release()
    this.#file = undefined
  }

  /** Continues the count of bytes since the last index entry, for the segment to append to. */
  resumeAppends(): void {
    const { offset } = this.indexes()
    const last = offset.count === 0 ? 0 : offset.positionAt(offset.count - 1)
    this.#bytesSinceEntry = this.size - last
  }

  #waitedMs(messageTimestamp: number): number {
    if (this.firstTimestamp === undefined && this.writtenSize > 0) {
      this.scan(0, LOOKUP_WINDOW_BYTES, (batch) => {
        this.firstTimestamp = batch.maxTimestamp
        return false
      })
    }
    const first = this.firstTimestamp ?? -1
    if (first >= 0) return messageTimestamp - first
    return this.#context.clock.now() - this.createdMs
  }

  /** From their files; made anew from the batches when one is missing or cannot be right. */
  #loadIndexes(): SegmentIndexes {
    const loaded = loadIndexes(this.#context.fs, this, this.writtenSize)
    if (typeof loaded === 'string') {
      this.rebuildIndexes(loaded)
    } else {
      this.#indexes = loaded
      if (!this.#isTimeIndexTrue(loaded)) this.rebuildIndexes('the time index is of other batches')
    }
    assert(this.#indexes !== undefined, 'a segment has its indexes')
    return this.#indexes
  }

  /** Looks up the batch of the last entry, on which searches by time depend. */
  #isTimeIndexTrue({ time }: SegmentIndexes): boolean {
    if (time.count === 0) return true
    const position = this.positionOf(time.offsetAt(time.count - 1))
    if (position >= this.writtenSize) return false
    let found = false
    this.scan(position, RECORD_BATCH_OVERHEAD, (batch) => {
      found = batch.maxTimestamp === time.lastTimestamp()
      return false
    })
    return found
  }
}

interface SegmentOrigin {
  readonly createdMs: number
  readonly rollJitterMs: number
  /** Of an existing file. */
  readonly bytes?: number
  /** Behind the usual names, while an operation is not complete. */
  readonly nameSuffix?: string
}
