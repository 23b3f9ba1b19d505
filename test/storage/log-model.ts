// The log as a list: what a correct one shows after any operation. A power loss may lose what
// was not synced, from the end of each segment; the model then takes over what is left.
import { expect } from 'vitest'
import { BatchView } from '../../protocol/records/batch.ts'
import type { Log } from '../../storage/log.ts'
import { batchesIn, collect, replayed } from './log-kit.ts'

export class LogModel {
  batches: Buffer[] = []
  start = 0
  end = 0
  /** Ends of what is written and of what is on disk for certain. */
  written = 0
  synced = 0

  append(batch: Buffer): void {
    this.batches.push(batch)
    this.end = new BatchView(batch).nextOffset
  }

  truncateTo(offset: number): void {
    this.batches = this.batches.filter((batch) => new BatchView(batch).lastOffset < offset)
    this.start = Math.min(this.start, offset)
    this.end = this.written = offset
    this.synced = Math.min(this.synced, offset)
  }

  /** Offsets at which a batch begins or the log ends, from `start` on. */
  boundaries(): number[] {
    const bases = this.batches.map((batch) => new BatchView(batch).baseOffset)
    return [...bases.filter((base) => base >= this.start), this.end]
  }

  /** A restart: what was synced is there, and of the rest what the log found, in order. */
  crashed(log: Log): void {
    expect(log.logEndOffset).toBeGreaterThanOrEqual(this.synced)
    expect(log.logEndOffset).toBeLessThanOrEqual(this.written)
    const left = new Set<number>()
    log.forEachBatch(this.start, (batch) => {
      left.add(batch.baseOffset)
    })
    this.batches = this.batches.filter((batch) => {
      const { baseOffset, lastOffset } = new BatchView(batch)
      if (lastOffset < this.start) return true
      if (lastOffset < this.synced) expect(left).toContain(baseOffset)
      return left.has(baseOffset)
    })
    this.end = this.written = log.logEndOffset
  }

  readable(from: number, end: number): Buffer[] {
    return this.batches.filter((batch) => {
      const view = new BatchView(batch)
      return view.lastOffset >= from && view.lastOffset < Math.min(end, this.written)
    })
  }

  /** Everything that can be asked of the log. */
  check(log: Log): void {
    expect([log.logStartOffset, log.writtenEndOffset]).toEqual([this.start, this.written])
    expect(log.logEndOffset).toBe(this.end)
    expect(log.recoveryPoint).toBeLessThanOrEqual(this.written)
    const offsets = batchesIn(Buffer.concat(this.readable(this.start, this.end)))
    expect(replayed(log, this.start)).toEqual(offsets)
  }

  /** A read is a prefix of what is there, at least one batch, all if there is room. */
  checkRead(log: Log, offset: number, maxBytes: number, upTo: number): void {
    const slice = log.read(offset, maxBytes, { upTo, minOneMessage: true })
    if (offset < this.start || offset > this.end) {
      expect(slice).toBe('OFFSET_OUT_OF_RANGE')
      return
    }
    const expected = Buffer.concat(this.readable(offset, upTo))
    const got = collect(slice)
    expect(got.equals(expected.subarray(0, got.length))).toBe(true)
    if (offset < Math.min(upTo, this.written) && expected.length > 0) {
      const first = new BatchView(expected).sizeInBytes
      expect(got.length).toBeGreaterThanOrEqual(Math.min(first, expected.length))
      expect(got.length).toBeLessThanOrEqual(Math.max(maxBytes, first))
    }
  }
}
