// The blocks of the tail cache that belong to one log, oldest first: what was appended last, the
// unwritten part of it at the end. Gaps are possible (a block in the middle was evicted), so
// whoever reads looks whether the next block continues the last.
import { assert } from '../base/assert.ts'
import type { BatchView } from '../protocol/records/batch.ts'
import type { BlockOwner, TailBlock, TailCache } from './tail-cache.ts'

export class TailArena implements BlockOwner {
  readonly #tail: TailCache
  readonly #blocks: TailBlock[] = []

  constructor(tail: TailCache) {
    this.#tail = tail
  }

  /** Copies the batch behind the last one. `segment` is where it goes, not counting it yet. */
  append(
    batch: BatchView,
    bytes: number,
    segment: { readonly baseOffset: number; readonly size: number },
    logEndOffset: number,
  ): void {
    let block = this.#blocks[this.#blocks.length - 1]
    if (
      block === undefined ||
      block.segmentBaseOffset !== segment.baseOffset ||
      block.filePosition + block.used !== segment.size ||
      block.nextOffset !== logEndOffset ||
      block.buffer.length - block.used < bytes
    ) {
      const place = {
        segmentBaseOffset: segment.baseOffset,
        filePosition: segment.size,
        firstOffset: logEndOffset,
      }
      block = this.#tail.take(this, bytes, place, block)
      this.#blocks.push(block)
    }
    const { buffer, start } = batch
    const isWhole = start === 0 && buffer.length === bytes
    block.buffer.set(isWhole ? buffer : buffer.subarray(start, start + bytes), block.used)
    block.starts.push(block.used)
    block.lastOffsets.push(batch.lastOffset)
    block.used += bytes
  }

  /** Where in `blocks` the one that covers `offset` is; -1 when none does. */
  find(offset: number): number {
    for (let i = this.#blocks.length - 1; i >= 0; i--) {
      const block = this.#blocks[i]!
      if (offset >= block.firstOffset) return offset < block.nextOffset ? i : -1
    }
    return -1
  }

  blockAt(index: number): TailBlock | undefined {
    return this.#blocks[index]
  }

  /** The first block that is not wholly written; the number of blocks when all are. */
  firstPending(): number {
    let first = this.#blocks.length
    while (first > 0 && this.#blocks[first - 1]!.written < this.#blocks[first - 1]!.used) first--
    return first
  }

  /** Drops what is not written. */
  dropPending(): void {
    for (let last = this.#blocks.at(-1); last !== undefined; last = this.#blocks.at(-1)) {
      if (last.written === last.used) return
      if (last.written > 0) {
        last.truncateTo(last.filePosition + last.written)
        return
      }
      this.#blocks.pop()
      this.#tail.evict(last)
    }
  }

  /** Drops everything: after a truncation, or at the end. Pending bytes must be written or lost. */
  clear(): void {
    for (const block of this.#blocks) this.#tail.evict(block)
    this.#blocks.length = 0
  }

  blockEvicted(block: TailBlock): void {
    const at = this.#blocks.indexOf(block)
    assert(at >= 0, 'an evicted block was in the arena')
    this.#blocks.splice(at, 1)
  }
}
