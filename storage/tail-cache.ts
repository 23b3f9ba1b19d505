// The newest bytes of all logs, in memory: every batch is copied once, into a block from which it
// is written to its file and served to whoever reads at the tail. Owns the blocks, how large they
// get and which go first when the budget is spent; knows no file.
//
// A block is counted: one for its log until it is evicted, one for each read that still uses its
// bytes. At zero its buffer is reused, so a slice must not be looked at after its release.
import { assert } from '../base/assert.ts'

/** A log's blocks grow along this row while it keeps filling them. */
const BLOCK_BYTES = [16 * 1024, 64 * 1024, 256 * 1024, 1024 * 1024] as const
/** Free buffers kept per size: what is beyond goes back to the process. */
const MAX_FREE_BYTES = 4 * 1024 * 1024
const SCRATCH_BYTES = 64 * 1024

/** Told that its block is no longer in the cache. */
export interface BlockOwner {
  blockEvicted(block: TailBlock): void
}

export interface BlockPlace {
  readonly segmentBaseOffset: number
  readonly filePosition: number
  readonly firstOffset: number
}

export class TailBlock {
  readonly owner: BlockOwner
  readonly buffer: Buffer
  /** Bytes appended, and of these in the file. */
  used = 0
  written = 0
  /** Of the segment these bytes are in, and where in its file the block begins. */
  readonly segmentBaseOffset: number
  readonly filePosition: number
  /** The log's end when the block was taken: it covers what was appended from there on. */
  readonly firstOffset: number
  /** Per batch: its last offset, and where in the block it begins. */
  readonly lastOffsets: number[] = []
  readonly starts: number[] = []
  references = 1
  evicted = false

  constructor(owner: BlockOwner, buffer: Buffer, place: BlockPlace) {
    this.owner = owner
    this.buffer = buffer
    this.segmentBaseOffset = place.segmentBaseOffset
    this.filePosition = place.filePosition
    this.firstOffset = place.firstOffset
  }

  /** The offset behind the last batch. */
  get nextOffset(): number {
    return (this.lastOffsets[this.lastOffsets.length - 1] ?? this.firstOffset - 1) + 1
  }

  /** The first batch that holds `offset` or a later one; the number of batches when none does. */
  batchFor(offset: number): number {
    let low = 0
    let high = this.lastOffsets.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.lastOffsets[middle]! < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Where the batch begins in the file; for the number of batches, where the block's bytes end. */
  positionOf(batch: number): number {
    return this.filePosition + (this.starts[batch] ?? this.used)
  }

  /** Drops batches at and behind file position `position`. */
  truncateTo(position: number): void {
    const kept = Math.max(0, position - this.filePosition)
    while (this.starts.length > 0 && this.starts.at(-1)! >= kept) {
      this.starts.pop()
      this.lastOffsets.pop()
    }
    this.used = Math.min(this.used, kept)
    this.written = Math.min(this.written, kept)
  }
}

export class TailCache {
  readonly budgetBytes: number
  /** Bytes of all blocks that are not evicted. */
  residentBytes = 0
  /** Least recently appended or read first. */
  readonly #blocks = new Set<TailBlock>()
  readonly #free = new Map<number, Buffer[]>()
  #scratch: Buffer | undefined

  constructor(budgetBytes: number) {
    this.budgetBytes = budgetBytes
  }

  /** A block with room for `bytes`, larger than the log's `previous` one if that was filled. */
  take(
    owner: BlockOwner,
    bytes: number,
    place: BlockPlace,
    previous: TailBlock | undefined,
  ): TailBlock {
    const size = blockBytesFor(bytes, previous, this.budgetBytes)
    const buffer = this.#free.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size)
    const block = new TailBlock(owner, buffer, place)
    this.#blocks.add(block)
    this.residentBytes += size
    if (this.residentBytes > this.budgetBytes) this.#evictOthers(block)
    return block
  }

  /** Notes that the block was used. */
  touch(block: TailBlock): void {
    if (block.evicted) return
    this.#blocks.delete(block)
    this.#blocks.add(block)
  }

  retain(block: TailBlock): void {
    assert(block.references > 0, 'a block that is free cannot be retained')
    block.references++
  }

  release(block: TailBlock): void {
    assert(block.references > 0, 'a block is released once per reference')
    block.references--
    if (block.references === 0) this.#recycle(block.buffer)
  }

  /** Takes the block out of the cache; its buffer lives until the last reader is done. */
  evict(block: TailBlock): void {
    if (block.evicted) return
    block.evicted = true
    this.#blocks.delete(block)
    this.residentBytes -= block.buffer.length
    this.release(block)
  }

  /** One buffer for whoever reads file bytes and is done with them before anyone else runs. */
  scratch(bytes: number): Buffer {
    if (bytes > SCRATCH_BYTES) return Buffer.allocUnsafe(bytes)
    this.#scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES)
    return this.#scratch
  }

  /** Blocks with bytes that are in no file yet stay. */
  #evictOthers(kept: TailBlock): void {
    for (const block of this.#blocks) {
      if (this.residentBytes <= this.budgetBytes) return
      if (block === kept || block.written < block.used) continue
      this.evict(block)
      block.owner.blockEvicted(block)
    }
  }

  #recycle(buffer: Buffer): void {
    if (!BLOCK_BYTES.some((size) => size === buffer.length)) return
    const free = this.#free.get(buffer.length)
    if (free === undefined) this.#free.set(buffer.length, [buffer])
    else if ((free.length + 1) * buffer.length <= MAX_FREE_BYTES) free.push(buffer)
  }
}

/** One size up from the last, as long as that is no large part of the budget. */
function blockBytesFor(bytes: number, previous: TailBlock | undefined, budget: number): number {
  const last = previous === undefined ? 0 : previous.buffer.length
  for (const size of BLOCK_BYTES) {
    const isLargest = size === BLOCK_BYTES[BLOCK_BYTES.length - 1] || size * 4 > budget
    if (size >= bytes && (size > last || isLargest)) return size
  }
  return bytes
}
