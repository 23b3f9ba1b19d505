import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Codecs } from '../../../protocol/records/compression/codecs.ts'
import {
  type LegacyMessage,
  buildMessageSet,
  readMessageSet,
} from '../../../protocol/records/legacy.ts'
import { type Golden, goldenBatch, goldenBatches } from './golden.ts'

const CAP = 1024 * 1024
const codecs = new Codecs()
const legacy = goldenBatches().filter((one) => one.batches[0]!.magic < 2)

function read(bytes: Uint8Array): LegacyMessage[] {
  const messages = readMessageSet(bytes, codecs, CAP)
  if (!Array.isArray(messages)) throw new Error(messages.reason)
  return messages
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64')
}

function shown(messages: readonly LegacyMessage[]): unknown[] {
  return messages.map((message) => ({
    offset: String(message.offset),
    timestamp: message.timestamp,
    key: base64(message.key),
    value: base64(message.value),
  }))
}

function expected(golden: Golden): unknown[] {
  return golden.batches.flatMap((batch) =>
    batch.records.map(({ offset, timestamp, key, value }) => ({ offset, timestamp, key, value })),
  )
}

describe('readMessageSet', () => {
  test.each(legacy)('reads what Apache Kafka wrote: $name', (golden) => {
    expect(shown(read(golden.bytes))).toEqual(expected(golden))
  })

  test.each(legacy)('finds every cut and damage: $name', ({ name, bytes }) => {
    const sizes = new Set([0])
    if (!/gzip|snappy|lz4/.test(name)) {
      for (let at = 0; at < bytes.length; at += 12 + bytes.readInt32BE(at + 8)) sizes.add(at)
    }
    for (let cut = 0; cut < bytes.length; cut++) {
      const result = readMessageSet(bytes.subarray(0, cut), codecs, CAP)
      expect(Array.isArray(result), `cut at ${cut}`).toBe(sizes.has(cut))
    }
    for (let at = 12; at < 30; at++) {
      const damaged = Buffer.from(bytes)
      damaged[at] = damaged[at]! ^ 0x10
      expect(readMessageSet(damaged, codecs, CAP)).toHaveProperty('error')
    }
  })

  test('refuses a record batch and survives any bytes', () => {
    const { bytes } = goldenBatch('none edge records')
    expect(readMessageSet(bytes, codecs, CAP)).toMatchObject({ error: 'CORRUPT_MESSAGE' })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        const result = readMessageSet(noise, codecs, CAP)
        expect(Array.isArray(result)).toBe(noise.length === 0)
      }),
    )
  })
})

describe('buildMessageSet', () => {
  const plain = legacy.filter((one) => one.name.endsWith('none'))
  test.each(plain)('makes Apache Kafka’s bytes: $name', (golden) => {
    const { magic, timestampType, maxTimestamp } = golden.batches[0]!
    const built = buildMessageSet(read(golden.bytes), {
      magic: magic as 0 | 1,
      ...(timestampType === 1 ? { logAppendTime: maxTimestamp } : {}),
    })
    expect(built.equals(golden.bytes)).toBe(true)
  })

  const compressed = legacy.filter((one) => !one.name.endsWith('none'))
  test.each(compressed)('says the same when compressed: $name', (golden) => {
    const { magic, codec, timestampType, maxTimestamp } = golden.batches[0]!
    const fields = {
      magic: magic as 0 | 1,
      codec,
      ...(timestampType === 1 ? { logAppendTime: maxTimestamp } : {}),
    }
    const built = buildMessageSet(read(golden.bytes), fields, codecs)
    expect(shown(read(built))).toEqual(expected(golden))
  })
})
