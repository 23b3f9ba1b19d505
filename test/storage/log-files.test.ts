// What the log does with its files: damage, lookups by time, removal, transactions.
import { describe, expect, test } from 'vitest'
import { buildControlBatch } from '../../protocol/records/control.ts'
import { Codecs } from '../../protocol/records/compression/codecs.ts'
import { readFile, removeFile, replaceFile } from '../../storage/fs/whole-file.ts'
import {
  parsePartitionDirectory,
  removeDirectoryStep,
  renameForRemoval,
} from '../../storage/removal.ts'
import { maxTimestampOffset, offsetForTimestamp } from '../../storage/time-search.ts'
import { LogKit, NOW, batchesIn, collect, replayed } from './log-kit.ts'

const search = { codecs: new Codecs(), maxDecompressedBytes: 1e6 }
const ZERO = '/logs/t-0/00000000000000000000'

/** 40 batches of two records, index entries every ~500 bytes, cleanly closed. */
function closedLog(): LogKit {
  const kit = new LogKit({ indexIntervalBytes: 500 })
  for (let i = 0; i < 40; i++) kit.append(2, { timestamp: NOW + i * 10, text: 'x'.repeat(100) })
  kit.log.close()
  return kit
}

function expectWhole(kit: LogKit): void {
  expect(kit.log.logEndOffset).toBe(80)
  expect(replayed(kit.log)).toHaveLength(40)
  for (const offset of [0, 1, 38, 79]) {
    const base = offset - (offset % 2)
    expect(batchesIn(collect(kit.log.read(offset, 1, { minOneMessage: true })))).toEqual([
      [base, base + 1],
    ])
  }
  expect(offsetForTimestamp(kit.log, NOW + 200, search)?.offset).toBe(40)
  expect(maxTimestampOffset(kit.log, search)?.offset).toBe(79)
}

describe('derived files', () => {
  const damages: [string, (bytes: Buffer) => Buffer | undefined][] = [
    ['missing', () => undefined],
    ['empty', () => Buffer.alloc(0)],
    ['short', (bytes) => bytes.subarray(0, bytes.length - 3)],
    ['random', (bytes) => Buffer.from(bytes.map((_, i) => (i * 197 + 31) & 0xff))],
    ['shifted', (bytes) => Buffer.from(bytes.map((byte, i) => (i % 4 === 3 ? byte + 1 : byte)))],
    ['padded with zeros', (bytes) => Buffer.concat([bytes, Buffer.alloc(1200)])],
  ]
  for (const suffix of ['.index', '.timeindex', '.snapshot']) {
    for (const [name, damage] of damages) {
      test(`a ${suffix} that is ${name} does no harm`, () => {
        const kit = closedLog()
        const path = suffix === '.snapshot' ? ZERO.replace(/00$/, '80') + suffix : ZERO + suffix
        const damaged = damage(readFile(kit.memory, path)!)
        if (damaged === undefined) removeFile(kit.memory, path)
        else replaceFile(kit.memory, path, damaged)
        kit.open({})
        expectWhole(kit)
        kit.log.close()
        kit.reports.length = 0
        kit.open({})
        expectWhole(kit)
      })
    }
  }

  test('a garbled leader epoch checkpoint is made anew from the batches', () => {
    const kit = new LogKit()
    for (const partitionLeaderEpoch of [0, 0, 3, 7]) kit.append(2, { partitionLeaderEpoch })
    kit.log.close()
    replaceFile(kit.memory, '/logs/t-0/leader-epoch-checkpoint', '0\n9\n')
    expect(kit.open({}).leaderEpochs.entries()).toEqual([
      { epoch: 0, startOffset: 0 },
      { epoch: 3, startOffset: 4 },
      { epoch: 7, startOffset: 6 },
    ])
    expect(kit.reports.map((report) => report.what)).toEqual(['epochs rebuilt'])
  })
})

describe('a clean marker', () => {
  const tails: [string, (bytes: Buffer) => Buffer, number][] = [
    [
      'garbage',
      (bytes) => Buffer.concat([bytes, Buffer.from('garbage, and quite a lot of it'.repeat(9))]),
      80,
    ],
    ['zeros', (bytes) => Buffer.concat([bytes, Buffer.alloc(500)]), 80],
    ['a cut batch', (bytes) => bytes.subarray(0, bytes.length - 5), 78],
    ['a flipped bit', (bytes) => Buffer.from(bytes).fill(1, bytes.length - 1), 78],
    ['nothing', () => Buffer.alloc(0), 0],
  ]
  for (const [name, change, end] of tails) {
    test(`is not believed when the log ends with ${name}`, () => {
      const kit = closedLog()
      replaceFile(kit.memory, `${ZERO}.log`, change(readFile(kit.memory, `${ZERO}.log`)!))
      const log = kit.open({ recoveryPoint: 80 })
      expect(log.logEndOffset).toBe(end)
      expect(replayed(log)).toHaveLength(end / 2)
      expect(kit.reports.length).toBeGreaterThan(0)
      kit.append(2)
      expect(log.close()).toBeUndefined()
      expect(kit.open({}).logEndOffset).toBe(end + 2)
    })
  }
})

describe('time', () => {
  for (const codec of [0, 1, 2, 3]) {
    test(`a record is found inside a batch of codec ${codec}`, () => {
      const kit = new LogKit()
      const codecs = new Codecs()
      kit.append(5, { timestamp: NOW })
      kit.append(5, { timestamp: NOW + 100, partitionLeaderEpoch: 2, codec }, codecs)
      kit.log.flushWrites()
      const at = (target: number) => offsetForTimestamp(kit.log, target, search)
      expect(at(0)).toEqual({ offset: 0, timestamp: NOW, leaderEpoch: 0 })
      expect(at(NOW + 3)).toEqual({ offset: 3, timestamp: NOW + 3, leaderEpoch: 0 })
      expect(at(NOW + 50)?.offset).toBe(5)
      expect(at(NOW + 102)).toEqual({ offset: 7, timestamp: NOW + 102, leaderEpoch: 2 })
      expect(at(NOW + 105)).toBeUndefined()
      kit.log.deleteRecordsBefore(8)
      expect(at(0)?.offset).toBe(8)
      expect(maxTimestampOffset(kit.log, search)).toMatchObject({ offset: 9, leaderEpoch: 2 })
    })
  }

  test('the largest timestamp is the first record that has it, across segments and restarts', () => {
    const kit = new LogKit({ segmentBytes: 250 })
    for (const timestamp of [NOW + 5, NOW + 90, NOW + 40, NOW + 20]) kit.append(2, { timestamp })
    expect(kit.log.segmentCount).toBeGreaterThan(1)
    kit.log.flushWrites()
    expect(maxTimestampOffset(kit.log, search)).toMatchObject({ offset: 3, timestamp: NOW + 91 })
    kit.log.close()
    expect(maxTimestampOffset(kit.open({}), search)?.offset).toBe(3)
    expect(maxTimestampOffset(new LogKit().log, search)).toBeUndefined()
  })
})

describe('segments', () => {
  test('roll by age of the first record, not before', () => {
    const kit = new LogKit({ segmentMs: 1000 })
    for (const timestamp of [NOW, NOW + 1000, NOW + 1001]) kit.append(1, { timestamp })
    kit.append(1, { timestamp: NOW })
    expect(kit.log.segmentCount).toBe(2)
  })

  test('roll when an index is full', () => {
    const kit = new LogKit({ segmentIndexBytes: 48, indexIntervalBytes: 0 })
    for (let i = 0; i < 12; i++) kit.append(1, { timestamp: NOW + i })
    kit.log.flushWrites()
    expect(kit.log.segmentCount).toBeGreaterThan(2)
    expect(replayed(kit.log)).toHaveLength(12)
  })

  test('roll when an offset is too far from the base', () => {
    const kit = new LogKit()
    kit.append(1)
    kit.log.flushWrites()
    kit.log.truncateFullyAndStartAt(0)
    kit.append(1)
    kit.append(1, { lastOffsetDelta: 2 ** 31 - 3 })
    expect(kit.log.segmentCount).toBe(1)
    kit.append(1, { lastOffsetDelta: 3 })
    expect(kit.log.segmentCount).toBe(2)
    kit.log.flushWrites()
    expect(kit.log.logEndOffset).toBe(2 ** 31 + 3)
  })

  test('below the log start go away: renamed at once, removed later, readable meanwhile', () => {
    const kit = new LogKit({ segmentBytes: 250, fileDeleteDelayMs: 1000 })
    for (let i = 0; i < 8; i++) kit.append(2)
    kit.log.flushWrites()
    kit.log.close()
    const log = kit.open({})
    const slice = log.read(0, 1e6, {})
    log.deleteRecordsBefore(9)
    expect(log.logStartOffset).toBe(9)
    expect(log.read(8, 100, {})).toBe('OFFSET_OUT_OF_RANGE')
    const deleted = () =>
      kit.memory.readdir('/logs/t-0').filter((name) => name.endsWith('.deleted'))
    expect(deleted().length).toBeGreaterThan(0)
    kit.clock.advance(2000)
    expect(deleted()).toEqual([])
    expect(batchesIn(collect(slice))[0]).toEqual([0, 1])
    expect(replayed(log).at(0)![1]).toBeGreaterThanOrEqual(9)
    expect(
      kit.memory.readdir('/logs/t-0').some((name) => name.startsWith('00000000000000000000.')),
    ).toBe(false)
  })

  test('a log that was emptied goes on where it was told to, also after a restart', () => {
    const kit = new LogKit()
    kit.append(5)
    kit.log.flushWrites()
    expect(kit.log.truncateFullyAndStartAt(1000)).toBeUndefined()
    expect([kit.log.logStartOffset, kit.log.logEndOffset]).toEqual([1000, 1000])
    kit.memory.crash()
    const log = kit.open({ cleanShutdown: false })
    expect([log.logStartOffset, log.logEndOffset]).toEqual([1000, 1000])
    kit.append(1)
    log.flushWrites()
    expect(replayed(log)).toEqual([[1000, 1000]])
  })
})

test('aborted transactions are indexed, and the index survives stops of both kinds', () => {
  const kit = new LogKit()
  const txn = { producerId: 4, producerEpoch: 0, transactional: true }
  kit.append(2)
  kit.append(3, { ...txn, baseSequence: 0 })
  const value = Buffer.from('000000000001', 'hex')
  const marker = buildControlBatch([{ type: 0, value }], NOW, {
    ...txn,
    baseOffset: 5,
    partitionLeaderEpoch: 0,
  })
  kit.log.append(marker, 0, marker.length, 0)
  kit.append(1)
  kit.log.sync()
  const expected = [{ producerId: 4, firstOffset: 2, lastOffset: 5, lastStableOffset: 6 }]
  expect(kit.log.abortedTxns(0, 100)).toEqual(expected)
  expect(kit.log.abortedTxns(6, 100)).toEqual([])
  kit.memory.crash()
  expect(kit.open({ cleanShutdown: false, recoveryPoint: 7 }).abortedTxns(0, 100)).toEqual(expected)
  kit.log.close()
  expect(readFile(kit.memory, `${ZERO}.txnindex`)?.length).toBe(34)
  expect(kit.open({}).abortedTxns(0, 100)).toEqual(expected)
  kit.log.close()
  replaceFile(kit.memory, `${ZERO}.txnindex`, Buffer.alloc(34, 1))
  expect(kit.open({}).abortedTxns(0, 100)).toEqual(expected)
  kit.log.truncateTo(5)
  expect(kit.log.abortedTxns(0, 100)).toEqual([])
  expect(kit.log.producers.firstUnstableOffset()).toBe(2)
})

test('a partition directory gets a name of its own to be removed under, step by step', () => {
  const kit = closedLog()
  const id = '0123456789abcdef0123456789abcdef'
  const renamed = renameForRemoval(kit.memory, '/logs/t-0', id)
  expect(renamed).toBe(`/logs/t-0.${id}-delete`)
  expect(kit.memory.readdir('/logs')).toEqual([`t-0.${id}-delete`])
  expect(removeDirectoryStep(kit.memory, renamed, 4)).toBe(false)
  expect(removeDirectoryStep(kit.memory, renamed, 4)).toBe(true)
  expect(kit.memory.readdir('/logs')).toEqual([])
  kit.memory.mkdir(`/logs/${'n'.repeat(249)}-17`)
  const long = renameForRemoval(kit.memory, `/logs/${'n'.repeat(249)}-17`, id)
  expect(long.length - '/logs/'.length).toBe(255)
})

test('names of partition directories are told apart as Kafka tells them', () => {
  const id = '0123456789abcdef0123456789abcdef'
  expect(parsePartitionDirectory('a-b-3')).toEqual({ topic: 'a-b', partition: 3, state: 'live' })
  expect(parsePartitionDirectory(`t-0.${id}-delete`)).toEqual({
    topic: 't',
    partition: 0,
    state: 'delete',
  })
  expect(parsePartitionDirectory(`t-0.${id}-stray`)?.state).toBe('stray')
  for (const name of ['t', 't-', '-0', 't-x', `t.${id}-delete`]) {
    expect(parsePartitionDirectory(name)).toBeUndefined()
  }
})
