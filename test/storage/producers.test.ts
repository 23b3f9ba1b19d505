import { describe, expect, test } from 'vitest'
import { BatchView } from '../../protocol/records/batch.ts'
import { type BatchFields, buildBatch } from '../../protocol/records/builder.ts'
import { buildControlBatch } from '../../protocol/records/control.ts'
import { Producers, firstSequenceOf } from '../../storage/producers.ts'

const LARGEST = 0x7fff_ffff
const NOW = 1_700_000_000_000

/** A batch of producer 9. */
function batch(count: number, fields: BatchFields = {}): BatchView {
  const records = Array.from({ length: count }, (_, i) => ({
    timestamp: NOW + i,
    key: null,
    value: null,
  }))
  const defaults = { producerId: 9, producerEpoch: 0, baseSequence: 0 }
  return new BatchView(buildBatch(records, { ...defaults, ...fields }))
}

function marker(
  kind: 'abort' | 'commit',
  fields: BatchFields & { coordinatorEpoch?: number } = {},
) {
  const { coordinatorEpoch = 1, ...rest } = fields
  const value = Buffer.alloc(6)
  value.writeInt32BE(coordinatorEpoch, 2)
  const type = kind === 'commit' ? 1 : 0
  return new BatchView(
    buildControlBatch([{ type, value }], NOW + 99, {
      producerId: 9,
      producerEpoch: 0,
      transactional: true,
      ...rest,
    }),
  )
}

const errorOf = (
  producers: Producers,
  of: BatchView,
  origin: 'client' | 'coordinator' = 'client',
) => {
  const verdict = producers.validate(of, origin)
  return verdict.kind === 'error' ? verdict.error : verdict.kind
}

/** Applies batches of one record each with these sequences. */
function after(...sequences: number[]): Producers {
  const producers = new Producers()
  for (const [i, baseSequence] of sequences.entries()) {
    producers.apply(batch(1, { baseSequence, baseOffset: i }))
  }
  return producers
}

describe('sequences', () => {
  test('an unknown producer may begin anywhere', () => {
    expect(errorOf(new Producers(), batch(1, { baseSequence: 55 }))).toBe('accepted')
  })

  test('the next batch continues the last', () => {
    const producers = after(0, 1, 2)
    expect(errorOf(producers, batch(1, { baseSequence: 3 }))).toBe('accepted')
    expect(errorOf(producers, batch(1, { baseSequence: 4 }))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(errorOf(producers, batch(2, { baseSequence: 2 }))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(errorOf(producers, batch(1, { baseSequence: 4 }), 'coordinator')).toBe('accepted')
  })

  test('one of the last five batches is a duplicate and says what it got', () => {
    const producers = after(0, 1, 2, 3, 4, 5)
    expect(errorOf(producers, batch(1, { baseSequence: 0 }))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    const verdict = producers.validate(batch(1, { baseSequence: 1 }), 'client')
    expect(verdict).toMatchObject({ kind: 'duplicate', batch: { lastOffset: 1, timestamp: NOW } })
    expect(errorOf(producers, batch(2, { baseSequence: 1 }))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
  })

  test('sequences wrap from the largest to zero, inside a batch and between two', () => {
    const producers = new Producers()
    producers.apply(batch(4, { baseSequence: LARGEST - 1, baseOffset: 10 }))
    const [kept] = producers.get(9)!.batches
    expect([kept!.lastSequence, firstSequenceOf(kept!)]).toEqual([1, LARGEST - 1])
    expect(errorOf(producers, batch(4, { baseSequence: LARGEST - 1 }))).toBe('duplicate')
    expect(errorOf(producers, batch(1, { baseSequence: 2 }))).toBe('accepted')
    expect(errorOf(after(LARGEST), batch(1, { baseSequence: 0 }))).toBe('accepted')
  })

  test('batches without a producer id pass', () => {
    const plain = batch(1, { producerId: -1, producerEpoch: -1, baseSequence: -1 })
    const producers = after(0)
    expect(errorOf(producers, plain)).toBe('accepted')
    producers.apply(plain)
    expect(producers.size).toBe(1)
  })

  test('a verified producer begins at its lowest sequence, with version 2 at zero', () => {
    const verdict = (sequence: number, lowestSequence: number, supportsEpochBump: boolean) =>
      new Producers().validate(batch(1, { baseSequence: sequence }), 'client', {
        lowestSequence,
        supportsEpochBump,
      }).kind
    expect(verdict(3, 3, false)).toBe('accepted')
    expect(verdict(4, 3, false)).toBe('error')
    expect(verdict(3, 3, true)).toBe('error')
    expect(verdict(0, 3, true)).toBe('accepted')
  })
})

describe('epochs', () => {
  test('an older epoch is fenced, a newer one starts at zero', () => {
    const producers = new Producers()
    producers.apply(batch(1, { producerEpoch: 3, baseSequence: 7 }))
    const next = (producerEpoch: number, baseSequence: number) =>
      errorOf(producers, batch(1, { producerEpoch, baseSequence }))
    expect(next(2, 8)).toBe('INVALID_PRODUCER_EPOCH')
    expect(next(2, 7)).toBe('INVALID_PRODUCER_EPOCH')
    expect(next(4, 8)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(next(4, 0)).toBe('accepted')
    producers.apply(batch(1, { producerEpoch: 4, baseOffset: 5 }))
    expect(producers.get(9)).toMatchObject({ epoch: 4, batches: [{ lastSequence: 0 }] })
    expect(next(4, 1)).toBe('accepted')
  })

  test('after a marker raised the epoch the sequence starts at zero again', () => {
    const producers = after(0, 1)
    producers.apply(marker('commit', { producerEpoch: 1, baseOffset: 2 }))
    const next = (baseSequence: number) =>
      errorOf(producers, batch(1, { producerEpoch: 1, baseSequence }))
    expect(next(2)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(next(0)).toBe('accepted')
  })
})

describe('transactions', () => {
  const open = (producerId: number, baseOffset: number, count = 1) =>
    batch(count, { producerId, baseOffset, transactional: true })

  test('a transaction holds the unstable offset until its marker is replicated', () => {
    const producers = new Producers()
    producers.apply(open(1, 10))
    producers.apply(open(2, 11))
    expect(producers.firstUnstableOffset()).toBe(10)
    const first = producers.apply(marker('commit', { producerId: 1, baseOffset: 12 }))
    expect(first).toEqual({ producerId: 1, firstOffset: 10, lastOffset: 12, isAborted: false })
    expect(producers.lastStableOffset(first!)).toBe(11)
    expect(producers.firstUnstableOffset()).toBe(10)
    producers.onHighWatermark(12)
    expect(producers.firstUnstableOffset()).toBe(10)
    producers.onHighWatermark(13)
    expect(producers.firstUnstableOffset()).toBe(11)
    const second = producers.apply(marker('abort', { producerId: 2, baseOffset: 13 }))
    expect(second).toMatchObject({ isAborted: true, firstOffset: 11 })
    expect(producers.lastStableOffset(second!)).toBe(14)
    producers.onHighWatermark(14)
    expect(producers.firstUnstableOffset()).toBeUndefined()
    expect(producers.get(2)).toMatchObject({ coordinatorEpoch: 1, lastTimestamp: NOW + 99 })
  })

  test('a marker without a transaction completes nothing', () => {
    const producers = new Producers()
    expect(producers.apply(marker('abort', { baseOffset: 3 }))).toBeUndefined()
    expect(producers.get(9)?.batches).toEqual([])
  })

  test('a plain batch inside a transaction is refused', () => {
    const producers = new Producers()
    producers.apply(open(9, 0))
    expect(errorOf(producers, batch(1, { baseSequence: 1 }))).toBe('INVALID_TXN_STATE')
    expect(errorOf(producers, batch(1, { baseSequence: 1, transactional: true }))).toBe('accepted')
  })

  test('markers are fenced by producer epoch and by coordinator epoch', () => {
    const producers = new Producers()
    const judge = (epoch: number, coordinatorEpoch: number, transactionVersion: number) => {
      const verdict = producers.validateMarker(9, epoch, { coordinatorEpoch, transactionVersion })
      return verdict.kind === 'error' ? verdict.error : verdict.kind
    }
    expect(judge(0, 0, 0)).toBe('accepted')
    producers.apply(marker('commit', { producerEpoch: 2, coordinatorEpoch: 5 }))
    expect(judge(1, 5, 0)).toBe('INVALID_PRODUCER_EPOCH')
    expect(judge(2, 4, 0)).toBe('TRANSACTION_COORDINATOR_FENCED')
    expect(judge(2, 5, 2)).toBe('accepted')
    producers.apply(batch(1, { producerEpoch: 2, transactional: true }))
    expect(judge(2, 5, 2)).toBe('INVALID_PRODUCER_EPOCH')
    expect(judge(2, 5, 1)).toBe('accepted')
    expect(judge(3, 5, 2)).toBe('accepted')
  })
})

test('silent producers expire, those with an open transaction do not', () => {
  const producers = new Producers()
  producers.apply(batch(1))
  producers.apply(batch(1, { producerId: 10, transactional: true, baseOffset: 1 }))
  producers.expire(NOW + 999, 1000)
  expect(producers.size).toBe(2)
  producers.expire(NOW + 1000, 1000)
  expect([...producers.entries()].map((entry) => entry.producerId)).toEqual([10])
})
