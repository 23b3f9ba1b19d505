// The segments of a log in the order of their base offsets; the last one is appended to. There is
// always one. Searches by offset, and the walk over all written batches.
import { assert } from '../base/assert.ts'
import type { BatchView } from '../protocol/records/batch.ts'
import type { Segment } from './segment.ts'

const WINDOW_BYTES = 256 * 1024

export class SegmentList {
  readonly #segments: Segment[]

  constructor(segments: Segment[]) {
    assert(segments.length > 0, 'a log has a segment')
    this.#segments = segments
  }

  get length(): number {
    return this.#segments.length
  }

  active(): Segment {
    return this.#segments[this.#segments.length - 1]!
  }

  first(): Segment {
    return this.#segments[0]!
  }

  at(index: number): Segment | undefined {
    return this.#segments[index]
  }

  push(segment: Segment): void {
    assert(segment.baseOffset > this.active().baseOffset, 'base offsets of segments rise')
    this.#segments.push(segment)
  }

  /** Index of the segment that holds `offset`, or would; 0 for what is before all. */
  floor(offset: number): number {
    let low = 1
    let high = this.#segments.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#segments[middle]!.baseOffset <= offset) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** Takes out `count` segments from the front. */
  removeFirst(count: number): Segment[] {
    assert(count < this.#segments.length, 'the active segment stays')
    return this.#segments.splice(0, count)
  }

  /** Takes out what is behind `index`. */
  removeAfter(index: number): Segment[] {
    assert(index >= 0, 'a log has a segment')
    return this.#segments.splice(index + 1)
  }

  /** Puts one segment in the place of all. */
  replaceAll(segment: Segment): Segment[] {
    return this.#segments.splice(0, this.#segments.length, segment)
  }

  sizeInBytes(): number {
    let bytes = 0
    for (const segment of this.#segments) bytes += segment.size
    return bytes
  }

  /** Segments that have bytes which a power loss would take. */
  unsynced(): Segment[] {
    return this.#segments.filter((segment) => segment.syncedSize < segment.writtenSize)
  }

  [Symbol.iterator](): IterableIterator<Segment> {
    return this.#segments[Symbol.iterator]()
  }

  /**
   * Visits whole written batches from the one that holds `from` on, until `maxBytes` are passed or
   * `visit` says false. Returns the offset behind the last visited (at least `from`), and where
   * bytes that are no batch stopped the walk.
   */
  walk(
    from: number,
    maxBytes: number,
    visit: (batch: BatchView) => boolean | void,
  ): { next: number; stopped: boolean; damage?: { segment: Segment; position: number } } {
    const window = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, Math.max(4096, this.sizeInBytes())))
    let next = from
    let bytes = 0
    let stopped = false
    for (let i = this.floor(from); i < this.#segments.length; i++) {
      const segment = this.#segments[i]!
      if (segment.writtenSize === 0) continue
      const reached = segment.scanWhole(segment.positionOf(next), window, (batch) => {
        stopped = bytes >= maxBytes || visit(batch) === false
        if (stopped) return false
        bytes += batch.sizeInBytes
        next = batch.nextOffset
        return true
      })
      if (stopped) break
      if (reached < segment.writtenSize) {
        return { next, stopped: true, damage: { segment, position: reached } }
      }
    }
    return { next, stopped }
  }
}
