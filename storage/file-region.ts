// Bytes of a log that leave without a copy of ours: a file, a position, a length. Owns the count of
// those who use an open file, so that a segment that was deleted meanwhile stays readable.
import { assert } from '../base/assert.ts'
import type { Region } from '../protocol/wire/part.ts'
import type { FileHandle } from './fs/fs.ts'

/** An open file, closed by the last of those who use it. */
export class SharedFile {
  readonly handle: FileHandle
  #references = 1

  constructor(handle: FileHandle) {
    this.handle = handle
  }

  retain(): void {
    assert(this.#references > 0, 'a closed file cannot be retained')
    this.#references++
  }

  release(): void {
    assert(this.#references > 0, 'a file is released once per reference')
    this.#references--
    if (this.#references === 0) this.handle.close()
  }
}

export class FileRegion implements Region {
  readonly kind = 'region'
  readonly handle: FileHandle
  readonly position: number
  readonly byteLength: number

  constructor(handle: FileHandle, position: number, byteLength: number) {
    this.handle = handle
    this.position = position
    this.byteLength = byteLength
  }

  /** Reads bytes [from, from + length) of the region into `buffer` at `offset`; all of them, or
   * throws EIO when the file is shorter than it was. */
  readInto(buffer: Uint8Array, offset: number, from: number, length: number): void {
    assert(from >= 0 && from + length <= this.byteLength, 'a read stays inside its region')
    let done = 0
    while (done < length) {
      const at = this.position + from + done
      const read = this.handle.read(buffer, offset + done, length - done, at)
      if (read === 0) throw shortFile(this.handle.path, at)
      done += read
    }
  }
}

function shortFile(path: string, position: number): Error {
  const error = new Error(`EIO: ${path} ends before byte ${position}`)
  return Object.assign(error, { code: 'EIO', path })
}
