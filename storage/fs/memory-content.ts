// The bytes of one file in memory: chunks, so that a file of a gigabyte grows without being copied,
// the first one small, so that a checkpoint of 20 bytes costs little.

const CHUNK_BYTES = 256 * 1024
const SMALLEST_BYTES = 256

export class MemoryContent {
  size = 0
  /** All but the only chunk of a small file are CHUNK_BYTES long. Bytes behind `size` are zero. */
  readonly #chunks: Buffer[] = []

  read(into: Uint8Array, offset: number, length: number, position: number): number {
    const wanted = Math.max(0, Math.min(length, this.size - position))
    let done = 0
    while (done < wanted) {
      const at = position + done
      const within = at % CHUNK_BYTES
      const step = Math.min(wanted - done, CHUNK_BYTES - within)
      const chunk = this.#chunks[Math.floor(at / CHUNK_BYTES)]!
      chunk.copy(into, offset + done, within, within + step)
      done += step
    }
    return wanted
  }

  write(from: Uint8Array, offset: number, length: number, position: number): void {
    this.#reserve(position + length)
    let done = 0
    while (done < length) {
      const at = position + done
      const within = at % CHUNK_BYTES
      const step = Math.min(length - done, CHUNK_BYTES - within)
      const chunk = this.#chunks[Math.floor(at / CHUNK_BYTES)]!
      chunk.set(from.subarray(offset + done, offset + done + step), within)
      done += step
    }
    if (length > 0) this.size = Math.max(this.size, position + length)
  }

  truncate(length: number): void {
    this.#reserve(length)
    if (length < this.size) {
      const kept = Math.ceil(length / CHUNK_BYTES)
      this.#chunks.length = kept
      const last = this.#chunks[kept - 1]
      if (last !== undefined) last.fill(0, Math.min(last.length, length - (kept - 1) * CHUNK_BYTES))
    }
    this.size = length
  }

  copy(): Buffer {
    const out = Buffer.allocUnsafe(this.size)
    this.read(out, 0, this.size, 0)
    return out
  }

  #reserve(end: number): void {
    const first = this.#chunks[0]
    const firstBytes = Math.min(CHUNK_BYTES, end)
    if (end > 0 && (first === undefined || first.length < firstBytes)) {
      let capacity = Math.max(SMALLEST_BYTES, first?.length ?? 0)
      while (capacity < firstBytes) capacity *= 2
      const grown = Buffer.alloc(Math.min(capacity, CHUNK_BYTES))
      if (first !== undefined) grown.set(first)
      this.#chunks[0] = grown
    }
    const chunks = Math.ceil(end / CHUNK_BYTES)
    while (this.#chunks.length < chunks) this.#chunks.push(Buffer.alloc(CHUNK_BYTES))
  }
}
