import { describe, expect, test } from 'vitest'
import {
  BatchView,
  addSequence,
  checkBatch,
  checkProducedBatch,
  nextBatch,
} from '../../../protocol/records/batch.ts'
import { goldenBatch, goldenBatches } from './golden.ts'

const modern = goldenBatches().filter((one) => one.batches[0]!.magic === 2)

/** Kafka's number as ours: what a double cannot hold exactly saturates. */
function saturated(text: string): number {
  const exact = BigInt(text)
  if (exact >= 2n ** 53n) return Infinity
  return Number(exact)
}

describe('BatchView', () => {
  test.each(modern)('reads the header of Apache Kafka’s batch: $name', ({ bytes, batches }) => {
    const expected = batches[0]!
    const padded = Buffer.concat([Buffer.alloc(5, 0xee), bytes, Buffer.alloc(3, 0xee)])
    const batch = new BatchView(padded, 5)
    expect(batch.magic).toBe(2)
    expect(batch.sizeInBytes).toBe(expected.size)
    expect(batch.end).toBe(5 + bytes.length)
    expect(batch.baseOffset).toBe(saturated(expected.baseOffset))
    expect(batch.lastOffset).toBe(saturated(expected.lastOffset))
    expect(batch.nextOffset).toBe(saturated(expected.nextOffset))
    expect(batch.crc).toBe(expected.crc)
    expect(batch.verifyCrc()).toBe(true)
    expect(batch.codec).toBe(expected.codec)
    expect(batch.isLogAppendTime).toBe(expected.timestampType === 1)
    expect(batch.maxTimestamp).toBe(expected.maxTimestamp)
    expect(batch.partitionLeaderEpoch).toBe(expected.partitionLeaderEpoch)
    expect(batch.baseTimestamp).toBe(expected.baseTimestamp)
    expect(batch.producerId).toBe(expected.producerId)
    expect(batch.hasProducerId).toBe(expected.producerId !== -1)
    expect(batch.producerEpoch).toBe(expected.producerEpoch)
    expect(batch.baseSequence).toBe(expected.baseSequence)
    expect(batch.lastSequence).toBe(expected.lastSequence)
    expect(batch.isTransactional).toBe(expected.isTransactional)
    expect(batch.isControl).toBe(expected.isControl)
    expect(batch.hasDeleteHorizon).toBe(expected.deleteHorizon !== null)
    expect(batch.recordCount).toBe(expected.recordCount)
    expect(checkBatch(padded, 5, padded.length)).toBeUndefined()
  })

  test('offset and leader epoch are stamped without touching the checksum', () => {
    const bytes = goldenBatch('idempotent').bytes
    const batch = new BatchView(bytes)
    batch.setBaseOffset(2 ** 40 + 3)
    batch.setPartitionLeaderEpoch(77)
    expect(bytes.readBigInt64BE(0)).toBe(2n ** 40n + 3n)
    expect(bytes.readInt32BE(12)).toBe(77)
    expect(batch.verifyCrc()).toBe(true)
  })

  test('an infinite offset is written as the 64-bit extreme', () => {
    const bytes = Buffer.alloc(61)
    const batch = new BatchView(bytes)
    batch.setBaseOffset(Infinity)
    expect(bytes.readBigInt64BE(0)).toBe(2n ** 63n - 1n)
    batch.setBaseOffset(-Infinity)
    expect(bytes.readBigInt64BE(0)).toBe(-(2n ** 63n))
    expect(batch.baseOffset).toBe(-Infinity)
    batch.setBaseOffset(-1)
    expect(bytes.readBigInt64BE(0)).toBe(-1n)
    expect(batch.baseOffset).toBe(-1)
  })

  test('stamping the append time gives the bytes that Apache Kafka builds for it', () => {
    const stamped = goldenBatch('log append time')
    const bytes = Buffer.from(goldenBatch('idempotent').bytes)
    const batch = new BatchView(bytes)
    batch.setMaxTimestamp(stamped.batches[0]!.maxTimestamp, true)
    expect(batch.isLogAppendTime).toBe(true)
    expect(batch.maxTimestamp).toBe(stamped.batches[0]!.maxTimestamp)
    expect(batch.verifyCrc()).toBe(true)
    expect(checkBatch(bytes, 0, bytes.length)).toBeUndefined()
  })
})

describe('nextBatch', () => {
  test('steps over batches and stops at a tail cut anywhere', () => {
    const one = goldenBatch('none one empty record').bytes
    const two = goldenBatch('magic 0 none').bytes
    const both = Buffer.concat([one, two])
    expect(nextBatch(both, 0, both.length)).toBe(one.length)
    expect(nextBatch(both, one.length, both.length)).toBeGreaterThan(0)
    for (let cut = 0; cut < one.length; cut++) expect(nextBatch(both, 0, cut)).toBe(0)
  })

  test.each([-1, -2147483648, 0, 48, 2147483647])('refuses the length %i', (length) => {
    const bytes = Buffer.from(goldenBatch('none one empty record').bytes)
    bytes.writeInt32BE(length, 8)
    expect(nextBatch(bytes, 0, bytes.length)).toBe(0)
  })
})

describe('checkBatch', () => {
  const good = goldenBatch('transactional').bytes

  test('finds every cut', () => {
    for (let cut = 0; cut < good.length; cut++) {
      expect(checkBatch(good, 0, cut)?.error).toBe('CORRUPT_MESSAGE')
    }
  })

  test('finds every flipped bit outside the two fields that brokers stamp', () => {
    for (let bit = 8 * 8; bit < good.length * 8; bit++) {
      if (bit >= 12 * 8 && bit < 16 * 8) continue
      const bytes = Buffer.from(good)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      expect(checkBatch(bytes, 0, bytes.length), `bit ${bit}`).toBeDefined()
    }
  })

  test('names a foreign magic before it looks at anything else', () => {
    const legacy = goldenBatch('magic 1 none').bytes
    expect(checkBatch(legacy, 0, legacy.length)?.reason).toContain('magic')
  })
})

describe('checkProducedBatch', () => {
  const cases: [string, (bytes: Buffer) => void, string | undefined][] = [
    ['a good batch', () => undefined, undefined],
    ['a negative last offset delta', (b) => b.writeInt32BE(-1, 23), 'offset range'],
    ['no records', (b) => b.writeInt32BE(0, 57), 'record count'],
    ['more offsets than records', (b) => b.writeInt32BE(9, 23), 'differ'],
    ['the control bit', (b) => b.writeInt16BE(0x30, 21), 'control'],
    ['a negative sequence', (b) => b.writeInt32BE(-1, 53), 'sequence'],
  ]
  test.each(cases)('judges %s', (_what, change, reason) => {
    const bytes = Buffer.from(goldenBatch('transactional').bytes)
    change(bytes)
    const fault = checkProducedBatch(new BatchView(bytes))
    if (reason === undefined) expect(fault).toBeUndefined()
    else expect(fault).toMatchObject({ error: 'INVALID_RECORD', reason: /./ })
    if (reason !== undefined) expect(fault!.reason).toContain(reason)
  })
})

test('sequence numbers wrap to zero', () => {
  expect(addSequence(2147483647, 1)).toBe(0)
  expect(addSequence(2147483645, 4)).toBe(1)
  expect(addSequence(5, 4)).toBe(9)
})
