// What a read of a log returns: parts, never one buffer. The tail comes as slices of arena blocks,
// anything older as one region of the segment's file. Owns the counts that keep both alive until
// the bytes have left.
import { int64At } from '../protocol/records/int.ts'
import type { Part } from '../protocol/wire/part.ts'
import { FileRegion, type SharedFile } from './file-region.ts'
import type { Segment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'
import type { TailArena } from './tail-arena.ts'
import type { TailBlock, TailCache } from './tail-cache.ts'

export interface ReadOptions {
  /** The first batch is returned whole even above maxBytes. */
  readonly minOneMessage?: boolean
  /** Exclusive; a batch that reaches to it or over it is not returned. */
  readonly upTo?: number
}

export interface LogSlice {
  readonly parts: readonly Part[]
  readonly byteLength: number
  /** Base offset of the first batch; -1 in an empty slice. */
  readonly firstOffset: number
  /** maxBytes did not reach for the first batch (never with minOneMessage). */
  readonly firstBatchCut: boolean
  /** Once, when the bytes have left or are not needed; then the parts are no longer valid. */
  release(): void
}

export const EMPTY_SLICE: LogSlice = {
  parts: [],
  byteLength: 0,
  firstOffset: -1,
  firstBatchCut: false,
  release: () => undefined,
}

interface Source {
  readonly tail: TailCache
  readonly arena: TailArena
  readonly segments: SegmentList
}

interface Span {
  readonly offset: number
  /** Exclusive, at most what is written. */
  readonly end: number
  readonly maxBytes: number
  readonly minOneMessage: boolean
  readonly writtenEndOffset: number
}

export function readSlice(source: Source, span: Span): LogSlice {
  const block = source.arena.find(span.offset)
  return block >= 0 ? fromArena(source, span, block) : fromFile(source.segments, span)
}

function fromArena({ tail, arena }: Source, span: Span, index: number): LogSlice {
  let block = arena.blockAt(index)!
  const batch = block.batchFor(span.offset)
  let from = block.starts[batch]!
  const batchEnd = block.starts[batch + 1] ?? block.used
  const firstOffset = int64At(block.buffer, from)
  let left = span.minOneMessage ? Math.max(span.maxBytes, batchEnd - from) : span.maxBytes
  const firstBatchCut = left < batchEnd - from
  const slice = new ArenaSlice(tail, firstOffset, firstBatchCut)
  for (let i = index; ;) {
    const end = Math.min(from + left, endInBlock(block, span.end))
    if (end > from) slice.add(block, from, end)
    left -= end - from
    const next = arena.blockAt(++i)
    if (next === undefined || left <= 0 || end < block.used || !continues(block, next)) break
    block = next
    from = 0
  }
  return slice
}

function endInBlock(block: TailBlock, end: number): number {
  if (end >= block.nextOffset) return block.written
  return Math.min(block.written, block.starts[block.batchFor(end)] ?? block.used)
}

function continues(block: TailBlock, next: TailBlock): boolean {
  return (
    next.segmentBaseOffset === block.segmentBaseOffset &&
    next.filePosition === block.filePosition + block.used
  )
}

function fromFile(segments: SegmentList, span: Span): LogSlice {
  for (let i = segments.floor(span.offset); i < segments.length; i++) {
    const segment = segments.at(i)!
    const position = segment.positionOf(span.offset)
    if (position >= segment.writtenSize) continue
    const segmentEnd = segments.at(i + 1)?.baseOffset ?? span.writtenEndOffset
    return regionSlice(segment, position, segmentEnd, span)
  }
  return EMPTY_SLICE
}

function regionSlice(segment: Segment, position: number, segmentEnd: number, span: Span): LogSlice {
  const { baseOffset, bytes, lastOffset } = segment.batchAt(position)
  if (lastOffset >= span.end) return EMPTY_SLICE
  const most = span.minOneMessage ? Math.max(span.maxBytes, bytes) : span.maxBytes
  const limit = span.end >= segmentEnd ? segment.writtenSize : segment.positionOf(span.end)
  const length = Math.min(limit - position, most)
  if (length <= 0) return { ...EMPTY_SLICE, firstOffset: baseOffset, firstBatchCut: true }
  const file = segment.file()
  file.retain()
  const region = new FileRegion(file.handle, position, length)
  return new RegionSlice(file, region, baseOffset, most < bytes)
}

class ArenaSlice implements LogSlice {
  readonly parts: Uint8Array[] = []
  byteLength = 0
  readonly firstOffset: number
  readonly firstBatchCut: boolean
  readonly #tail: TailCache
  #blocks: TailBlock[] = []

  constructor(tail: TailCache, firstOffset: number, firstBatchCut: boolean) {
    this.#tail = tail
    this.firstOffset = firstOffset
    this.firstBatchCut = firstBatchCut
  }

  add(block: TailBlock, from: number, end: number): void {
    this.#tail.retain(block)
    this.#tail.touch(block)
    this.#blocks.push(block)
    this.parts.push(block.buffer.subarray(from, end))
    this.byteLength += end - from
  }

  release(): void {
    for (const block of this.#blocks) this.#tail.release(block)
    this.#blocks = []
  }
}

class RegionSlice implements LogSlice {
  readonly parts: readonly FileRegion[]
  readonly byteLength: number
  readonly firstOffset: number
  readonly firstBatchCut: boolean
  #file: SharedFile | undefined

  constructor(file: SharedFile, region: FileRegion, firstOffset: number, firstBatchCut: boolean) {
    this.#file = file
    this.parts = [region]
    this.byteLength = region.byteLength
    this.firstOffset = firstOffset
    this.firstBatchCut = firstBatchCut
  }

  release(): void {
    this.#file?.release()
    this.#file = undefined
  }
}
