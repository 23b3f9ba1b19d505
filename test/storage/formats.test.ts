// Bytes and text of every file beside the log itself, written out by hand from Kafka's formats.
import { expect, test } from 'vitest'
import { readOffsetCheckpoint, writeOffsetCheckpoint } from '../../storage/checkpoint.ts'
import { LeaderEpochs } from '../../storage/epochs.ts'
import { MemoryFileSystem } from '../../storage/fs/memory-fs.ts'
import { readFile, replaceFile } from '../../storage/fs/whole-file.ts'
import {
  readCleanShutdown,
  readMetaProperties,
  readPartitionMetadata,
  removeCleanShutdown,
  writeCleanShutdown,
  writeMetaProperties,
  writePartitionMetadata,
} from '../../storage/identity.ts'
import { OffsetIndex } from '../../storage/offset-index.ts'
import { decodeProducerSnapshot, encodeProducerSnapshot } from '../../storage/producer-snapshot.ts'
import { TimeIndex } from '../../storage/time-index.ts'
import { TxnIndex } from '../../storage/txn-index.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

function directory() {
  const fs = new MemoryFileSystem({ defer: () => undefined, now: () => 0 })
  fs.mkdir('/d')
  return fs
}

function textOf(fs: MemoryFileSystem, path: string): string | undefined {
  return readFile(fs, path)?.toString()
}

test('an offset index has eight bytes per entry, relative to its base', () => {
  const index = new OffsetIndex(1000)
  index.append(1004, 4200)
  index.append(1300, 0x01020304)
  const bytes = hex('00000004 00001068  0000012c 01020304')
  expect(index.encode()).toEqual(bytes)
  const read = OffsetIndex.decode(1000, Buffer.concat([bytes, Buffer.alloc(80)]), 2 ** 31)
  expect(read?.count).toBe(2)
  expect([read?.offsetAt(1), read?.positionAt(1)]).toEqual([1300, 0x01020304])
  expect([999, 1003, 1004, 1299, 1300, 9999].map((offset) => read?.lookup(offset))).toEqual([
    -1, -1, 0, 0, 1, 1,
  ])
})

test('an offset index that does not rise, or points behind the log, is refused', () => {
  const refused = [
    '00000004 00001068  00000004 00002000',
    '00000004 00001068  00000005 00001068',
    'ffffffff 00001068',
    '00000004 80000000',
    '00000004 00010000',
    '00000004 000010',
    '00000000 00000000  00000004 00001068',
  ]
  for (const bytes of refused) expect(OffsetIndex.decode(0, hex(bytes), 0x10000)).toBeUndefined()
})

test('a time index has twelve bytes per entry and only rising timestamps', () => {
  const index = new TimeIndex(7)
  index.maybeAppend(1_700_000_000_000, 9)
  index.maybeAppend(1_700_000_000_000, 10)
  index.maybeAppend(1_600_000_000_000, 11)
  index.maybeAppend(1_700_000_000_001, 12)
  const bytes = hex('0000018bcfe56800 00000002  0000018bcfe56801 00000005')
  expect(index.encode()).toEqual(bytes)
  const read = TimeIndex.decode(7, Buffer.concat([bytes, Buffer.alloc(24)]))
  expect([read?.count, read?.lastTimestamp(), read?.offsetAt(1)]).toEqual([
    2, 1_700_000_000_001, 12,
  ])
  expect([0, 1_700_000_000_000, 2e12].map((time) => read?.lookup(time))).toEqual([-1, 0, 1])
  expect(TimeIndex.decode(7, bytes.subarray(0, 13))).toBeUndefined()
  expect(TimeIndex.decode(7, Buffer.concat([bytes, bytes]))).toBeUndefined()
})

test('a transaction index has 34 bytes per aborted transaction', () => {
  const index = new TxnIndex()
  index.append({ producerId: 5, firstOffset: 10, lastOffset: 20, lastStableOffset: 8 })
  index.append({ producerId: 6, firstOffset: 8, lastOffset: 24, lastStableOffset: 25 })
  const bytes = hex(`
    0000 0000000000000005 000000000000000a 0000000000000014 0000000000000008
    0000 0000000000000006 0000000000000008 0000000000000018 0000000000000019`)
  expect(index.encode()).toEqual(bytes)
  const read = TxnIndex.decode(0, bytes)!
  const collect = (from: number, to: number) => {
    const found: { producerId: number }[] = []
    const complete = read.collect(from, to, found as never)
    return [found.map((txn) => txn.producerId), complete]
  }
  expect(collect(0, 9)).toEqual([[6], true])
  expect(collect(0, 100)).toEqual([[5, 6], false])
  expect(collect(21, 100)).toEqual([[6], false])
  read.truncateTo(24)
  expect(read.count).toBe(1)
  expect(TxnIndex.decode(30, bytes)).toBeUndefined()
  expect(TxnIndex.decode(0, hex('0001').subarray(0, 1))).toBeUndefined()
})

// The checksum was computed with an independent implementation (bitwise, reflected 0x82f63b78).
const SNAPSHOT = `
  0001 6cc6bd9e 00000002
  0000000000000fa0 0003 00000011 00000000000000c8 00000004 0000018bcfe56800 ffffffff
    ffffffffffffffff
  0000000000000fa1 0000 ffffffff ffffffffffffffff 00000000 0000018bcfe56801 00000007
    00000000000000b4`

test('a producer snapshot has a checksum and 46 bytes per producer', () => {
  const snapshot = hex(SNAPSHOT)
  const producers = [
    {
      producerId: 4000,
      epoch: 3,
      coordinatorEpoch: -1,
      lastTimestamp: 1_700_000_000_000,
      currentTxnFirstOffset: undefined,
      batches: [
        { lastSequence: 12, lastOffset: 195, offsetDelta: 0, timestamp: 1_600_000_000_000 },
        { lastSequence: 17, lastOffset: 200, offsetDelta: 4, timestamp: 1_700_000_000_000 },
      ],
    },
    {
      producerId: 4001,
      epoch: 0,
      coordinatorEpoch: 7,
      lastTimestamp: 1_700_000_000_001,
      currentTxnFirstOffset: 180,
      batches: [],
    },
  ]
  snapshot.writeUInt32BE(bitwiseCrc32c(snapshot.subarray(6)), 2)
  expect(encodeProducerSnapshot(producers, 2)).toEqual(snapshot)
  const read = decodeProducerSnapshot(snapshot)
  expect(read?.[0]).toEqual({ ...producers[0], batches: [producers[0]!.batches[1]] })
  expect(read?.[1]).toEqual(producers[1])
  for (let at = 0; at < snapshot.length; at++) {
    const damaged = Buffer.from(snapshot)
    damaged[at]! ^= 1
    expect(decodeProducerSnapshot(damaged)).toBeUndefined()
  }
  expect(decodeProducerSnapshot(snapshot.subarray(0, -1))).toBeUndefined()
  expect(decodeProducerSnapshot(Buffer.alloc(0))).toBeUndefined()
})

function bitwiseCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  }
  return ~crc >>> 0
}

test('the leader epoch checkpoint lists epochs and where they start', () => {
  const epochs = new LeaderEpochs()
  epochs.assign(0, 0)
  epochs.assign(4, 120)
  expect(epochs.format()).toBe('0\n2\n0 0\n4 120\n')
  expect(LeaderEpochs.parse('0\n2\n0 0\n4 120\n')?.entries()).toEqual(epochs.entries())
  for (const garbled of [
    '',
    '1\n0\n',
    '0\n2\n0 0\n',
    '0\n1\n0\n',
    '0\n2\n4 0\n3 9\n',
    '0\n1\nx 0\n',
  ]) {
    expect(LeaderEpochs.parse(garbled)).toBeUndefined()
  }
})

test('offset checkpoints are lines of topic, partition and offset', () => {
  const fs = directory()
  const entries = [
    { topic: 'a.b-c', partition: 11, offset: 0 },
    { topic: '__consumer_offsets', partition: 3, offset: 9_007_199_254_740_991 },
  ]
  expect(readOffsetCheckpoint(fs, '/d/f')).toEqual([])
  writeOffsetCheckpoint(fs, '/d/f', entries)
  expect(textOf(fs, '/d/f')).toBe('0\n2\na.b-c 11 0\n__consumer_offsets 3 9007199254740991\n')
  expect(readOffsetCheckpoint(fs, '/d/f')).toEqual(entries)
  for (const text of [
    '',
    '\0\0\0\0',
    '0\n3\na 0 0\n',
    '0\n1\na 0\n',
    '0\n1\na 0 -1\n',
    '0\n1\na 0 0 0\n',
  ]) {
    replaceFile(fs, '/d/f', text)
    expect(readOffsetCheckpoint(fs, '/d/f')).toBe('garbled')
  }
})

test('partition.metadata is the topic id', () => {
  const fs = directory()
  expect(readPartitionMetadata(fs, '/d')).toBeUndefined()
  writePartitionMetadata(fs, '/d', 'oJ3hAdErRzWy7mdWMV0yjw')
  expect(textOf(fs, '/d/partition.metadata')).toBe('version: 0\ntopic_id: oJ3hAdErRzWy7mdWMV0yjw')
  expect(readPartitionMetadata(fs, '/d')).toBe('oJ3hAdErRzWy7mdWMV0yjw')
  replaceFile(fs, '/d/partition.metadata', 'version: 0\n')
  expect(readPartitionMetadata(fs, '/d')).toBeNull()
})

test('meta.properties is read as Java writes it', () => {
  const fs = directory()
  expect(readMetaProperties(fs, '/d')).toBeUndefined()
  const apache =
    '#\n#Sat Nov 21 10:00:00 UTC 2026\ncluster.id=MkU3OEVBNTcwNTJENDM2Qg\n' +
    'directory.id=3kzuA8PSSpW0MMXnMvXbYQ\nnode.id=1\nversion=1\n'
  replaceFile(fs, '/d/meta.properties', apache)
  const read = readMetaProperties(fs, '/d')
  expect(read).toEqual({
    clusterId: 'MkU3OEVBNTcwNTJENDM2Qg',
    nodeId: 1,
    directoryId: '3kzuA8PSSpW0MMXnMvXbYQ',
  })
  if (typeof read !== 'object') return
  writeMetaProperties(fs, '/d', read)
  expect(textOf(fs, '/d/meta.properties')).toBe(
    '#\ncluster.id=MkU3OEVBNTcwNTJENDM2Qg\ndirectory.id=3kzuA8PSSpW0MMXnMvXbYQ\nnode.id=1\nversion=1\n',
  )
  for (const text of ['', 'version=1\nnode.id=1\n', 'version=1\ncluster.id=x\nnode.id=-1\n']) {
    replaceFile(fs, '/d/meta.properties', text)
    expect(readMetaProperties(fs, '/d')).toBe('garbled')
  }
})

test('the clean shutdown marker carries the broker epoch', () => {
  const fs = directory()
  expect(readCleanShutdown(fs, '/d')).toBeUndefined()
  writeCleanShutdown(fs, '/d', 42)
  expect(textOf(fs, '/d/.kafka_cleanshutdown')).toBe('{"version":0,"brokerEpoch":42}')
  expect(readCleanShutdown(fs, '/d')).toBe(42)
  removeCleanShutdown(fs, '/d')
  expect(readCleanShutdown(fs, '/d')).toBeUndefined()
  replaceFile(fs, '/d/.kafka_cleanshutdown', '')
  expect(readCleanShutdown(fs, '/d')).toBe(-1)
})
