// The producers of one log together with their snapshot files: written at every roll and at a clean
// close, loaded and brought up to the log's end by reading the batches behind them.
import type { BatchView } from '../protocol/records/batch.ts'
import { join } from './fs/path.ts'
import { readFile, removeFile, writeFile } from './fs/whole-file.ts'
import { decodeProducerSnapshot, encodeProducerSnapshot } from './producer-snapshot.ts'
import { Producers } from './producers.ts'
import type { LogContext, Segment } from './segment.ts'
import { SNAPSHOT_SUFFIX, segmentFileName } from './segment-file.ts'
import type { SegmentList } from './segment-list.ts'

const SCAN_WINDOW_BYTES = 64 * 1024

export class ProducerLog {
  readonly producers = new Producers()
  readonly #context: LogContext
  readonly #expirationMs: number
  /** Offsets of the snapshots on disk, rising. */
  #snapshots: number[] = []
  /** Taken at a roll, to be written with the bytes before it. */
  #prepared: { readonly offset: number; readonly bytes: Buffer }[] = []

  constructor(context: LogContext, expirationMs: number) {
    this.#context = context
    this.#expirationMs = expirationMs
  }

  /** Takes in a batch that is appended to `segment`. */
  apply(batch: BatchView, segment: Segment): void {
    const completed = this.producers.apply(batch)
    if (completed === undefined || !completed.isAborted) return
    const { producerId, firstOffset, lastOffset } = completed
    const lastStableOffset = this.producers.lastStableOffset(completed)
    const { txn } = segment.indexes()
    txn.append({ producerId, firstOffset, lastOffset, lastStableOffset })
  }

  prepareSnapshot(offset: number): void {
    this.#prepared.push({ offset, bytes: this.#encode() })
  }

  writePrepared(): void {
    for (const { offset, bytes } of this.#prepared.splice(0)) this.#write(offset, bytes)
  }

  snapshotAt(offset: number): void {
    if (this.#snapshots.at(-1) !== offset) this.#write(offset, this.#encode())
  }

  dropSnapshot(offset: number): void {
    const at = this.#snapshots.indexOf(offset)
    if (at < 0) return
    this.#snapshots.splice(at, 1)
    removeFile(this.#context.fs, this.#path(offset))
  }

  /** Learns which snapshots there are. Of those that no segment begins with only the newest
   * stays. */
  found(offsets: readonly number[], segments: SegmentList): void {
    const bases = new Set([...segments].map((segment) => segment.baseOffset))
    this.#snapshots = [...offsets].sort((a, b) => a - b)
    const strays = this.#snapshots.filter((offset) => !bases.has(offset))
    strays.pop()
    for (const offset of strays) this.dropSnapshot(offset)
  }

  /**
   * Brings the producers to `end` from the newest usable snapshot at or below `from.snapshot`
   * (default: `end`; later ones are removed) and the batches behind it. Aborted transactions that
   * end at `from.txn` or later are added to their segment's index, which has lost them.
   */
  rebuild(
    segments: SegmentList,
    logStartOffset: number,
    end: number,
    from: { readonly snapshot?: number; readonly txn?: number } = {},
  ): void {
    this.#prepared = []
    // Behind the limit they may be of records that are lost, or never have reached the disk whole.
    const limit = Math.min(end, from.snapshot ?? end)
    const gone = this.#snapshots.filter((offset) => offset > limit || offset < logStartOffset)
    for (const offset of gone) this.dropSnapshot(offset)
    const loaded = this.#load()
    this.#replay(segments, Math.max(loaded, logStartOffset), end, from.txn ?? Infinity)
  }

  /** Forgets all: the log begins anew at `offset`. */
  restartAt(offset: number): void {
    this.#prepared = []
    this.producers.clear()
    for (const snapshot of this.#snapshots.toReversed()) this.dropSnapshot(snapshot)
    this.snapshotAt(offset)
  }

  /** The offset of the snapshot that was loaded, 0 without one. */
  #load(): number {
    const { fs, clock, directory, report } = this.#context
    for (const offset of this.#snapshots.toReversed()) {
      const bytes = readFile(fs, this.#path(offset))
      const entries = bytes === undefined ? undefined : decodeProducerSnapshot(bytes)
      if (entries !== undefined) {
        this.producers.load(entries, clock.now(), this.#expirationMs)
        return offset
      }
      report({ directory, file: this.#path(offset), what: 'snapshot dropped' })
      this.dropSnapshot(offset)
    }
    this.producers.clear()
    return 0
  }

  #replay(segments: SegmentList, from: number, end: number, txnFrom: number): void {
    if (from >= end) return
    for (let i = segments.floor(from); i < segments.length; i++) {
      const segment = segments.at(i)!
      if (segment.baseOffset >= end || segment.writtenSize === 0) continue
      segment.scan(segment.positionOf(from), SCAN_WINDOW_BYTES, (batch) => {
        const { baseOffset } = batch
        if (baseOffset >= end) return false
        if (baseOffset >= txnFrom) this.apply(batch, segment)
        else this.producers.apply(batch)
        return true
      })
    }
  }

  #encode(): Buffer {
    return encodeProducerSnapshot(this.producers.entries(), this.producers.size)
  }

  /** Not synced: one that is torn says so by its checksum, and there is the log to read instead. */
  #write(offset: number, bytes: Buffer): void {
    writeFile(this.#context.fs, this.#path(offset), bytes)
    if (!this.#snapshots.includes(offset)) this.#snapshots.push(offset)
  }

  #path(offset: number): string {
    return join(this.#context.directory, segmentFileName(offset, SNAPSHOT_SUFFIX))
  }
}
