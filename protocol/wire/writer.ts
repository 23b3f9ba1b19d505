// Builds the bytes of messages in a reused, growing slab. `take` hands what was written to the
// caller, who may keep it for as long as it likes; the writer goes on behind it in the same slab.
// Record parts (arena slices, file regions) are referenced, never copied. Knows nothing of
// messages.
import { assert } from '../../base/assert.ts'
import type { Part, RecordParts } from './part.ts'
import { MAX_STRING_BYTES } from './reader.ts'

/** A draft that the chosen version cannot carry, or that is no value of its field's type. */
export class Unencodable extends Error {
  override readonly name = 'Unencodable'
  readonly code = 'UNENCODABLE'
}

interface Cut {
  /** Bytes of this message before the cut. */
  readonly at: number
  readonly record: RecordParts
}

const SLAB_BYTES = 64 * 1024

export class Writer {
  /** Public for the compiled codecs, which keep buffer and position in locals. */
  buffer: Buffer
  position = 0
  /** Where the message being written begins; a mark is a distance from here. */
  start = 0
  #slabBytes: number
  #cuts: Cut[] = []
  #referenced = 0

  constructor(slabBytes = SLAB_BYTES) {
    this.#slabBytes = slabBytes
    this.buffer = Buffer.allocUnsafeSlow(slabBytes)
  }

  /** Bytes written since the last take, referenced ones included. */
  byteLength(): number {
    return this.position - this.start + this.#referenced
  }

  /** Hands over everything written since the last take. */
  take(): Part[] {
    let from = this.start
    if (this.#cuts.length === 0 && this.position > from) {
      // Nearly every reply. Pushed onto an empty array it would take room for seventeen.
      this.start = this.position
      return [this.buffer.subarray(from, this.position)]
    }
    const parts: Part[] = []
    for (const cut of this.#cuts) {
      const to = this.start + cut.at
      if (to > from) parts.push(this.buffer.subarray(from, to))
      parts.push(...cut.record.parts)
      from = to
    }
    if (this.position > from) parts.push(this.buffer.subarray(from, this.position))
    this.start = this.position
    this.#forgetCuts()
    return parts
  }

  /** The bytes written since the last take, in one buffer of their own. Refuses file regions. */
  toBuffer(): Buffer {
    const bytes: Uint8Array[] = []
    for (const part of this.take()) {
      if ('kind' in part) throw new Unencodable('a file region cannot be put into one buffer')
      bytes.push(part)
    }
    return Buffer.concat(bytes)
  }

  /** Forgets everything written since the last take. */
  reset(): void {
    this.position = this.start
    this.#forgetCuts()
  }

  /** Makes room for `bytes` more; `buffer`, `position` and `start` may change. */
  room(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return
    const written = this.position - this.start
    const size = Math.max(this.#slabBytes, (written + bytes) * 2)
    const slab = Buffer.allocUnsafeSlow(size)
    this.buffer.copy(slab, 0, this.start, this.position)
    this.buffer = slab
    this.start = 0
    this.position = written
  }

  bool(value: boolean, what: string): void {
    if (typeof value !== 'boolean') this.bad(what, value)
    this.room(1)
    this.buffer[this.position++] = value ? 1 : 0
  }

  int8(value: number, what: string): void {
    if ((value << 24) >> 24 !== value) this.bad(what, value)
    this.room(1)
    this.position = this.buffer.writeInt8(value, this.position)
  }

  int16(value: number, what: string): void {
    if ((value << 16) >> 16 !== value) this.bad(what, value)
    this.room(2)
    this.position = this.buffer.writeInt16BE(value, this.position)
  }

  uint16(value: number, what: string): void {
    if ((value & 0xffff) !== value) this.bad(what, value)
    this.room(2)
    this.position = this.buffer.writeUInt16BE(value, this.position)
  }

  int32(value: number, what: string): void {
    if ((value | 0) !== value) this.bad(what, value)
    this.room(4)
    this.position = this.buffer.writeInt32BE(value, this.position)
  }

  uint32(value: number, what: string): void {
    if (value >>> 0 !== value) this.bad(what, value)
    this.room(4)
    this.position = this.buffer.writeUInt32BE(value, this.position)
  }

  /** Values beyond +-2^53 are written as the 64-bit extremes. */
  int64(value: number, what: string): void {
    if (Math.floor(value) !== value) this.bad(what, value)
    this.room(8)
    if (value >= 2 ** 53) this.#longs(0x7fffffff, 0xffffffff)
    else if (value < -(2 ** 53)) this.#longs(-0x80000000, 0)
    else this.#longs(Math.floor(value / 2 ** 32), value >>> 0)
  }

  float64(value: number, what: string): void {
    if (typeof value !== 'number') this.bad(what, value)
    this.room(8)
    this.position = this.buffer.writeDoubleBE(value, this.position)
  }

  uuid(value: string, what: string): void {
    if (typeof value !== 'string' || value.length !== 22) this.bad(what, value)
    this.room(16)
    if (this.buffer.write(value, this.position, 16, 'base64url') !== 16) this.bad(what, value)
    this.position += 16
  }

  uvarint(value: number): void {
    this.room(5)
    this.position = putUvarint(this.buffer, this.position, value)
  }

  /** uvarint(length + 1) and UTF-8. */
  compactString(value: string, what: string): void {
    if (typeof value !== 'string' || value.length > MAX_STRING_BYTES) this.bad(what, value)
    const chars = value.length
    this.room(chars * 3 + 3)
    const at = this.position
    const prefix = uvarintBytes(chars + 1)
    const length = putUtf8(this.buffer, at + prefix, value)
    if (length > MAX_STRING_BYTES) this.bad(what, value)
    const actual = uvarintBytes(length + 1)
    if (actual !== prefix) {
      this.buffer.copyWithin(at + actual, at + prefix, at + prefix + length)
    }
    this.position = putUvarint(this.buffer, at, length + 1) + length
  }

  /** int16 length and UTF-8. */
  classicString(value: string, what: string): void {
    if (typeof value !== 'string' || value.length > MAX_STRING_BYTES) this.bad(what, value)
    this.room(value.length * 3 + 2)
    const length = putUtf8(this.buffer, this.position + 2, value)
    if (length > MAX_STRING_BYTES) this.bad(what, value)
    this.position = this.buffer.writeInt16BE(length, this.position) + length
  }

  /** Bytes without their length; copied. */
  raw(value: Uint8Array): void {
    this.room(value.byteLength)
    this.buffer.set(value, this.position)
    this.position += value.byteLength
  }

  /** uvarint(length + 1) and the bytes, copied or, where they are parts, referenced. */
  compactBytes(value: Uint8Array | RecordParts, what: string): void {
    if (!isBytesOrParts(value)) this.bad(what, value)
    this.uvarint(value.byteLength + 1)
    this.#content(value)
  }

  /** int32 length and the bytes, copied or, where they are parts, referenced. */
  classicBytes(value: Uint8Array | RecordParts, what: string): void {
    if (!isBytesOrParts(value)) this.bad(what, value)
    this.int32(value.byteLength, what)
    this.#content(value)
  }

  /** Reserves one byte for the size of what follows; closeSized fills it in. */
  openSized(): number {
    this.room(1)
    return this.position++ - this.start
  }

  /** Writes the size of what was written since openSized gave `mark`, moving it if need be. */
  closeSized(mark: number): void {
    const lastCut = this.#cuts.at(-1)
    assert(lastCut === undefined || lastCut.at <= mark, 'no record parts inside a tagged field')
    const size = this.position - this.start - mark - 1
    const prefix = uvarintBytes(size)
    this.room(prefix)
    const at = this.start + mark
    if (prefix > 1) this.buffer.copyWithin(at + prefix, at + 1, this.position)
    putUvarint(this.buffer, at, size)
    this.position += prefix - 1
  }

  bad(what: string, value: unknown): never {
    const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value)
    throw new Unencodable(`${what}: cannot write ${shown}`)
  }

  /** A value other than the default in a version that has no such field. */
  unsupported(what: string, version: number): never {
    throw new Unencodable(`${what}: version ${version} has no such field`)
  }

  #longs(high: number, low: number): void {
    this.buffer.writeInt32BE(high, this.position)
    this.position = this.buffer.writeUInt32BE(low, this.position + 4)
  }

  #content(value: Uint8Array | RecordParts): void {
    if (!('kind' in value)) this.raw(value)
    else this.reference(value)
  }

  /** Parts that stay as they are: they follow what was written, and are not copied. */
  reference(record: RecordParts): void {
    if (record.byteLength === 0) return
    this.#cuts.push({ at: this.position - this.start, record })
    this.#referenced += record.byteLength
  }

  #forgetCuts(): void {
    if (this.#cuts.length === 0) return
    this.#cuts = []
    this.#referenced = 0
  }
}

function isBytesOrParts(value: Uint8Array | RecordParts | undefined): boolean {
  return value instanceof Uint8Array || (value !== undefined && 'kind' in value)
}

function uvarintBytes(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x200000) return 3
  return value < 0x10000000 ? 4 : 5
}

function putUvarint(buffer: Buffer, at: number, value: number): number {
  let rest = value
  while (rest > 0x7f) {
    buffer[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  buffer[at++] = rest
  return at
}

/** Short ASCII, nearly every string of the protocol, is faster by hand than by a native call. */
function putUtf8(buffer: Buffer, at: number, value: string): number {
  const chars = value.length
  if (chars > 40) return buffer.write(value, at, 'utf8')
  for (let i = 0; i < chars; i++) {
    const code = value.charCodeAt(i)
    if (code > 0x7f) return buffer.write(value, at, 'utf8')
    buffer[at + i] = code
  }
  return chars
}
