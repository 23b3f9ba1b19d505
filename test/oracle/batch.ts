// Record batches for the oracle's requests, with every header field open to abuse: the broker under test
// must see what no sane producer sends. Written from the format table, not with our own batch builder.
import { gzipSync } from 'node:zlib'

export interface TestRecord {
  readonly key?: string | null
  readonly value?: string | null
  /** Milliseconds after the batch's base timestamp. */
  readonly delta?: number
  readonly offsetDelta?: number
  readonly headers?: readonly (readonly [string, string | null])[]
}

export interface BatchFields {
  readonly baseOffset?: number
  readonly leaderEpoch?: number
  readonly magic?: number
  readonly attributes?: number
  readonly lastOffsetDelta?: number
  readonly baseTimestamp?: number
  readonly maxTimestamp?: number
  readonly producerId?: number
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly recordCount?: number
  /** Added to the right length field. */
  readonly lengthError?: number
  /** Xor-ed into the right crc. */
  readonly crcError?: number
  /** Replaces the encoded records. */
  readonly payload?: Buffer
}

/** Timestamps of the oracle start here, a fixed day, so that both brokers get the same bytes. */
export const BASE_TIME = 1_700_000_000_000

/** Kafka's record batch, magic 2. */
export function batch(records: readonly TestRecord[], fields: BatchFields = {}): Buffer {
  const attributes = fields.attributes ?? 0
  const plain = Buffer.concat(records.map((record, i) => encodeRecord(record, i)))
  const payload = fields.payload ?? ((attributes & 7) === 1 ? gzipSync(plain) : plain)
  const bytes = Buffer.alloc(61 + payload.length)
  const base = fields.baseTimestamp ?? BASE_TIME
  const deltas = records.map((record) => record.delta ?? 0)
  bytes.writeBigInt64BE(BigInt(fields.baseOffset ?? 0), 0)
  bytes.writeInt32BE(bytes.length - 12 + (fields.lengthError ?? 0), 8)
  bytes.writeInt32BE(fields.leaderEpoch ?? -1, 12)
  bytes.writeInt8(fields.magic ?? 2, 16)
  bytes.writeInt16BE(attributes, 21)
  bytes.writeInt32BE(fields.lastOffsetDelta ?? records.length - 1, 23)
  bytes.writeBigInt64BE(BigInt(base), 27)
  bytes.writeBigInt64BE(BigInt(fields.maxTimestamp ?? base + Math.max(0, ...deltas)), 35)
  bytes.writeBigInt64BE(BigInt(fields.producerId ?? -1), 43)
  bytes.writeInt16BE(fields.producerEpoch ?? -1, 51)
  bytes.writeInt32BE(fields.baseSequence ?? -1, 53)
  bytes.writeInt32BE(fields.recordCount ?? records.length, 57)
  payload.copy(bytes, 61)
  bytes.writeUInt32BE((crc(CASTAGNOLI, bytes.subarray(21)) ^ (fields.crcError ?? 0)) >>> 0, 17)
  return bytes
}

/** A record set of one v2 batch of that many records with short values. */
export function simpleBatch(count: number, fields: BatchFields = {}, size = 10): Buffer {
  const records = Array.from({ length: count }, (_, i) => ({
    key: `k${i}`,
    value: String(i).padStart(size, 'v'),
    delta: i * 10,
  }))
  return batch(records, fields)
}

/** A message of the old format (magic 0 or 1) as a record set. */
export function oldMessage(magic: 0 | 1, value: string): Buffer {
  const valueBytes = Buffer.from(value)
  const head = magic === 1 ? 14 + 8 : 14
  const bytes = Buffer.alloc(12 + head + valueBytes.length)
  bytes.writeInt32BE(bytes.length - 12, 8)
  bytes.writeInt8(magic, 16)
  let at = 18
  if (magic === 1) {
    bytes.writeBigInt64BE(BigInt(BASE_TIME), at)
    at += 8
  }
  bytes.writeInt32BE(-1, at)
  bytes.writeInt32BE(valueBytes.length, at + 4)
  valueBytes.copy(bytes, at + 8)
  bytes.writeUInt32BE(crc(IEEE, bytes.subarray(16)), 12)
  return bytes
}

export function encodeRecord(record: TestRecord, index: number): Buffer {
  const parts = [
    Buffer.from([0]),
    varint(record.delta ?? 0),
    varint(record.offsetDelta ?? index),
    ...sized(record.key ?? null),
    ...sized(record.value === undefined ? null : record.value),
    varint(record.headers?.length ?? 0),
  ]
  for (const [key, value] of record.headers ?? []) parts.push(...sized(key), ...sized(value))
  const body = Buffer.concat(parts)
  return Buffer.concat([varint(body.length), body])
}

function sized(text: string | null): Buffer[] {
  if (text === null) return [varint(-1)]
  const bytes = Buffer.from(text)
  return [varint(bytes.length), bytes]
}

function varint(value: number): Buffer {
  let rest = value >= 0 ? value * 2 : -value * 2 - 1
  const bytes: number[] = []
  while (rest > 127) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

const CASTAGNOLI = crcTable(0x82f63b78)
const IEEE = crcTable(0xedb88320)

function crcTable(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, n) => {
    let value = n
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? polynomial ^ (value >>> 1) : value >>> 1
    return value >>> 0
  })
}

function crc(table: Uint32Array, bytes: Buffer): number {
  let value = 0xffffffff
  for (const byte of bytes) value = table[(value ^ byte) & 255]! ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}
