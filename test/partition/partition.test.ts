// A partition whose log fails, and those who wait for it.
import { expect, test } from 'vitest'
import { errors } from '../../protocol/errors.ts'
import { buildBatch } from '../../protocol/records/builder.ts'
import { CONTROL_TYPES } from '../../protocol/records/control.ts'
import { Codecs } from '../../protocol/records/compression/codecs.ts'
import { Partition } from '../../src/partition/partition.ts'
import { FaultyFileSystem } from '../../storage/fs/faulty-fs.ts'
import { LIMITS, LogKit, NOW, records, TOPIC_ID } from '../storage/log-kit.ts'

const SETTINGS = {
  maxMessageBytes: 1 << 20,
  compacted: false,
  deletes: true,
  logAppendTime: false,
  timestampBeforeMaxMs: Infinity,
  timestampAfterMaxMs: Infinity,
  targetCodec: -1,
  minInsyncReplicas: 1,
  segmentBytes: LIMITS.segmentBytes,
  validateRecords: false,
  decompressedMaxBytes: 1 << 20,
}

function opened(kit = new LogKit(), stop: { readonly cleanShutdown?: boolean } = {}) {
  const files = new FaultyFileSystem(kit.memory)
  kit.fs = files
  const unexpected: unknown[] = []
  const partition = new Partition({ topic: 't', topicId: TOPIC_ID, index: 0 }, kit.open(stop), {
    leaderEpoch: 0,
    settings: SETTINGS,
    codecs: new Codecs(),
    now: () => NOW,
    unexpected: (error) => unexpected.push(error),
    fenced: () => undefined,
  })
  const append = (): number => {
    const bytes = records(3, { baseOffset: 0 })
    return partition.append({ bytes, version: 9, origin: 'client' }).errorCode
  }
  const flush = (): void => {
    partition.log.flushWrites()
    partition.settle()
  }
  return { kit, files, partition, append, flush, unexpected }
}

test('a waiter that throws keeps no other from being told', () => {
  const { partition, append, flush, unexpected } = opened()
  expect(append()).toBe(errors.NONE)
  const told: string[] = []
  const broken = {
    requiredOffset: 3,
    settled: () => {
      throw new Error('not mine')
    },
  }
  partition.awaitAppend(broken, false)
  partition.awaitAppend({ requiredOffset: 3, settled: () => told.push('written') }, false)
  partition.awaitAppend(broken, true)
  partition.awaitAppend({ requiredOffset: 3, settled: () => told.push('replicated') }, true)
  partition.awaitRecords({ readable: () => told.push('readable') })
  flush()
  expect(told).toEqual(['written', 'replicated', 'readable'])
  expect(unexpected.map(String)).toEqual(['Error: not mine', 'Error: not mine'])
})

test('a sync that failed between two turns makes appends and reads answer a storage error', () => {
  const { kit, files, partition, append, flush } = opened()
  expect(append()).toBe(errors.NONE)
  flush()
  files.decide(({ kind }) => (kind === 'sync' ? { kind: 'fail', code: 'EIO' } : undefined))
  partition.log.syncLater(() => undefined)
  kit.clock.settle()
  expect(partition.check(-1)).toBe(errors.KAFKA_STORAGE_ERROR)
  expect(append()).toBe(errors.KAFKA_STORAGE_ERROR)
})

test('bytes that cannot be read are a storage error and not an exception', () => {
  const { files, partition, append, flush, unexpected } = opened()
  expect(append()).toBe(errors.NONE)
  flush()
  expect(append()).toBe(errors.NONE)
  flush()
  // What is cut leaves the memory.
  partition.log.truncateTo(3)
  files.decide(({ kind }) => (kind === 'read' ? { kind: 'fail', code: 'EIO' } : undefined))
  const request = { offset: 0, maxBytes: 1000, minOneMessage: true }
  const read = partition.read({ ...request, isolation: 'read_uncommitted' })
  expect(read).toMatchObject({ errorCode: errors.KAFKA_STORAGE_ERROR, records: null })
  expect(unexpected).toHaveLength(1)
})

test('after a crash an ended transaction holds no reader of committed records back', () => {
  const kit = new LogKit()
  const of = { producerId: 7, producerEpoch: 0, transactional: true, partitionLeaderEpoch: 0 }
  const batch = records(3, { ...of, baseOffset: 0, baseSequence: 0 })
  const key = Buffer.from([0, 0, 0, CONTROL_TYPES.abort])
  const marker = { timestamp: NOW, key, value: Buffer.alloc(6) }
  const ending = buildBatch([marker], { ...of, baseOffset: 3, control: true })
  for (const bytes of [batch, ending]) kit.log.append(bytes, 0, bytes.length, 0)
  kit.log.sync()
  kit.memory.crash()
  const { partition } = opened(kit, { cleanShutdown: false })
  expect([partition.lastStableOffset, partition.highWatermark]).toEqual([4, 4])
  expect(partition.log.abortedTxns(0, 4)).toMatchObject([{ producerId: 7, firstOffset: 0 }])
})
