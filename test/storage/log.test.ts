import { expect, test } from 'vitest'
import { readFile } from '../../storage/fs/whole-file.ts'
import { LogKit, TOPIC_ID, batchesIn, collect, records, replayed } from './log-kit.ts'

test('nothing is on disk before the first write, and then who it belongs to stands first', () => {
  const kit = new LogKit()
  expect(kit.memory.stat('/logs/t-0')).toBeUndefined()
  kit.append(3)
  expect(kit.log.logEndOffset).toBe(3)
  expect(kit.log.writtenEndOffset).toBe(0)
  expect(kit.memory.stat('/logs/t-0')).toBeUndefined()
  expect(kit.log.flushWrites()).toBeUndefined()
  expect(kit.log.writtenEndOffset).toBe(3)
  expect(kit.memory.readdir('/logs/t-0')).toEqual([
    '00000000000000000000.log',
    'leader-epoch-checkpoint',
    'partition.metadata',
  ])
  expect(readFile(kit.memory, '/logs/t-0/partition.metadata')?.toString()).toBe(
    `version: 0\ntopic_id: ${TOPIC_ID}`,
  )
  expect(readFile(kit.memory, '/logs/t-0/leader-epoch-checkpoint')?.toString()).toBe('0\n1\n0 0\n')
})

test('the file holds exactly the appended bytes', () => {
  const kit = new LogKit()
  const batches = [0, 2, 4].map((baseOffset) => records(2, { baseOffset }))
  const joined = Buffer.concat([Buffer.from('??'), ...batches])
  kit.log.append(joined, 2, joined.length, 0)
  joined.fill(0)
  kit.log.flushWrites()
  expect(readFile(kit.memory, '/logs/t-0/00000000000000000000.log')).toEqual(Buffer.concat(batches))
})

test('only what is written can be read', () => {
  const kit = new LogKit()
  kit.append(2)
  expect(collect(kit.log.read(0, 1000, {})).length).toBe(0)
  kit.log.flushWrites()
  expect(batchesIn(collect(kit.log.read(0, 1000, {})))).toEqual([[0, 1]])
  expect(kit.log.read(3, 1000, {})).toBe('OFFSET_OUT_OF_RANGE')
  expect(collect(kit.log.read(2, 1000, {})).length).toBe(0)
})

for (const where of ['arena', 'file'] as const) {
  test(`a read from the ${where} starts at the batch of its offset and obeys its limits`, () => {
    const kit = new LogKit()
    for (let i = 0; i < 4; i++) kit.append(3)
    kit.log.flushWrites()
    if (where === 'file') {
      kit.log.close()
      kit.open({})
    }
    const { log } = kit
    const size = collect(log.read(3, 1e6, { upTo: 6 })).length
    const at = (offset: number, bytes: number, options = {}) =>
      batchesIn(collect(log.read(offset, bytes, options)))
    expect(at(4, 1e6)).toEqual([
      [3, 5],
      [6, 8],
      [9, 11],
    ])
    expect(at(0, 1e6, { upTo: 6 })).toEqual([
      [0, 2],
      [3, 5],
    ])
    expect(at(0, 1e6, { upTo: 5 })).toEqual([[0, 2]])
    expect(at(3, 1e6, { upTo: 3 })).toEqual([])
    expect(at(3, 0, { minOneMessage: true })).toEqual([[3, 5]])
    expect(collect(log.read(3, size + 7, { minOneMessage: true })).length).toBe(size + 7)
    const cut = log.read(3, 10, {})
    expect(cut).toMatchObject({ firstBatchCut: true, firstOffset: 3, byteLength: 10 })
    collect(cut)
    expect(log.read(3, size, {})).toMatchObject({ firstBatchCut: false })
    const kind = log.read(3, 1e6, {})
    expect(kind).not.toBe('OFFSET_OUT_OF_RANGE')
    if (kind === 'OFFSET_OUT_OF_RANGE') return
    expect('kind' in kind.parts[0]!).toBe(where === 'file')
  })
}

test('a clean stop and start keeps everything and scans little', () => {
  const kit = new LogKit()
  for (let i = 0; i < 50; i++) kit.append(2, { text: 'x'.repeat(300) })
  kit.log.flushWrites()
  expect(kit.log.close()).toBeUndefined()
  expect(kit.memory.readdir('/logs/t-0')).toEqual([
    '00000000000000000000.index',
    '00000000000000000000.log',
    '00000000000000000000.timeindex',
    '00000000000000000100.snapshot',
    'leader-epoch-checkpoint',
    'partition.metadata',
  ])
  const log = kit.open({})
  expect(log.logEndOffset).toBe(100)
  expect(log.recoveryPoint).toBe(100)
  expect(replayed(log)).toHaveLength(50)
  expect(kit.reports).toEqual([])
  kit.append(1)
  log.flushWrites()
  expect(replayed(log, 99)).toEqual([
    [98, 99],
    [100, 100],
  ])
})

test('a power loss right after a clean stop costs only what is made anew', () => {
  const kit = new LogKit()
  for (let i = 0; i < 50; i++) kit.append(2, { text: 'x'.repeat(300) })
  kit.log.close()
  kit.memory.crash()
  const log = kit.open({})
  expect(replayed(log)).toHaveLength(50)
  expect(log.recoveryPoint).toBe(100)
  expect(kit.reports.map((report) => report.what)).toEqual(['index rebuilt'])
})

test('one large batch has no index entry, and nothing about that is to be repaired', () => {
  const kit = new LogKit()
  kit.append(1, { text: 'x'.repeat(100_000) })
  expect(kit.log.close()).toBeUndefined()
  const log = kit.open({})
  kit.append(1)
  log.flushWrites()
  expect(replayed(log, 0)).toEqual([
    [0, 0],
    [1, 1],
  ])
  expect(kit.reports).toEqual([])
})

test('what is checkpointed of an open log does not pass the segment without index files', () => {
  const kit = new LogKit({ segmentBytes: 2000 })
  const indexed = () =>
    kit.memory.readdir('/logs/t-0').filter((name) => name.endsWith('.index')).length
  for (let i = 0; i < 5; i++) kit.append(1, { text: 'x'.repeat(900) })
  kit.log.sync()
  expect([kit.log.recoveryPoint, kit.log.segmentCount, indexed()]).toEqual([5, 3, 2])
  expect(kit.log.checkpointableRecoveryPoint()).toBe(4)
  kit.log.close()
  expect([kit.log.checkpointableRecoveryPoint(), indexed()]).toEqual([5, 3])
})

test('an unclean stop loses nothing that was synced and cuts a torn tail', () => {
  const kit = new LogKit()
  for (let i = 0; i < 5; i++) kit.append(2)
  expect(kit.log.sync()).toBeUndefined()
  expect(kit.log.recoveryPoint).toBe(10)
  kit.append(4)
  kit.log.flushWrites()
  kit.memory.crash((path) => (path.endsWith('.log') ? 'torn' : 'synced'))
  const log = kit.open({ cleanShutdown: false, recoveryPoint: 10 })
  expect(log.logEndOffset).toBe(10)
  expect(replayed(log)).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
    [8, 9],
  ])
  expect(kit.reports.map((report) => report.what)).toEqual(['tail truncated'])
})

test('segments roll by size, and reads, replays and restarts go across', () => {
  const kit = new LogKit({ segmentBytes: 400 })
  for (let i = 0; i < 20; i++) kit.append(2)
  kit.log.flushWrites()
  kit.clock.settle()
  expect(kit.log.recoveryPoint).toBe(40)
  expect(kit.log.segmentCount).toBeGreaterThan(3)
  const all = Array.from({ length: 20 }, (_, i) => [i * 2, i * 2 + 1])
  expect(replayed(kit.log)).toEqual(all)
  const seen: [number, number][] = []
  for (let offset = 0; offset < 40;) {
    const found = batchesIn(collect(kit.log.read(offset, 1e6, {})))
    seen.push(...found)
    offset = found.at(-1)![1] + 1
  }
  expect(seen).toEqual(all)
  kit.memory.crash()
  expect(replayed(kit.open({ cleanShutdown: false, recoveryPoint: 20 }))).toEqual(all)
})

test('a failed write cuts back to what is written and fences the log', () => {
  const kit = new LogKit()
  kit.append(2)
  kit.log.flushWrites()
  const { log } = kit
  kit.append(2, { partitionLeaderEpoch: 5, producerId: 9, producerEpoch: 0, baseSequence: 0 })
  expect(log.producers.get(9)?.epoch).toBe(0)
  const handle = log.segments().active().file().handle
  handle.write = () => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
  }
  const failure = log.flushWrites()
  expect(failure?.code).toBe('KAFKA_STORAGE_ERROR')
  expect(failure?.message).toBe('write failed in /logs/t-0: no space')
  expect(log.state).toBe('failed')
  expect([log.logEndOffset, log.writtenEndOffset]).toEqual([2, 2])
  expect(log.leaderEpochs.latest()).toEqual({ epoch: 0, startOffset: 0 })
  expect(log.producers.get(9)).toBeUndefined()
  expect(() => kit.append(1)).toThrow('no space')
  expect(log.flushWrites()).toBe(failure)
  expect(batchesIn(collect(log.read(0, 1e6, {})))).toEqual([[0, 1]])
  log.close()
  expect(replayed(kit.open({ cleanShutdown: false }))).toEqual([[0, 1]])
})

test('a log in a format before Kafka 0.11 is refused, not cut', () => {
  const kit = new LogKit()
  kit.append(1)
  kit.log.sync()
  kit.log.abandon()
  // offset 1, size 22, CRC-32, magic 1, attributes 0, timestamp 0, null key, null value
  const message = Buffer.from(
    '0000000000000001' +
      '00000016' +
      '6a8d7c1d' +
      '01' +
      '00' +
      '0000000000000000' +
      'ffffffffffffffff',
    'hex',
  )
  message.writeUInt32BE(crc32(message.subarray(16)), 12)
  const handle = kit.memory.open('/logs/t-0/00000000000000000000.log', 'read-write')
  const end = handle.size()
  handle.write(message, 0, message.length, end)
  expect(() => kit.open({ cleanShutdown: false })).toThrow(`before Kafka 0.11 at byte ${end}`)
  handle.write(Buffer.from([0]), 0, 1, end + message.length - 1)
  expect(kit.open({ cleanShutdown: false }).logEndOffset).toBe(1)
})

function crc32(bytes: Uint8Array): number {
  const table = Array.from({ length: 256 }, (_, n) => {
    let c = n
    for (let k = 0; k < 8; k++) c = (c & 1) === 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    return c >>> 0
  })
  let crc = 0xffffffff
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
