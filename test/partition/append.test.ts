import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../base/random.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { errors } from '../../protocol/errors.ts'
import { BatchView } from '../../protocol/records/batch.ts'
import { type BatchFields, buildBatch } from '../../protocol/records/builder.ts'
import { Codecs } from '../../protocol/records/compression/codecs.ts'
import { decodeRecords } from '../../protocol/records/decode.ts'
import { Partition } from '../../src/partition/partition.ts'
import type { PartitionSettings } from '../../src/partition/settings.ts'
import { MemoryFileSystem } from '../../storage/fs/memory-fs.ts'
import { Log } from '../../storage/log.ts'
import { TailCache } from '../../storage/tail-cache.ts'

const NOW = 1_700_000_000_000
const codecs = new Codecs()

const SETTINGS: PartitionSettings = {
  maxMessageBytes: 1000,
  compacted: false,
  deletes: true,
  logAppendTime: false,
  timestampBeforeMaxMs: Infinity,
  timestampAfterMaxMs: 3_600_000,
  targetCodec: -1,
  minInsyncReplicas: 1,
  segmentBytes: 1 << 20,
  validateRecords: true,
  decompressedMaxBytes: 1 << 20,
}

function openPartition(settings: Partial<PartitionSettings> = {}): Partition {
  const clock = new VirtualClock(NOW)
  const log = Log.open({
    fs: new MemoryFileSystem({ defer: (run) => clock.endOfTurn(run), now: () => clock.now() }),
    directory: '/data/t-0',
    clock,
    random: seededRandom(1),
    tail: new TailCache(1 << 20),
    limits: {
      segmentBytes: 1 << 20,
      segmentMs: Infinity,
      segmentJitterMs: 0,
      segmentIndexBytes: 1 << 20,
      indexIntervalBytes: 4096,
      flushMessages: Infinity,
      flushMs: Infinity,
      fileDeleteDelayMs: 0,
    },
    producerIdExpirationMs: 86_400_000,
    cleanShutdown: true,
    recoveryPoint: 0,
    logStartOffset: 0,
  })
  const identity = { topic: 't', topicId: 'AAAAAAAAAAAAAAAAAAAABQ', index: 0 }
  const surroundings = {
    leaderEpoch: 3,
    settings: { ...SETTINGS, ...settings },
    codecs,
    now: () => clock.now(),
    unexpected: (error: unknown) => {
      throw error
    },
    fenced: () => undefined,
  }
  return new Partition(identity, log, surroundings)
}

function batchOf(count: number, fields: BatchFields = {}, key: string | null = 'k'): Buffer {
  const records = Array.from({ length: count }, (_, i) => ({
    timestamp: NOW + i,
    key: key === null ? null : Buffer.from(key),
    value: Buffer.from(`value ${i}`),
  }))
  return buildBatch(records, fields, codecs)
}

function append(partition: Partition, bytes: Uint8Array, version = 13) {
  return partition.append({ bytes, version, origin: 'client' })
}

function written(partition: Partition): BatchView[] {
  expect(partition.log.flushWrites()).toBeUndefined()
  partition.settle()
  const read = partition.read({
    offset: 0,
    maxBytes: 1 << 20,
    minOneMessage: true,
    isolation: 'read_uncommitted',
  })
  const bytes = Buffer.concat((read.records?.parts ?? []) as Uint8Array[])
  read.records?.release()
  const batches: BatchView[] = []
  for (let at = 0; at < bytes.length; at += batches.at(-1)!.sizeInBytes) {
    batches.push(new BatchView(bytes, at))
  }
  return batches
}

describe('what a leader stamps', () => {
  test('offsets follow each other, the leader epoch is the partition’s, the checksum holds', () => {
    const partition = openPartition()
    expect(append(partition, batchOf(2))).toMatchObject({
      errorCode: 0,
      baseOffset: 0,
      lastOffset: 1,
    })
    expect(append(partition, batchOf(3))).toMatchObject({
      baseOffset: 2,
      lastOffset: 4,
      logAppendTimeMs: -1,
    })
    const batches = written(partition)
    expect(batches.map((batch) => batch.baseOffset)).toEqual([0, 2])
    expect(batches.map((batch) => batch.partitionLeaderEpoch)).toEqual([3, 3])
    expect(batches.every((batch) => batch.verifyCrc())).toBe(true)
    expect(partition.highWatermark).toBe(5)
  })

  test('a topic with LogAppendTime gets the broker’s time, with a new checksum', () => {
    const partition = openPartition({ logAppendTime: true })
    expect(append(partition, batchOf(1)).logAppendTimeMs).toBe(NOW)
    const [batch] = written(partition)
    expect(batch).toMatchObject({ isLogAppendTime: true, maxTimestamp: NOW })
    expect(batch!.verifyCrc()).toBe(true)
  })

  test('a topic with a codec of its own writes the records again in that codec', () => {
    const partition = openPartition({ targetCodec: 1 })
    append(partition, batchOf(3, { codec: 0 }))
    const [batch] = written(partition)
    expect(batch!.codec).toBe(1)
    const records = decodeRecords(batch!.buffer, codecs, 1 << 20, batch!.start)
    expect(Array.isArray(records) && records.map((record) => String(record.value))).toEqual([
      'value 0',
      'value 1',
      'value 2',
    ])
  })
})

describe('what a leader refuses', () => {
  test.each([
    ['no batch at all', new Uint8Array(0), errors.INVALID_RECORD],
    ['a batch that is cut short', batchOf(1).subarray(0, 60), errors.INVALID_RECORD],
    ['two batches', Buffer.concat([batchOf(1), batchOf(1)]), errors.INVALID_RECORD],
    [
      'a control batch',
      batchOf(1, { control: true, producerId: 5, producerEpoch: 0, baseSequence: 0 }),
      errors.INVALID_RECORD,
    ],
    ['a base offset of its own', batchOf(1, { baseOffset: 7 }), errors.INVALID_RECORD],
    [
      'a producer id without a sequence',
      batchOf(1, { producerId: 5, producerEpoch: 0, baseSequence: -1 }),
      errors.INVALID_RECORD,
    ],
    ['more bytes than max.message.bytes', batchOf(60), errors.MESSAGE_TOO_LARGE],
  ])('%s', (_, bytes, code) => {
    const partition = openPartition()
    expect(append(partition, bytes).errorCode).toBe(code)
    expect(partition.log.logEndOffset).toBe(0)
  })

  test('a flipped bit', () => {
    const bytes = batchOf(1)
    bytes[bytes.length - 1]! ^= 1
    expect(append(openPartition(), bytes).errorCode).toBe(errors.CORRUPT_MESSAGE)
  })

  test('magic 1', () => {
    const bytes = batchOf(1)
    bytes[16] = 1
    expect(append(openPartition(), bytes).errorCode).toBe(errors.INVALID_RECORD)
  })

  test('zstd before version 7', () => {
    const bytes = batchOf(1, { codec: 4 })
    expect(append(openPartition(), bytes, 6).errorCode).toBe(errors.UNSUPPORTED_COMPRESSION_TYPE)
    expect(append(openPartition(), bytes, 7).errorCode).toBe(errors.NONE)
  })

  test('records without keys on a compacted topic, each by its index', () => {
    const result = append(openPartition({ compacted: true }), batchOf(2, {}, null))
    expect(result.errorCode).toBe(errors.INVALID_RECORD)
    expect(result.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([0, 1])
    expect(result.logStartOffset).toBe(0)
  })

  test('a timestamp too far in the future', () => {
    const bytes = buildBatch([{ timestamp: NOW + 3_600_001, key: null, value: null }])
    const result = append(openPartition(), bytes)
    expect(result.errorCode).toBe(errors.INVALID_TIMESTAMP)
    expect(result.recordErrors).toHaveLength(1)
  })
})

describe('idempotent producers', () => {
  const fields = (baseSequence: number, producerEpoch = 0): BatchFields => ({
    producerId: 9,
    producerEpoch,
    baseSequence,
  })

  test('one of the last five batches is answered with its first offset and not appended', () => {
    const partition = openPartition()
    for (let i = 0; i < 5; i++) append(partition, batchOf(2, fields(i * 2)))
    expect(append(partition, batchOf(2, fields(2)))).toMatchObject({
      errorCode: 0,
      baseOffset: 2,
      lastOffset: 3,
    })
    expect(partition.log.logEndOffset).toBe(10)
  })

  test('a gap in the sequence and an old epoch are refused', () => {
    const partition = openPartition()
    append(partition, batchOf(1, fields(0, 1)))
    expect(append(partition, batchOf(1, fields(5, 1))).errorCode).toBe(
      errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
    )
    expect(append(partition, batchOf(1, fields(1, 0))).errorCode).toBe(
      errors.INVALID_PRODUCER_EPOCH,
    )
    expect(partition.log.logEndOffset).toBe(1)
  })
})
