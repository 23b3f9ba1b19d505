import { describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import { BatchView } from '../../../protocol/records/batch.ts'
import { type BatchFields, buildBatch } from '../../../protocol/records/builder.ts'
import { Codecs } from '../../../protocol/records/compression/codecs.ts'
import {
  CONTROL_TYPES,
  buildControlBatch,
  controlRecords,
  controlType,
} from '../../../protocol/records/control.ts'
import { type DecodedRecord, decodeRecords } from '../../../protocol/records/decode.ts'
import { RecordCursor } from '../../../protocol/records/record.ts'
import { type Golden, type GoldenRecord, goldenBatch, goldenBatches } from './golden.ts'

const CAP = 64 * 1024 * 1024
const codecs = new Codecs()
const modern = goldenBatches().filter((one) => one.batches[0]!.magic === 2)

function decoded(bytes: Uint8Array): DecodedRecord[] {
  const records = decodeRecords(bytes, codecs, CAP)
  if (!Array.isArray(records)) throw new Error(records.reason)
  return records
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64')
}

function asGolden(record: DecodedRecord): Omit<GoldenRecord, 'size'> {
  return {
    offset: Number.isFinite(record.offset) ? String(record.offset) : 'saturated',
    timestamp: record.timestamp,
    sequence: record.sequence,
    key: base64(record.key),
    value: base64(record.value),
    headers: record.headers.map((h) => [base64(Buffer.from(h.key))!, base64(h.value)] as const),
  }
}

describe('records of Apache Kafka’s batches', () => {
  test.each(modern)('are read as Apache Kafka reads them: $name', ({ bytes, batches }) => {
    const records = decoded(bytes)
    const { recordCount, records: shown } = batches[0]!
    expect(records.length).toBe(recordCount)
    const compared = recordCount === shown.length ? records : [records[0]!, records.at(-1)!]
    const expected = shown.map(({ size: _size, ...rest }) =>
      BigInt(rest.offset) >= 2n ** 53n ? { ...rest, offset: 'saturated' } : rest,
    )
    expect(compared.map(asGolden)).toEqual(expected)
  })

  test('have the sizes that Apache Kafka counts', () => {
    const { bytes, batches } = goldenBatch('none edge records')
    const cursor = new RecordCursor().at(bytes, 61, bytes.length, batches[0]!.recordCount)
    const sizes: number[] = []
    while (cursor.next()) sizes.push(cursor.sizeInBytes)
    expect(sizes).toEqual(batches[0]!.records.map((record) => record.size))
  })
})

describe('buildBatch', () => {
  /** The fields that give `golden` back. */
  function fieldsOf(golden: Golden): BatchFields {
    const batch = golden.batches[0]!
    return {
      baseOffset: Number(batch.baseOffset),
      partitionLeaderEpoch: batch.partitionLeaderEpoch,
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      transactional: batch.isTransactional,
      control: batch.isControl,
      lastOffsetDelta: Number(BigInt(batch.lastOffset) - BigInt(batch.baseOffset)),
      maxTimestamp: batch.maxTimestamp,
      ...(batch.timestampType === 1 ? { logAppendTime: batch.maxTimestamp } : {}),
      ...(batch.deleteHorizon === null ? {} : { deleteHorizon: batch.deleteHorizon }),
    }
  }

  const plain = modern.filter((one) => one.batches[0]!.codec === 0 && one.name !== 'huge offset')
  test.each(plain)('makes Apache Kafka’s bytes: $name', (golden) => {
    const batch = golden.batches[0]!
    // The deltas of the records themselves, also where the batch's time replaces their own.
    const cursor = new RecordCursor()
    cursor.at(golden.bytes, 61, golden.bytes.length, batch.recordCount)
    const times: number[] = []
    while (cursor.next()) times.push(batch.baseTimestamp + cursor.timestampDelta)
    const records = decoded(golden.bytes).map((record, i) => ({
      ...record,
      timestamp: times[i]!,
      offsetDelta: record.offset - Number(batch.baseOffset),
    }))
    expect(buildBatch(records, fieldsOf(golden)).equals(golden.bytes)).toBe(true)
  })

  const bytes = fc.uint8Array({ maxLength: 300 })
  const anyRecord = fc.record({
    timestamp: fc.integer({ min: 0, max: 2 ** 45 }),
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.array(
      fc.record({ key: fc.string({ unit: 'grapheme' }), value: fc.option(bytes) }),
      { maxLength: 3 },
    ),
  })

  test.each([0, 1, 2, 3, 4])('and decodeRecords are inverse with codec %i', (codec) => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 20 }), (records) => {
        const batch = buildBatch(records, { baseOffset: 7, codec }, codecs)
        expect(new BatchView(batch).codec).toBe(codec)
        const plainForm = (one: { key: Uint8Array | null; value: Uint8Array | null }) => [
          base64(one.key),
          base64(one.value),
        ]
        const again = decoded(batch)
        expect(again.map(plainForm)).toEqual(records.map(plainForm))
        expect(again.map((one) => one.timestamp)).toEqual(records.map((one) => one.timestamp))
        expect(again.map((one) => one.offset)).toEqual(records.map((_, i) => 7 + i))
        expect(again.map((one) => one.headers.map((h) => [h.key, base64(h.value)]))).toEqual(
          records.map((one) => one.headers.map((h) => [h.key, base64(h.value)])),
        )
      }),
      { numRuns: 50 },
    )
  })
})

describe('RecordCursor', () => {
  const { bytes, batches } = goldenBatch('none edge records')
  const inner = bytes.subarray(61)
  const { recordCount } = batches[0]!

  function walk(over: Uint8Array, count: number): number | string {
    const cursor = new RecordCursor().at(over, 0, over.length, count)
    let walked = 0
    while (cursor.next()) walked++
    return cursor.fault ?? walked
  }

  test('finds a cut anywhere', () => {
    for (let cut = 0; cut < inner.length; cut++) {
      expect(typeof walk(inner.subarray(0, cut), recordCount), `cut at ${cut}`).toBe('string')
    }
  })

  test('finds one record too few, too many, and a negative number of them', () => {
    expect(walk(inner, recordCount)).toBe(recordCount)
    expect(walk(inner, recordCount - 1)).toBe('Bytes remain behind the last record.')
    expect(walk(inner, recordCount + 1)).toBe('The records end early.')
    expect(walk(inner, -1)).toBe('The number of records is negative.')
    expect(walk(inner, 0)).toBe('Bytes remain behind the last record.')
    expect(walk(Buffer.alloc(0), 0)).toBe(0)
  })

  // length, attributes, timestampDelta, offsetDelta, then key, value, headers as shown.
  test.each([
    ['a negative record size', '01', 'negative size'],
    ['a record size of 2^31-1', 'feffffff0f', 'larger than'],
    ['a varint of six bytes', 'ffffffffff0f', 'too long'],
    ['a varlong of eleven bytes', '1c00ffffffffffffffffffff7f0000', 'too long'],
    ['a key behind the record', '0c0000007e0100', 'do not fill'],
    ['headers of a negative number', '0c000000010101', 'number of headers'],
    ['headers of an impossible number', '0c00000001017e', 'number of headers'],
    ['a negative header key size', '1000000001010201 00', 'negative key'],
    ['a byte behind the fields', '0e00000001010000', 'do not fill'],
  ])('refuses %s', (_what, hex, reason) => {
    expect(walk(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 1)).toContain(reason)
  })

  test('saturates a timestamp delta beyond 2^53', () => {
    const huge = Buffer.from('1e00feffffffffffffffff0100010100', 'hex')
    const cursor = new RecordCursor().at(huge, 0, huge.length, 1)
    expect(cursor.next()).toBe(true)
    expect(cursor.timestampDelta).toBe(Infinity)
  })

  test('survives any bytes, inside its bounds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 0, max: 9 }), (noise, n) => {
        const cursor = new RecordCursor().at(noise, 0, noise.length, n)
        while (cursor.next()) {
          expect(cursor.start + cursor.sizeInBytes).toBeLessThanOrEqual(noise.length)
          expect(cursor.keyStart + cursor.keyLength).toBeLessThanOrEqual(noise.length)
          expect(cursor.valueStart + cursor.valueLength).toBeLessThanOrEqual(noise.length)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('control batches', () => {
  const kinds: [string, number][] = [
    ['control commit', CONTROL_TYPES.commit],
    ['control abort', CONTROL_TYPES.abort],
    ['control leader change', CONTROL_TYPES.leaderChange],
    ['control snapshot header', CONTROL_TYPES.snapshotHeader],
    ['control snapshot footer', CONTROL_TYPES.snapshotFooter],
    ['control kraft version', CONTROL_TYPES.kraftVersion],
    ['control kraft voters', CONTROL_TYPES.kraftVoters],
  ]
  test.each(kinds)('%s is read and built as Apache Kafka does', (name, type) => {
    const golden = goldenBatch(name)
    const expected = golden.batches[0]!
    const batch = new BatchView(golden.bytes)
    expect(controlType(batch)).toBe(type)
    const records = controlRecords(batch)!
    expect(records.map((record) => record.type)).toEqual([type])
    const built = buildControlBatch(records, expected.maxTimestamp, {
      baseOffset: Number(expected.baseOffset),
      partitionLeaderEpoch: expected.partitionLeaderEpoch,
      producerId: expected.producerId,
      producerEpoch: expected.producerEpoch,
      baseSequence: expected.baseSequence,
      transactional: expected.isTransactional,
    })
    expect(built.equals(golden.bytes)).toBe(true)
  })

  test('an ordinary batch has no control type', () => {
    expect(controlType(new BatchView(goldenBatch('none edge records').bytes))).toBeUndefined()
  })
})
