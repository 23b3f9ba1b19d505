// A cursor over the bytes of one frame: every primitive of Kafka's wire, bounds-checked. The
// compiled codecs inline most of this and call here for the rare cases; the interpreter calls here
// for everything. Knows nothing of messages. Sizes announced by a peer are checked against the
// bytes that are really there before anything is allocated for them.

/** As Apache Kafka 4.4: more elements in one array are refused. */
export const MAX_ARRAY_ELEMENTS = 1_000_000
/** As Apache Kafka 4.4: more tagged fields in one struct are refused. */
export const MAX_TAGGED_FIELDS = 10_000
export const MAX_STRING_BYTES = 0x7fff

/** Bytes that are no message. Thrown by readers, caught once by whoever owns the bytes. */
export class MalformedFrame extends Error {
  override readonly name = 'MalformedFrame'
  readonly code = 'MALFORMED_FRAME'
}

export class Reader {
  buffer: Buffer
  /** Index of the next byte in `buffer`. */
  position: number
  /** Index after the last byte that belongs to the frame. */
  end: number

  constructor(bytes: Uint8Array, start = 0, end = bytes.byteLength) {
    this.buffer = asBuffer(bytes)
    this.position = start
    this.end = Math.min(end, bytes.byteLength)
  }

  /** Makes the reader read `bytes` from `start` to `end`. */
  reset(bytes: Uint8Array, start = 0, end = bytes.byteLength): this {
    this.buffer = asBuffer(bytes)
    this.position = start
    this.end = Math.min(end, bytes.byteLength)
    return this
  }

  /** How many bytes are left. */
  remaining(): number {
    return this.end - this.position
  }

  /** Throws MalformedFrame when bytes are left over. */
  expectEnd(what: string): void {
    if (this.position === this.end) return
    throw new MalformedFrame(`${this.end - this.position} bytes left over after ${what}`)
  }

  bool(what: string): boolean {
    return this.#take(1, what) !== -1 && this.buffer[this.position - 1] !== 0
  }

  int8(what: string): number {
    return this.buffer.readInt8(this.#take(1, what))
  }

  int16(what: string): number {
    return this.buffer.readInt16BE(this.#take(2, what))
  }

  uint16(what: string): number {
    return this.buffer.readUInt16BE(this.#take(2, what))
  }

  int32(what: string): number {
    return this.buffer.readInt32BE(this.#take(4, what))
  }

  uint32(what: string): number {
    return this.buffer.readUInt32BE(this.#take(4, what))
  }

  /** Beyond +-2^53 the value saturates to +-Infinity. */
  int64(what: string): number {
    const at = this.#take(8, what)
    return saturated(this.buffer.readInt32BE(at), this.buffer.readUInt32BE(at + 4))
  }

  float64(what: string): number {
    return this.buffer.readDoubleBE(this.#take(8, what))
  }

  uuid(what: string): string {
    const at = this.#take(16, what)
    return this.buffer.toString('base64url', at, at + 16)
  }

  /** At most 2^31 - 1: longer varints and larger values are refused. */
  uvarint(what: string): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < 5; i++) {
      if (this.position >= this.end) this.short(this.position, what)
      const byte = this.buffer[this.position++]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (value > 0x7fffffff) throw new MalformedFrame(`${what}: varint ${value} is too large`)
        return value
      }
      scale *= 128
    }
    throw new MalformedFrame(`${what}: varint longer than 5 bytes`)
  }

  /** UTF-8 of `length` bytes. */
  string(length: number, what: string): string {
    if (length > MAX_STRING_BYTES) this.badLength(length, what)
    const at = this.#take(length, what)
    return this.buffer.toString('utf8', at, at + length)
  }

  /** Whether the next `length` bytes are there and are `text`, which is then ASCII. */
  isNext(text: string, length: number): boolean {
    if (length !== text.length || length > this.end - this.position) return false
    for (let i = 0; i < length; i++) {
      const byte = this.buffer[this.position + i]!
      if (byte > 0x7f || byte !== text.charCodeAt(i)) return false
    }
    return true
  }

  /** A view of the frame: whoever keeps it copies it. */
  bytes(length: number, what: string): Buffer {
    const at = this.#take(length, what)
    return this.buffer.subarray(at, at + length)
  }

  skip(length: number, what: string): void {
    this.#take(length, what)
  }

  /** Passes over a tag section none of whose fields is known. */
  skipTags(what: string): void {
    let count = this.uvarint(what)
    if (count > MAX_TAGGED_FIELDS) this.tooManyTags(count, what)
    for (; count > 0; count--) {
      this.uvarint(what)
      this.skip(this.uvarint(what), what)
    }
  }

  /** Refuses a count before anything is allocated for it. */
  checkCount(count: number, minBytes: number, what: string): void {
    if (count > MAX_ARRAY_ELEMENTS || count * minBytes > this.end - this.position) {
      this.tooMany(count, what)
    }
  }

  short(position: number, what: string): never {
    const there = Math.max(0, this.end - position)
    throw new MalformedFrame(`${what}: the frame ends too early (${there} bytes left)`)
  }

  badLength(length: number, what: string): never {
    throw new MalformedFrame(`${what}: invalid length ${length}`)
  }

  badNull(what: string): never {
    throw new MalformedFrame(`${what}: null where none is allowed`)
  }

  tooMany(count: number, what: string): never {
    throw new MalformedFrame(`${what}: ${count} elements are more than allowed or present`)
  }

  tooManyTags(count: number, what: string): never {
    throw new MalformedFrame(`${what}: ${count} tagged fields, at most ${MAX_TAGGED_FIELDS}`)
  }

  badTagSize(tag: number, what: string): never {
    throw new MalformedFrame(`${what}: the size of tagged field ${tag} is not that of its value`)
  }

  #take(length: number, what: string): number {
    const at = this.position
    if (length > this.end - at) this.short(at, what)
    this.position = at + length
    return at
  }
}

/** The number for a two's complement 64-bit value; +-Infinity beyond +-2^53. */
export function saturated(high: number, low: number): number {
  if (high >= 0x200000) return Infinity
  if (high < -0x200000) return -Infinity
  return high * 0x100000000 + low
}

function asBuffer(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
