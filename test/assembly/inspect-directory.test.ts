// Directories that another broker left, and what a start says of those it cannot continue: the
// sentence, and that not one byte was written.
import { beforeEach, describe, expect, test } from 'vitest'
import { ONE_UUID } from '../../base/uuid.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { buildBatch } from '../../protocol/records/builder.ts'
import { Codecs } from '../../protocol/records/compression/codecs.ts'
import { encodeKey, encodeValue } from '../../protocol/state/coordinator-record.ts'
import { txnRecords } from '../../protocol/state/index.ts'
import { inspectDirectory } from '../../src/assembly/inspect-directory.ts'
import { encodeRecord } from '../../src/controller/record-codec.ts'
import { newRecord } from '../../src/controller/records.ts'
import { dataBatch } from '../../src/raft/snapshot.ts'
import { FaultyFileSystem } from '../../storage/fs/faulty-fs.ts'
import { MemoryFileSystem } from '../../storage/fs/memory-fs.ts'
import { writeFile } from '../../storage/fs/whole-file.ts'
import * as apache from '../raft/apache-files.ts'
import { BrokerBench, DATA } from '../support/broker-bench.ts'

const OWN_ID = 'xtSHvXVP-7_CZqwgaj6yiA'
const OTHER_ID = 'hl9TDVcpSVCcOlnyJeZDFA'
const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAZA'
const LOG = '__cluster_metadata-0/00000000000000000000.log'
const ZERO = '__cluster_metadata-0/00000000000000000000-0000000000.checkpoint'

let memory: MemoryFileSystem
let fs: FaultyFileSystem

beforeEach(() => {
  const clock = new VirtualClock()
  memory = new MemoryFileSystem({ defer: (run) => clock.endOfTurn(run), now: () => clock.now() })
  fs = new FaultyFileSystem(memory)
})

/** A formatted directory with these files in it. */
function holding(files: Readonly<Record<string, Buffer>>): void {
  memory.mkdir(DATA)
  const lines = ['version=1', 'cluster.id=c', 'node.id=1', `directory.id=${OWN_ID}`, '']
  writeFile(memory, `${DATA}/meta.properties`, Buffer.from(lines.join('\n')))
  for (const [name, bytes] of Object.entries(files)) {
    memory.mkdir(`${DATA}/${name}`.replace(/\/[^/]*$/, ''))
    writeFile(memory, `${DATA}/${name}`, bytes)
  }
}

function inspected(nodeId?: number): string {
  try {
    inspectDirectory(fs, DATA, nodeId)
    return 'fine'
  } catch (error) {
    return (error as { sentence: string }).sentence
  } finally {
    const reading = new Set(['open', 'readdir', 'stat', 'size', 'read', 'close'])
    expect(fs.operations.filter(({ kind }) => !reading.has(kind))).toEqual([])
  }
}

/** The recorded log of Apache Kafka 4.4.0 at level 3.9 with one batch behind it. */
function logWith(...values: Buffer[]): Buffer {
  const place = { baseOffset: 8, epoch: 1, timestampMs: 0 }
  return Buffer.concat([apache.STATIC_LOG, dataBatch(values, place)])
}

describe('a start goes on with', () => {
  test('nothing, a new directory, and what Apache Kafka left at our level', () => {
    expect(inspected()).toBe('fine')
    memory.mkdir(DATA)
    expect(inspected()).toBe('fine')
    holding({ [ZERO]: apache.STATIC_0_0, [LOG]: apache.STATIC_LOG })
    expect(inspected(1)).toBe('fine')
  })

  test('what the inspection has read, unless the files are others by then', () => {
    holding({ [ZERO]: apache.STATIC_0_0, [LOG]: apache.STATIC_LOG })
    const inspection = inspectDirectory(fs, DATA, undefined)
    expect(inspection.unchanged()!.records).toHaveLength(7)
    writeFile(memory, `${DATA}/${LOG}`, logWith(Buffer.from([1, 60, 0, 0])))
    expect(inspection.unchanged()).toBeUndefined()
  })

  test('damage: it is found again with the lock in hand', () => {
    holding({ [ZERO]: apache.STATIC_0_0.subarray(0, 100) })
    expect(inspected()).toBe('fine')
  })
})

describe('a start is refused, and the sentence says why, for', () => {
  test('a feature level', () => {
    holding({ [ZERO]: apache.DEFAULT_LEVEL_0_0 })
    expect(inspected()).toBe(
      `${DATA}/${ZERO} holds what this version of Samsa does not implement: feature ` +
        'metadata.version at level 33, where levels 7 to 21 are known (offset 1); nothing was ' +
        'changed: go on with Apache Kafka on this directory, or copy its topics over the wire as ' +
        'docs/moving.md tells.',
    )
  })

  test('a feature that it does not have', () => {
    const level = { name: 'transaction.version', featureLevel: 2 }
    holding({ [LOG]: logWith(encodeRecord(newRecord('FeatureLevelRecord', 0, level))) })
    expect(inspected()).toMatch(
      /^\/data\/__cluster_metadata-0\/0+\.log .* transaction\.version at /,
    )
    expect(inspected()).toContain('level 2, where levels 0 to 0 are known (offset 8)')
  })

  test('a record type', () => {
    holding({ [LOG]: logWith(Buffer.from([1, 60, 0, 0])) })
    expect(inspected()).toMatch(/\/0+\.log holds .* unknown type 60 \(offset 8\); nothing was/)
  })

  test('another node, and foreign files', () => {
    holding({})
    expect(inspected(7)).toContain('belongs to node.id 1, not to 7')
    memory.unlink(`${DATA}/meta.properties`)
    writeFile(memory, `${DATA}/letter.txt`, Buffer.from('x'))
    expect(inspected(7)).toContain('holds letter.txt: choose an empty directory')
  })

  test('one of two log directories, by where its partitions are', () => {
    holding({ [LOG]: logWith(...partitionIn(OTHER_ID)) })
    expect(inspected()).toContain(`t-0 is in directory ${OTHER_ID}, and Samsa uses one so far`)
  })

  test.each([
    ['refused', [OWN_ID, OTHER_ID], ONE_UUID, 't-0 may be in another, and Samsa'],
    ['refused', [OWN_ID, OTHER_ID], OTHER_ID, `t-0 is in directory ${OTHER_ID}, and Samsa`],
    ['taken', [OWN_ID, OTHER_ID], OWN_ID, 'fine'],
    ['taken', [OWN_ID], ONE_UUID, 'fine'],
  ])('%s one of %s with a partition assigned to %s: %s', (_, logDirs, assigned, said) => {
    holding({ [LOG]: logWith(registration(logDirs), ...partitionIn(assigned)) })
    expect(inspected()).toContain(said)
  })

  test('the other of two, which has no metadata', () => {
    holding({ 't-0/00000000000000000000.log': Buffer.alloc(0) })
    expect(inspected()).toContain('holds partitions (t-0) but no __cluster_metadata-0')
  })

  test.each([
    [1, 'Ongoing'],
    [2, 'PrepareCommit'],
    [3, 'PrepareAbort'],
  ])('a transaction in state %i, which is open', (status, name) => {
    holding({ [LOG]: apache.STATIC_LOG, ...transactions([4, status]) })
    expect(inspected()).toContain(`holds the open transaction of 'payments' (${name}), and Samsa`)
  })

  test.each([[0], [4], [5], [6]])('no transaction in state %i', (status) => {
    holding({ [LOG]: apache.STATIC_LOG, ...transactions([1, status]) })
    expect(inspected()).toBe('fine')
  })
})

function partitionIn(directory: string): Buffer[] {
  const topic = newRecord('TopicRecord', 0, { name: 't', topicId: TOPIC_ID })
  const partition = newRecord('PartitionRecord', 1, {
    partitionId: 0,
    topicId: TOPIC_ID,
    replicas: [1],
    isr: [1],
    removingReplicas: [],
    addingReplicas: [],
    leader: 1,
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    directories: [directory],
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  })
  return [encodeRecord(topic), encodeRecord(partition)]
}

function registration(logDirs: readonly string[]): Buffer {
  const record = newRecord('RegisterBrokerRecord', 3, {
    brokerId: 1,
    isMigratingZkBroker: false,
    incarnationId: TOPIC_ID,
    brokerEpoch: 8,
    endPoints: [],
    features: [],
    rack: null,
    fenced: true,
    inControlledShutdown: false,
    logDirs,
    cordonedLogDirs: null,
  })
  return encodeRecord(record)
}

/** The log of one transactional id that went through these states, compressed. */
function transactions(statuses: readonly number[]): Record<string, Buffer> {
  const key = encodeKey(txnRecords.TransactionLog, { transactionalId: 'payments' })
  const batches = statuses.map((transactionStatus, baseOffset) => {
    const value = encodeValue(txnRecords.TransactionLog, 0, {
      producerId: 1,
      producerEpoch: 0,
      transactionTimeoutMs: 60_000,
      transactionStatus,
      transactionPartitions: [{ topic: 't', partitionIds: [0] }],
      transactionLastUpdateTimestampMs: 0,
      transactionStartTimestampMs: 0,
    })
    return buildBatch([{ timestamp: 0, key, value }], { baseOffset, codec: 1 }, new Codecs())
  })
  return { '__transaction_state-3/00000000000000000000.log': Buffer.concat(batches) }
}

test('a broker that refuses a directory leaves it as it was, without a lock', async () => {
  const bench = await BrokerBench.start()
  await bench.stop()
  const log = bench.memory.open(`${DATA}/${LOG}`, 'read-write')
  const level = newRecord('FeatureLevelRecord', 0, { name: 'group.version', featureLevel: 1 })
  const place = { baseOffset: 1000, epoch: 1, timestampMs: 0 }
  const batch = dataBatch([encodeRecord(level)], place)
  log.write(batch, 0, batch.length, log.size())
  log.close()
  const before = listing(bench.memory, DATA)
  bench.files.operations.length = 0
  await expect(bench.start()).rejects.toThrow(/feature group\.version at level 1/)
  expect(listing(bench.memory, DATA)).toEqual(before)
  expect(bench.files.operations.filter(({ kind }) => kind === 'write')).toEqual([])
})

/** Every path with its size. */
function listing(files: MemoryFileSystem, path: string): string[] {
  return files.readdir(path).flatMap((name) => {
    const found = files.stat(`${path}/${name}`)!
    const own = `${path}/${name} ${found.size}`
    return found.kind === 'directory' ? [own, ...listing(files, `${path}/${name}`)] : [own]
  })
}
