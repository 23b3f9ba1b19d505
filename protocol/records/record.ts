// The records inside a magic 2 batch, walked in place over decompressed bytes: one reused cursor,
// no object per record, nothing thrown on bad bytes. Knows nothing of the batch but where its
// records lie and how many it promises; refuses what Apache Kafka refuses.
//
//   varint length of what follows; int8 attributes; varlong timestampDelta; varint offsetDelta;
//   varint keyLength, key; varint valueLength, value; varint headerCount;
//   per header: varint keyLength, key (UTF-8); varint valueLength, value.        length -1: null

/** What is wrong with the records of a batch; for people, the error is INVALID_RECORD. */
export type RecordFault =
  | 'The number of records is negative.'
  | 'The records end early.'
  | 'A varint is too long.'
  | 'A record has a negative size.'
  | 'A record is larger than the bytes that remain.'
  | 'The fields of a record do not fill its size.'
  | 'A record has an invalid number of headers.'
  | 'A header has a negative key size.'
  | 'Bytes remain behind the last record.'

/**
 * Walks records: `at`, then `next` until it returns false, then look at `fault`. The fields
 * describe the record that `next` has stepped onto; positions are in the bytes given to `at`.
 */
export class RecordCursor {
  bytes: Uint8Array = new Uint8Array(0)
  /** Zero-based place of the record in the batch; -1 before the first `next`. */
  index = -1
  start = 0
  sizeInBytes = 0
  attributes = 0
  timestampDelta = 0
  offsetDelta = 0
  keyStart = 0
  /** -1: null. */
  keyLength = 0
  valueStart = 0
  /** -1: null. */
  valueLength = 0
  headersStart = 0
  headerCount = 0
  fault: RecordFault | undefined
  #at = 0
  #end = 0
  #count = 0

  /** Starts over, on `count` records in bytes[start, end). */
  at(bytes: Uint8Array, start: number, end: number, count: number): this {
    this.bytes = bytes
    this.index = -1
    this.#at = start
    this.#end = end
    this.#count = count
    this.fault = count < 0 ? 'The number of records is negative.' : undefined
    if (count === 0 && start !== end) this.fault = 'Bytes remain behind the last record.'
    return this
  }

  /** Steps onto the next record; false at the end and at a fault. */
  next(): boolean {
    if (this.fault !== undefined || this.index + 1 >= this.#count) return false
    this.index++
    if (!this.#stepShort() && !this.#step()) return false
    if (this.index + 1 === this.#count && this.#at !== this.#end) {
      return this.#fail('Bytes remain behind the last record.')
    }
    return true
  }

  /** The usual record, several times faster: no varint has more than three bytes, there are no
   * headers, all is as it should be. False: not such a one, and nothing has changed. */
  #stepShort(): boolean {
    const bytes = this.bytes
    const start = this.#at
    if (this.#end - start < MOST_SHORT_BYTES) return false
    const size = shortVarint(bytes, start)
    const body = start + shortWidth(size)
    const end = body + (size >> 1)
    if (size < 0 || (size & 1) === 1 || end > this.#end) return false
    let at = body + 1
    const time = shortVarint(bytes, at)
    at += shortWidth(time)
    const offset = shortVarint(bytes, at)
    at += shortWidth(offset)
    const key = shortVarint(bytes, at)
    const keyStart = at + shortWidth(key)
    at = keyStart + ((key & 1) === 1 ? 0 : key >> 1)
    // Nothing behind the bytes is looked at.
    if (at >= end) return false
    const value = shortVarint(bytes, at)
    const valueStart = at + shortWidth(value)
    at = valueStart + ((value & 1) === 1 ? 0 : value >> 1)
    if (at + 1 !== end || bytes[at] !== 0 || (time | offset | key | value) < 0) return false
    this.start = start
    this.sizeInBytes = end - start
    this.attributes = bytes[body]!
    this.timestampDelta = (time >> 1) ^ -(time & 1)
    this.offsetDelta = (offset >> 1) ^ -(offset & 1)
    this.keyStart = keyStart
    this.keyLength = (key & 1) === 1 ? -1 : key >> 1
    this.valueStart = valueStart
    this.valueLength = (value & 1) === 1 ? -1 : value >> 1
    this.headerCount = 0
    this.headersStart = this.#at = end
    return true
  }

  /** Any record. */
  #step(): boolean {
    const start = (this.start = this.#at)
    const size = this.#varint()
    const body = this.#at
    if (this.fault !== undefined) return false
    if (size < 0) return this.#fail('A record has a negative size.')
    const end = body + size
    if (end > this.#end) return this.#fail('A record is larger than the bytes that remain.')
    // From here on nothing may reach behind this record.
    const records = this.#end
    this.#end = end
    this.attributes = this.bytes[body]!
    this.#at = body + 1
    this.timestampDelta = this.#varlong()
    this.offsetDelta = this.#varint()
    this.keyLength = this.#length()
    this.keyStart = this.#skip(this.keyLength)
    this.valueLength = this.#length()
    this.valueStart = this.#skip(this.valueLength)
    const headers = (this.headerCount = this.#varint())
    this.headersStart = this.#at
    if (headers !== 0) this.#walkHeaders(headers)
    this.#end = records
    if (this.fault !== undefined) return false
    if (this.#at !== end) return this.#fail('The fields of a record do not fill its size.')
    this.sizeInBytes = end - start
    return true
  }

  #walkHeaders(count: number): void {
    if (count < 0 || count > this.#end - this.#at) {
      this.#fail('A record has an invalid number of headers.')
    }
    for (let i = 0; i < count && this.fault === undefined; i++) {
      const keyLength = this.#varint()
      if (keyLength < 0) this.#fail('A header has a negative key size.')
      this.#skip(keyLength)
      this.#skip(this.#length())
    }
  }

  #skip(length: number): number {
    const start = this.#at
    if (length > this.#end - start) this.#fail('The fields of a record do not fill its size.')
    else if (length > 0) this.#at = start + length
    return start
  }

  /** Every negative length means null, as Apache Kafka reads it. */
  #length(): number {
    const length = this.#varint()
    return length < 0 ? -1 : length
  }

  #varint(): number {
    const bytes = this.bytes
    let at = this.#at
    let byte = at < this.#end ? bytes[at++]! : 0x80
    let value = byte & 0x7f
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (at >= this.#end || shift > 28) {
        this.#fail(shift > 28 ? 'A varint is too long.' : 'The records end early.')
        return 0
      }
      byte = bytes[at++]!
      value |= (byte & 0x7f) << shift
    }
    this.#at = at
    return (value >>> 1) ^ -(value & 1)
  }

  /** An int64 that saturates beyond 2^53. */
  #varlong(): number {
    const bytes = this.bytes
    let at = this.#at
    let low = 0
    let middle = 0
    let high = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= this.#end || shift > 63) {
        this.#fail(shift > 63 ? 'A varint is too long.' : 'The records end early.')
        return 0
      }
      const byte = bytes[at++]!
      if (shift < 28) low |= (byte & 0x7f) << shift
      else if (shift < 56) middle |= (byte & 0x7f) << (shift - 28)
      else high |= (byte & (shift === 63 ? 1 : 0x7f)) << (shift - 56)
      if (byte < 0x80) break
    }
    this.#at = at
    if (middle === 0 && high === 0) return (low >>> 1) ^ -(low & 1)
    const half = high * 2 ** 55 + middle * 2 ** 27 + (low >>> 1)
    if (half >= 2 ** 53) return low & 1 ? -Infinity : Infinity
    return low & 1 ? -half - 1 : half
  }

  #fail(fault: RecordFault): false {
    this.fault ??= fault
    return false
  }
}

/** Reading the fields in front of a key never passes the end of so many bytes. */
const MOST_SHORT_BYTES = 16

/** The bits of a varint of one to three bytes, sign in the lowest; -1 for a longer one, and for one
 * that is longer than it need be. */
function shortVarint(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  if (first < 0x80) return first
  const second = bytes[at + 1]!
  if (second < 0x80) return second === 0 ? -1 : (first & 0x7f) | (second << 7)
  const third = bytes[at + 2]!
  if (third >= 0x80 || third === 0) return -1
  return (first & 0x7f) | ((second & 0x7f) << 7) | (third << 14)
}

function shortWidth(value: number): number {
  if (value < 0x80) return 1
  return value < 0x4000 ? 2 : 3
}

/** The time of a record from its batch's base; what saturates stays saturated. */
export function addTimestamp(base: number, delta: number): number {
  return Number.isFinite(base) ? base + delta : base
}
