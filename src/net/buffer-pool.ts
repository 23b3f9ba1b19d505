// Recycled buffers in size classes (performance D1, D2): the first touch of fresh memory costs ten
// times a copy into warm memory. It knows nothing of what the bytes are.
import { assert } from '../../base/assert.ts'

const SMALLEST = 1024
const LARGEST = 8 * 1024 * 1024

export class BufferPool {
  /** Free buffers by class: index 0 holds buffers of SMALLEST bytes, each next one twice that. */
  readonly #free: Buffer[][] = []
  readonly #maxFreeBytes: number
  #freeBytes = 0

  /** `maxFreeBytes` bounds what is kept for later; what is in use is bounded by its users. */
  constructor(maxFreeBytes = 32 * 1024 * 1024) {
    this.#maxFreeBytes = maxFreeBytes
    for (let size = SMALLEST; size <= LARGEST; size *= 2) this.#free.push([])
  }

  /** A buffer of at least `bytes`: of a class's size up to 8 MB, beyond that of exactly `bytes`. */
  take(bytes: number): Buffer {
    if (bytes > LARGEST) return Buffer.allocUnsafeSlow(bytes)
    const index = classOf(bytes)
    const found = this.#free[index]!.pop()
    if (found === undefined) return Buffer.allocUnsafeSlow(SMALLEST << index)
    this.#freeBytes -= found.length
    return found
  }

  /** Takes a buffer back that take() gave, and that nobody looks at any more. */
  give(buffer: Buffer): void {
    if (buffer.length > LARGEST) return
    const index = classOf(buffer.length)
    assert(buffer.length === SMALLEST << index, 'only buffers of this pool come back')
    if (this.#freeBytes + buffer.length > this.#maxFreeBytes) return
    this.#free[index]!.push(buffer)
    this.#freeBytes += buffer.length
  }

  freeBytes(): number {
    return this.#freeBytes
  }
}

/** The smallest class that holds `bytes`. */
function classOf(bytes: number): number {
  return bytes <= SMALLEST ? 0 : 32 - Math.clz32((bytes - 1) >>> 10)
}
