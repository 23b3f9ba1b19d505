// Cuts length-prefixed frames out of the bytes of one connection, as views (performance D1): in
// place in the borrowed chunk where the frame is whole there, otherwise in a receive buffer that
// grows with the bytes *received*; the announced length is only ever a limit. It does not know
// what a frame means, and it never drops or reorders a byte.
import { assert } from '../../base/assert.ts'
import type { BufferPool } from './buffer-pool.ts'

const EMPTY = Buffer.alloc(0)
const PREFIX = 4

export type Cut = 'frame' | 'more' | 'refused'

export class FrameCutter {
  /** After next() said 'frame': its bytes are buffer[start..end), without the length prefix, and
   * stay valid until the next call of next(), offer() or keep(). */
  buffer: Buffer = EMPTY
  start = 0
  end = 0
  readonly #pool: BufferPool
  readonly #maxFrameBytes: number
  /** The borrowed chunk and what of it is not yet cut. */
  #chunk: Buffer = EMPTY
  #chunkFrom = 0
  /** Our own copy of bytes that came before the chunk. */
  #held: Buffer | null = null
  #heldFrom = 0
  #heldTo = 0
  /** Where the frame that next() found ends in its buffer; -1: none found. */
  #foundEnd = -1

  constructor(pool: BufferPool, maxFrameBytes: number) {
    this.#pool = pool
    this.#maxFrameBytes = maxFrameBytes
  }

  /** Lends a chunk; keep() must follow before the lender takes it back. */
  offer(chunk: Buffer): void {
    assert(this.#chunkFrom === this.#chunk.length, 'the chunk before was kept')
    this.#chunk = chunk
    this.#chunkFrom = 0
  }

  /** Looks for the next whole frame; the same one again until consume() is called. 'refused': the
   * length is negative or above the limit; firstBytes() shows what came instead. */
  next(): Cut {
    if (this.#foundEnd >= 0) return 'frame'
    if (this.#heldTo === this.#heldFrom) {
      this.#releaseHeld()
      return this.#nextInChunk()
    }
    return this.#nextInHeld()
  }

  /** The frame that next() found is taken; its bytes stay where they are for its handler. */
  consume(): void {
    assert(this.#foundEnd >= 0, 'a frame was found')
    if (this.buffer === this.#held) this.#heldFrom = this.#foundEnd
    else this.#chunkFrom = this.#foundEnd
    this.#foundEnd = -1
  }

  /** Copies what is left of the borrowed chunk, so that the lender may have it back. */
  keep(): void {
    const left = this.#chunk.length - this.#chunkFrom
    if (left > 0) {
      this.#appendToHeld(left, 0)
      this.#foundEnd = -1
    }
    this.#chunk = EMPTY
    this.#chunkFrom = 0
    if (this.#heldTo === this.#heldFrom) this.#releaseHeld()
  }

  /** Bytes received and kept here, waiting for the rest of their frame or for their turn. */
  heldBytes(): number {
    return this.#heldTo - this.#heldFrom
  }

  /** Up to 16 bytes from where the next frame should begin: tells what a refused peer speaks. */
  firstBytes(): Buffer {
    const held = this.#held?.subarray(this.#heldFrom, this.#heldTo) ?? EMPTY
    return Buffer.concat(
      [held.subarray(0, 16), this.#chunk.subarray(this.#chunkFrom)],
      16,
    ).subarray(0, Math.min(16, held.length + this.#chunk.length - this.#chunkFrom))
  }

  /** Forgets everything and gives the memory back. */
  drop(): void {
    this.#chunk = EMPTY
    this.#chunkFrom = 0
    this.#foundEnd = -1
    this.#releaseHeld()
  }

  #nextInChunk(): Cut {
    const left = this.#chunk.length - this.#chunkFrom
    if (left < PREFIX) return 'more'
    const length = this.#chunk.readInt32BE(this.#chunkFrom)
    if (length < 0 || length > this.#maxFrameBytes) return 'refused'
    if (left < PREFIX + length) return 'more'
    return this.#found(this.#chunk, this.#chunkFrom, length)
  }

  #nextInHeld(): Cut {
    if (this.heldBytes() < PREFIX) this.#appendToHeld(PREFIX - this.heldBytes(), 0)
    if (this.heldBytes() < PREFIX) return 'more'
    const length = this.#held!.readInt32BE(this.#heldFrom)
    if (length < 0 || length > this.#maxFrameBytes) return 'refused'
    const whole = PREFIX + length
    if (this.heldBytes() < whole) this.#appendToHeld(whole - this.heldBytes(), whole)
    if (this.heldBytes() < whole) return 'more'
    return this.#found(this.#held!, this.#heldFrom, length)
  }

  #found(buffer: Buffer, from: number, length: number): Cut {
    this.buffer = buffer
    this.start = from + PREFIX
    this.end = this.start + length
    this.#foundEnd = this.end
    return 'frame'
  }

  /** Moves up to `wanted` bytes of the chunk behind the held ones. */
  #appendToHeld(wanted: number, frameBytes: number): void {
    const count = Math.min(wanted, this.#chunk.length - this.#chunkFrom)
    if (count === 0) return
    const held = this.#makeRoom(count, frameBytes)
    this.#chunk.copy(held, this.#heldTo, this.#chunkFrom, this.#chunkFrom + count)
    this.#heldTo += count
    this.#chunkFrom += count
  }

  /** Room for `count` more bytes. Capacity at most doubles what has been received, and stops at
   * `frameBytes` when the frame is beyond the pool's classes. */
  #makeRoom(count: number, frameBytes: number): Buffer {
    const held = this.#held
    const bytes = this.heldBytes()
    if (held !== null && this.#heldTo + count <= held.length) return held
    if (held !== null && bytes + count <= held.length) {
      held.copyWithin(0, this.#heldFrom, this.#heldTo)
      this.#heldFrom = 0
      this.#heldTo = bytes
      return held
    }
    const doubled = Math.min(2 * bytes, Math.max(frameBytes, bytes + count))
    const grown = this.#pool.take(Math.max(bytes + count, doubled))
    if (held !== null) {
      held.copy(grown, 0, this.#heldFrom, this.#heldTo)
      this.#pool.give(held)
    }
    this.#held = grown
    this.#heldFrom = 0
    this.#heldTo = bytes
    return grown
  }

  #releaseHeld(): void {
    if (this.#held !== null) this.#pool.give(this.#held)
    this.#held = null
    this.#heldFrom = 0
    this.#heldTo = 0
  }
}

/** Names the protocol of a peer that does not speak ours, by its first bytes; undefined:
 * unknown. */
export function recognise(firstBytes: Buffer): string | undefined {
  if (firstBytes.length >= 3 && firstBytes[0] === 0x16 && firstBytes[1] === 0x03) {
    return 'a TLS client hello (this listener is plaintext)'
  }
  const verb = /^(?:GET |HEAD |POST|PUT |DELE|OPTI|PATC|CONN|TRAC|PRI )/.exec(
    firstBytes.toString('latin1'),
  )
  return verb === null ? undefined : 'an HTTP request (this port speaks the Kafka protocol)'
}
