// A partition of __consumer_offsets as the log of its group shard: appends go through the leader's
// own append, reads come from the written log. Knows no record of theirs.
import { errorName, errors } from '../../protocol/errors.ts'
import type { Part } from '../../protocol/wire/part.ts'
import { FileRegion } from '../../storage/file-region.ts'
import type { Partition } from './partition.ts'
import type { Turn } from './turn.ts'

/** The newest Produce version: coordinators may use every codec. */
const NEWEST = 13

export class PartitionShardLog {
  readonly #partition: Partition
  readonly #turn: Turn

  constructor(partition: Partition, turn: Turn) {
    this.#partition = partition
    this.#turn = turn
  }

  append(batch: Buffer): { firstOffset: number; lastOffset: number } | { failure: string } {
    const result = this.#partition.append({ bytes: batch, version: NEWEST, origin: 'coordinator' })
    if (result.errorCode !== errors.NONE) return { failure: errorName(result.errorCode) }
    this.#turn.dirty(this.#partition)
    return { firstOffset: result.baseOffset, lastOffset: result.lastOffset }
  }

  flush(): void {
    this.#partition.log.flushWrites()
  }

  highWatermark(): number {
    return this.#partition.highWatermark
  }

  leaderEpoch(): number {
    return this.#partition.leaderEpoch
  }

  startOffset(): number {
    return this.#partition.log.logStartOffset
  }

  endOffset(): number {
    return this.#partition.log.writtenEndOffset
  }

  /** Whole batches from the one that holds `offset` on, copied out of the log. */
  read(offset: number, maxBytes: number): Uint8Array {
    const slice = this.#partition.log.read(offset, maxBytes, { minOneMessage: true })
    if (slice === 'OFFSET_OUT_OF_RANGE') return new Uint8Array(0)
    const bytes = Buffer.allocUnsafe(slice.byteLength)
    let at = 0
    for (const part of slice.parts) at += copyPart(part, bytes, at)
    slice.release()
    return bytes
  }
}

function copyPart(part: Part, into: Buffer, at: number): number {
  if (part instanceof FileRegion) part.readInto(into, at, 0, part.byteLength)
  else if (ArrayBuffer.isView(part)) into.set(part, at)
  return part.byteLength
}
