// A ShardLog in memory: batches back to back, stamped with offset and epoch as a partition does.
import { BatchView } from '../../../protocol/records/batch.ts'
import type { ShardLog } from '../../../src/coordinator/group/shard-log.ts'

export class MemoryShardLog implements ShardLog {
  batches: Buffer[] = []
  epoch = 1
  /** Batches up to here are committed; by default all are. */
  committed: number | null = null
  refuses = false
  /** true: what is appended can be read after flush() only. */
  buffers = false
  #flushed = 0

  append(batch: Buffer): { firstOffset: number; lastOffset: number } | { failure: string } {
    if (this.refuses) return { failure: 'no space left' }
    const copy = Buffer.from(batch)
    const view = new BatchView(copy)
    const firstOffset = this.#logEnd()
    view.setBaseOffset(firstOffset)
    view.setPartitionLeaderEpoch(this.epoch)
    this.batches.push(copy)
    if (!this.buffers) this.flush()
    return { firstOffset, lastOffset: firstOffset + view.lastOffsetDelta }
  }

  flush(): void {
    this.#flushed = this.#logEnd()
  }

  highWatermark(): number {
    return this.committed ?? this.endOffset()
  }

  leaderEpoch(): number {
    return this.epoch
  }

  startOffset(): number {
    return 0
  }

  endOffset(): number {
    // Tests also put batches in place as if they were there from before.
    return this.buffers ? this.#flushed : this.#logEnd()
  }

  #logEnd(): number {
    const last = this.batches.at(-1)
    return last === undefined ? 0 : endOf(last)
  }

  read(offset: number, maxBytes: number): Uint8Array {
    const found: Buffer[] = []
    let size = 0
    for (const batch of this.batches) {
      if (endOf(batch) <= offset || endOf(batch) > this.endOffset()) continue
      if (size > 0 && size + batch.length > maxBytes) continue
      found.push(batch)
      size += batch.length
    }
    return Buffer.concat(found)
  }
}

function endOf(batch: Buffer): number {
  const view = new BatchView(batch)
  return view.baseOffset + view.lastOffsetDelta + 1
}
