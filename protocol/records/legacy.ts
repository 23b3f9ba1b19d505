// Message sets of magic 0 and 1, from before Kafka 0.11: for tools and tests that meet old segments
// or old clients. Nothing in the broker converts them. Reads whole sets, builds whole sets.
//
//   int64 offset, int32 size of what follows; uint32 crc of what follows (CRC-32), int8 magic,
//   int8 attributes, magic 1: int64 timestamp; int32 keyLength, key; int32 valueLength, value
//
// attributes: bits 0-2 codec, bit 3 LogAppendTime (magic 1). The value of a compressed message is a
// message set: with absolute offsets in magic 0; in magic 1 they count from 0 and the offset
// outside is that of the last one inside.
import { assert } from '../../base/assert.ts'
import {
  type BatchFault,
  CODEC_MASK,
  LOG_APPEND_TIME_BIT,
  LOG_OVERHEAD,
  MAGIC_V2,
  NO_TIMESTAMP,
  nextBatch,
} from './batch.ts'
import type { Codecs } from './compression/codecs.ts'
import { int32At, int64At, putInt32, putInt64, uint32At } from './int.ts'

export interface LegacyMessage {
  readonly offset: number
  /** Milliseconds; -1 in magic 0. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
}

export interface LegacyFields {
  readonly magic: 0 | 1
  /** 0 none (default), 1 gzip, 2 snappy, 3 lz4; there was no zstd. */
  readonly codec?: number
  /** Milliseconds: the broker's time, on every message (magic 1). */
  readonly logAppendTime?: number
}

const CRC_AT = 12
const MAGIC_AT = 16
const ATTRIBUTES_AT = 17
const TIMESTAMP_AT = 18
const LARGEST_CODEC = 3

const CUT: BatchFault = { error: 'CORRUPT_MESSAGE', reason: 'A message is cut short.' }
const FIELDS: BatchFault = { error: 'CORRUPT_MESSAGE', reason: 'A message has impossible lengths.' }
const CHECKSUM: BatchFault = { error: 'CORRUPT_MESSAGE', reason: 'A message fails its checksum.' }
const NESTED: BatchFault = {
  error: 'INVALID_RECORD',
  reason: 'A compressed message is in another.',
}
const MAGIC: BatchFault = { error: 'CORRUPT_MESSAGE', reason: 'A message is not of magic 0 or 1.' }

/**
 * The messages of the set that fills `bytes`, those inside compressed ones in their place. Keys and
 * values are copies where they were compressed, else views. `maxBytes` bounds each decompression.
 */
export function readMessageSet(
  bytes: Uint8Array,
  codecs: Codecs,
  maxBytes: number,
): LegacyMessage[] | BatchFault {
  const messages: LegacyMessage[] = []
  for (let at = 0; at < bytes.length;) {
    const size = nextBatch(bytes, at, bytes.length)
    if (size === 0) return CUT
    const fault = checkMessage(bytes, at, at + size)
    if (fault !== undefined) return fault
    const outer = readMessage(bytes, at)
    const attributes = bytes[at + ATTRIBUTES_AT]!
    if ((attributes & CODEC_MASK) === 0) {
      messages.push(outer)
    } else {
      const inner = readCompressed(outer, attributes, codecs, maxBytes)
      if (!Array.isArray(inner)) return inner
      const magic = bytes[at + MAGIC_AT]!
      const shift = magic === 0 ? 0 : outer.offset - inner.at(-1)!.offset
      for (const message of inner) {
        const timestamp = attributes & LOG_APPEND_TIME_BIT ? outer.timestamp : message.timestamp
        messages.push({ ...message, offset: message.offset + shift, timestamp })
      }
    }
    at += size
  }
  return messages
}

/** One set of `messages`; compressed, it is one message around them. */
export function buildMessageSet(
  messages: readonly LegacyMessage[],
  fields: LegacyFields,
  codecs?: Codecs,
): Buffer {
  const codec = fields.codec ?? 0
  if (codec === 0) return Buffer.concat(messages.map((one) => putMessage(one, fields, 0)))
  assert(codecs !== undefined && codec <= LARGEST_CODEC, 'a codec of its time, and its code')
  const last = messages.at(-1)
  assert(last !== undefined, 'an empty set is not compressed')
  const base = fields.magic === 0 ? 0 : messages[0]!.offset
  const inner = messages.map((one) => putMessage({ ...one, offset: one.offset - base }, fields, 0))
  const outer = {
    offset: last.offset,
    timestamp: messages.reduce((most, one) => Math.max(most, one.timestamp), NO_TIMESTAMP),
    key: null,
    value: codecs.compress(codec, Buffer.concat(inner)),
  }
  return putMessage(outer, fields, codec)
}

function checkMessage(bytes: Uint8Array, start: number, end: number): BatchFault | undefined {
  const magic = bytes[start + MAGIC_AT]!
  if (magic >= MAGIC_V2) return MAGIC
  const keyAt = start + (magic === 0 ? TIMESTAMP_AT : TIMESTAMP_AT + 8)
  if (keyAt + 8 > end) return FIELDS
  const valueAt = keyAt + 4 + Math.max(0, int32At(bytes, keyAt))
  if (valueAt + 4 > end) return FIELDS
  if (valueAt + 4 + Math.max(0, int32At(bytes, valueAt)) !== end) return FIELDS
  return crc32(bytes, start + MAGIC_AT, end) === uint32At(bytes, start + CRC_AT)
    ? undefined
    : CHECKSUM
}

function readMessage(bytes: Uint8Array, start: number): LegacyMessage {
  const magic = bytes[start + MAGIC_AT]!
  const keyAt = start + (magic === 0 ? TIMESTAMP_AT : TIMESTAMP_AT + 8)
  const valueAt = keyAt + 4 + Math.max(0, int32At(bytes, keyAt))
  return {
    offset: int64At(bytes, start),
    timestamp: magic === 0 ? NO_TIMESTAMP : int64At(bytes, start + TIMESTAMP_AT),
    key: readBytes(bytes, keyAt),
    value: readBytes(bytes, valueAt),
  }
}

function readBytes(bytes: Uint8Array, at: number): Uint8Array | null {
  const length = int32At(bytes, at)
  return length < 0 ? null : bytes.subarray(at + 4, at + 4 + length)
}

function readCompressed(
  outer: LegacyMessage,
  attributes: number,
  codecs: Codecs,
  maxBytes: number,
): LegacyMessage[] | BatchFault {
  const codec = attributes & CODEC_MASK
  if (codec > LARGEST_CODEC || outer.value === null) return FIELDS
  const plain = codecs.decompress(codec, outer.value, maxBytes)
  if (typeof plain === 'string') {
    return { error: plain, reason: 'A compressed message does not decompress.' }
  }
  const bytes = Buffer.from(plain)
  const inner: LegacyMessage[] = []
  for (let at = 0; at < bytes.length;) {
    const size = nextBatch(bytes, at, bytes.length)
    if (size === 0) return CUT
    const fault = checkMessage(bytes, at, at + size)
    if (fault !== undefined) return fault
    if ((bytes[at + ATTRIBUTES_AT]! & CODEC_MASK) !== 0) return NESTED
    inner.push(readMessage(bytes, at))
    at += size
  }
  return inner.length === 0 ? CUT : inner
}

function putMessage(message: LegacyMessage, fields: LegacyFields, codec: number): Buffer {
  const { key, value } = message
  const keyAt = fields.magic === 0 ? TIMESTAMP_AT : TIMESTAMP_AT + 8
  const out = Buffer.allocUnsafe(keyAt + 8 + (key?.length ?? 0) + (value?.length ?? 0))
  const { logAppendTime } = fields
  putInt64(out, 0, message.offset)
  putInt32(out, 8, out.length - LOG_OVERHEAD)
  out[MAGIC_AT] = fields.magic
  out[ATTRIBUTES_AT] = codec | (logAppendTime === undefined ? 0 : LOG_APPEND_TIME_BIT)
  if (fields.magic === 1) putInt64(out, TIMESTAMP_AT, logAppendTime ?? message.timestamp)
  putBytes(out, putBytes(out, keyAt, key), value)
  putInt32(out, CRC_AT, crc32(out, MAGIC_AT, out.length))
  return out
}

function putBytes(to: Buffer, at: number, bytes: Uint8Array | null): number {
  putInt32(to, at, bytes?.length ?? -1)
  if (bytes !== null) to.set(bytes, at + 4)
  return at + 4 + (bytes?.length ?? 0)
}

/** CRC-32 (IEEE 802.3), a bit at a time: tools have the time, and it needs no table. */
function crc32(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1
  for (let i = start; i < end; i++) {
    crc ^= bytes[i]!
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1
  }
  return ~crc >>> 0
}
