// The partitions of one directory on a crashable file system: names that are used again,
// directories that belong to nobody, and files that fail.
import { expect, test } from 'vitest'
import { seededRandom } from '../../base/random.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { errors } from '../../protocol/errors.ts'
import { Codecs } from '../../protocol/records/compression/codecs.ts'
import type { MetadataImage, TopicImage } from '../../src/controller/image.ts'
import { ImagePublisher } from '../../src/controller/publisher.ts'
import type { PartitionSettings } from '../../src/partition/settings.ts'
import { type Partition } from '../../src/partition/partition.ts'
import { Partitions } from '../../src/partition/partitions.ts'
import { FaultyFileSystem } from '../../storage/fs/faulty-fs.ts'
import { MemoryFileSystem } from '../../storage/fs/memory-fs.ts'
import { TailCache } from '../../storage/tail-cache.ts'
import { LIMITS, records } from '../storage/log-kit.ts'

const OLD_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const NEW_ID = 'AAAAAAAAAAAAAAAAAAAAAg'

const SETTINGS: PartitionSettings = {
  maxMessageBytes: 1_048_588,
  compacted: false,
  deletes: true,
  logAppendTime: false,
  timestampBeforeMaxMs: Infinity,
  timestampAfterMaxMs: Infinity,
  targetCodec: -1,
  minInsyncReplicas: 1,
  segmentBytes: LIMITS.segmentBytes,
  validateRecords: false,
  decompressedMaxBytes: 1_048_576,
}

const clock = new VirtualClock()
const nobody: MetadataImage = new ImagePublisher('cluster', 1).image()

function files(): { memory: MemoryFileSystem; fs: FaultyFileSystem } {
  const memory = new MemoryFileSystem({
    defer: (run) => clock.endOfTurn(run),
    now: () => clock.now(),
    crashable: true,
  })
  memory.mkdir('/data')
  memory.syncDirectory('/')
  return { memory, fs: new FaultyFileSystem(memory) }
}

function open(fs: FaultyFileSystem, notes: string[] = [], cleanShutdown = false): Partitions {
  return new Partitions({
    fs,
    clock,
    random: seededRandom(3),
    codecs: new Codecs(),
    tail: new TailCache(1_048_576),
    producerIdExpirationMs: 86_400_000,
    directory: '/data',
    nodeId: 1,
    cleanShutdown,
    settingsOf: () => ({ partition: SETTINGS, log: LIMITS }),
    note: (_, line) => notes.push(line),
    unexpected: (error) => notes.push(String(error)),
    fenced: () => undefined,
  })
}

function topic(id: string, count = 1): TopicImage {
  const partitions = Array.from({ length: count }, (_, index) => ({
    topicId: id,
    index,
    replicas: [1],
    isr: [1],
    removingReplicas: [],
    addingReplicas: [],
    leader: 1,
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    directories: [],
  }))
  return { name: 't', id, partitions }
}

function publish(partitions: Partitions, removed: TopicImage[], changed: TopicImage[]): void {
  partitions.publish(nobody, { removed, changed, configured: new Set() })
}

function append(partition: Partition, count: number): void {
  const bytes = records(count, { baseOffset: 0 })
  expect(partition.append({ bytes, version: 9, origin: 'client' }).errorCode).toBe(0)
  partition.log.flushWrites()
  partition.settle()
}

function live(fs: FaultyFileSystem): string[] {
  return fs.readdir('/data').filter((name) => /^t-\d+$/.test(name))
}

test('a topic that takes the name of one whose directory is still there starts empty', () => {
  const { fs } = files()
  const before = open(fs)
  publish(before, [], [topic(OLD_ID)])
  append(before.get('t', 0)!, 5)
  before.get('t', 0)!.log.sync()
  // The process ends after the deletion was committed and before the directory was renamed.
  const notes: string[] = []
  const after = open(fs, notes)
  publish(after, [], [topic(NEW_ID)])
  expect(after.get('t', 0)!.log.logEndOffset).toBe(0)
  expect(fs.readdir('/data').filter((name) => name.endsWith('-stray'))).toHaveLength(1)
  expect(notes.join()).toContain(OLD_ID)
  append(after.get('t', 0)!, 1)
  after.close()
  const again = open(fs, [], true)
  publish(again, [], [topic(NEW_ID)])
  expect(again.get('t', 0)!.log.logEndOffset).toBe(1)
})

test('directories of topics that nobody knows are put aside at start, deleted ones go', () => {
  const { fs } = files()
  const before = open(fs)
  publish(before, [], [topic(OLD_ID)])
  append(before.get('t', 0)!, 5)
  before.close()
  fs.mkdir('/data/__cluster_metadata-0')
  fs.mkdir(`/data/u-0.${'0'.repeat(32)}-delete`)
  const after = open(fs)
  after.settleDirectories(nobody)
  clock.settle()
  const left = fs.readdir('/data').filter((name) => name.includes('-'))
  expect(left.map((name) => name.replace(/[0-9a-f]{32}/, '*')).sort()).toEqual([
    '__cluster_metadata-0',
    'log-start-offset-checkpoint',
    'recovery-point-offset-checkpoint',
    'replication-offset-checkpoint',
    't-0.*-stray',
  ])
})

test('the checkpoints of a deleted topic say nothing of the one that takes its name', () => {
  const { fs, memory } = files()
  const before = open(fs)
  publish(before, [], [topic(OLD_ID)])
  append(before.get('t', 0)!, 100)
  before.get('t', 0)!.deleteRecordsBefore(60)
  before.checkpoint()
  publish(before, [topic(OLD_ID)], [])
  publish(before, [], [topic(NEW_ID)])
  append(before.get('t', 0)!, 5)
  before.get('t', 0)!.log.sync()
  memory.crash(() => 'synced')
  const after = open(fs)
  publish(after, [], [topic(NEW_ID)])
  const { log } = after.get('t', 0)!
  expect([log.logStartOffset, log.logEndOffset]).toEqual([0, 5])
})

test('no checkpoint says that a log begins behind its high watermark', () => {
  const { fs } = files()
  const partitions = open(fs)
  publish(partitions, [], [topic(OLD_ID)])
  append(partitions.get('t', 0)!, 100)
  partitions.checkpoint()
  partitions.get('t', 0)!.deleteRecordsBefore(60)
  append(partitions.get('t', 0)!, 1)
  fs.operations.length = 0
  partitions.checkpoint()
  const written = fs.operations.filter(({ kind }) => kind === 'rename').map(({ path }) => path)
  const at = (name: string) => written.findIndex((path) => path.includes(name))
  expect(at('replication-offset')).toBeGreaterThanOrEqual(0)
  expect(at('log-start-offset')).toBeGreaterThan(at('replication-offset'))
})

test('nor when the process ended before it could write them anew', () => {
  const { fs, memory } = files()
  const before = open(fs)
  publish(before, [], [topic(OLD_ID)])
  append(before.get('t', 0)!, 100)
  before.get('t', 0)!.deleteRecordsBefore(60)
  before.checkpoint()
  memory.crash(() => 'synced')
  const after = open(fs)
  after.settleDirectories(nobody)
  publish(after, [], [topic(NEW_ID)])
  expect(after.get('t', 0)!.log.logStartOffset).toBe(0)
})

test('a partition that cannot be opened harms no other, and keeps its log start', () => {
  const { fs } = files()
  const before = open(fs)
  publish(before, [], [topic(OLD_ID, 2)])
  append(before.get('t', 0)!, 4)
  append(before.get('t', 1)!, 4)
  before.get('t', 0)!.deleteRecordsBefore(3)
  before.close()
  fs.decide(({ path }) => (path.includes('/t-0/') ? { kind: 'fail', code: 'EIO' } : undefined))
  const notes: string[] = []
  const broken = open(fs, notes)
  publish(broken, [], [topic(OLD_ID, 2)])
  expect(broken.get('t', 0)).toBeUndefined()
  expect(broken.get('t', 1)!.log.logEndOffset).toBe(4)
  expect(notes.join()).toContain('t-0 is offline')
  expect(broken.absence('t', 0)).toBe(errors.KAFKA_STORAGE_ERROR)
  expect(broken.absence('t', 7)).toBe(errors.NOT_LEADER_OR_FOLLOWER)
  // The next start must look at it as after a crash.
  expect(broken.close()).toBe(false)
  const later = open(fs)
  publish(later, [], [topic(OLD_ID, 2)])
  fs.decide(() => undefined)
  // Any change of the topic is a new attempt.
  publish(later, [], [topic(OLD_ID, 2)])
  expect(later.get('t', 0)!.log.logEndOffset).toBe(4)
  expect(later.close()).toBe(true)
  const healed = open(fs)
  publish(healed, [], [topic(OLD_ID, 2)])
  expect(healed.get('t', 0)!.log.logStartOffset).toBe(3)
})

test('a stop is not clean when a log could not be synced or a checkpoint not written', () => {
  for (const bad of ['/data/t-0/', '/data/recovery-point']) {
    const { fs } = files()
    const partitions = open(fs)
    publish(partitions, [], [topic(OLD_ID)])
    append(partitions.get('t', 0)!, 1)
    fs.decide(({ kind, path }) =>
      kind === 'sync' && path.startsWith(bad) ? { kind: 'fail', code: 'EIO' } : undefined,
    )
    expect(partitions.close()).toBe(false)
  }
})

test('a directory that cannot be renamed does not keep its topic from going', () => {
  const { fs } = files()
  const notes: string[] = []
  const partitions = open(fs, notes)
  publish(partitions, [], [topic(OLD_ID, 2)])
  for (const index of [0, 1]) append(partitions.get('t', index)!, 1)
  fs.decide(({ kind, path }) =>
    kind === 'rename' && path.endsWith('t-0') ? { kind: 'fail', code: 'EIO' } : undefined,
  )
  publish(partitions, [topic(OLD_ID, 2)], [])
  expect(live(fs)).toEqual(['t-0'])
  expect(notes.join()).toContain('t-0 could not be removed')
  fs.decide(() => undefined)
  publish(partitions, [], [topic(NEW_ID)])
  expect(partitions.get('t', 0)!.log.logEndOffset).toBe(0)
})

test('checkpoints that say nothing new are not written', () => {
  const { fs } = files()
  const partitions = open(fs)
  publish(partitions, [], [topic(OLD_ID)])
  partitions.checkpoint()
  const count = fs.operations.length
  partitions.checkpoint()
  expect(fs.operations.length).toBe(count)
})
