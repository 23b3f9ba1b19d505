import { describe, expect, test } from 'vitest'
import { FaultyFileSystem } from '../../storage/fs/faulty-fs.ts'
import { join } from '../../storage/fs/path.ts'
import { readFile, writeFile } from '../../storage/fs/whole-file.ts'
import { readMetaProperties } from '../../storage/identity.ts'
import { seededRandom } from '../../base/random.ts'
import { formatDirectory, openIdentity } from '../../src/controller/format.ts'
import { loadDirectory } from '../../src/controller/load.ts'
import { dataBatch } from '../../src/raft/snapshot.ts'
import * as apache from '../raft/apache-files.ts'
import { DATA, MetadataKit } from './metadata-kit.ts'

const LOG = join(DATA, '__cluster_metadata-0')
const CLUSTER_ID = 'h6ZTxe3CTrOoC1XFEtmUCw'

function seams(kit: MetadataKit) {
  return { fs: kit.fs, clock: kit.clock, random: seededRandom(3), directory: DATA }
}

/** A directory as Apache Kafka formatted it. */
function apacheDirectory(files: Record<string, Buffer>, directoryId = 'xtSHvXVP-7_CZqwgaj6yiA') {
  const kit = new MetadataKit()
  kit.fs.mkdir(LOG)
  const lines = ['#', '#Sat Nov 21 13:30:17 UTC 2026', 'node.id=1', `directory.id=${directoryId}`]
  const text = [...lines, 'version=1', `cluster.id=${CLUSTER_ID}`, ''].join('\n')
  writeFile(kit.fs, join(DATA, 'meta.properties'), Buffer.from(text))
  for (const [name, bytes] of Object.entries(files)) writeFile(kit.fs, join(DATA, name), bytes)
  return kit
}

/** Partition 0 of a zero topic id without replicas, and no tagged field. */
const PARTITION_V2_BODY = Buffer.concat([
  Buffer.alloc(4 + 16),
  Buffer.from([1, 1, 1, 1]),
  Buffer.alloc(4 + 4 + 4),
  Buffer.from([1, 0]),
])

const ZERO = '__cluster_metadata-0/00000000000000000000-0000000000.checkpoint'
const FIRST_LOG = '__cluster_metadata-0/00000000000000000000.log'

describe('a new directory', () => {
  test('is formatted with a random cluster id and node 1', () => {
    const kit = new MetadataKit()
    kit.start()
    const found = readMetaProperties(kit.fs, DATA)
    expect(found).toMatchObject({ nodeId: 1 })
    expect(readFile(kit.fs, join(DATA, 'bootstrap.checkpoint'))!.length).toBe(249)
  })

  test('holding foreign files is refused by name and left alone', () => {
    const kit = new MetadataKit()
    kit.fs.mkdir(join(DATA, 'photos'))
    for (const name of ['b.txt', 'a.txt', '.gitignore']) {
      writeFile(kit.fs, join(DATA, name), Buffer.from('x'))
    }
    const before = kit.fs.readdir(DATA)
    expect(() => kit.open()).toThrow(/holds a\.txt, b\.txt, photos: choose an empty directory/)
    expect(kit.fs.readdir(DATA)).toEqual(before)
  })

  test('that lost its meta.properties is not formatted over', () => {
    const kit = new MetadataKit()
    kit.start()
    kit.metadata.close()
    kit.fs.unlink(join(DATA, 'meta.properties'))
    expect(() => kit.open()).toThrow(/it has no meta\.properties.*__cluster_metadata-0/)
  })

  test('for a quorum that can change its voters starts with them', () => {
    const kit = new MetadataKit()
    const endpoint = { name: 'CONTROLLER', host: 'localhost', port: 9093 }
    formatDirectory({ ...seams(kit), clusterId: 'c', nodeId: 1, standalone: [endpoint] })
    const metadata = kit.start()
    const request = {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    }
    expect(metadata.describeQuorum(request).nodes).toEqual([{ nodeId: 1, listeners: [endpoint] }])
    const state = readFile(kit.fs, join(LOG, 'quorum-state'))!.toString()
    expect(JSON.parse(state)).toEqual({
      leaderId: 1,
      leaderEpoch: 1,
      votedId: -1,
      votedDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAA',
      data_version: 1,
    })
  })
})

describe('an existing directory', () => {
  test('keeps its cluster id, with a warning', () => {
    const kit = new MetadataKit()
    kit.start()
    const id = kit.metadata.image().clusterId
    kit.metadata.close()
    expect(kit.open({}, 'another').image().clusterId).toBe(id)
    expect(kit.warnings).toEqual([expect.stringContaining(`belongs to cluster ${id}`)])
  })

  test('of another node is refused', () => {
    const kit = new MetadataKit()
    kit.start()
    const options = { ...seams(kit), clusterId: undefined, nodeId: 7, warn: () => undefined }
    expect(() => openIdentity(options)).toThrow(/belongs to node\.id 1, not to 7/)
  })

  test('from before directory ids gets one', () => {
    const kit = new MetadataKit()
    kit.fs.mkdir(DATA)
    const text = 'version=1\ncluster.id=c\nnode.id=1\n'
    writeFile(kit.fs, join(DATA, 'meta.properties'), Buffer.from(text))
    kit.start()
    expect(readMetaProperties(kit.fs, DATA)).toMatchObject({
      clusterId: 'c',
      directoryId: expect.stringMatching(/^.{22}$/) as string,
    })
  })
})

describe('a directory of Apache Kafka', () => {
  test('formatted at our level starts', () => {
    const kit = apacheDirectory({ [ZERO]: apache.STATIC_0_0 })
    expect(kit.start().image().features).toSatisfy(
      (features: ReadonlyMap<string, number>) => features.get('metadata.version') === 21,
    )
  })

  test('formatted with --standalone starts as its own voter', () => {
    const kit = apacheDirectory({ [ZERO]: apache.STANDALONE_0_0 }, 'hl9TDVcpSVCcOlnyJeZDFA')
    expect(kit.start().image().clusterId).toBe(CLUSTER_ID)
    const first = readFile(kit.fs, join(LOG, '00000000000000000000.log'))!
    expect(first.readInt32BE(57), 'LeaderChange, KRaftVersion and KRaftVoters').toBe(3)
  })

  test('with --standalone of another directory is refused', () => {
    const kit = apacheDirectory({ [ZERO]: apache.STANDALONE_0_0 })
    expect(() => kit.start()).toThrow(/names directory hl9TDVcpSVCcOlnyJeZDFA as its voter/)
  })

  test('that ran is continued in the next epoch', () => {
    const kit = apacheDirectory({ [ZERO]: apache.STATIC_0_0, [FIRST_LOG]: apache.STATIC_LOG })
    const image = kit.start().image()
    expect(image.epoch).toBe(2)
    expect(image.brokers.get(1)).toMatchObject({ fenced: false, epoch: 10 })
  })

  /** Type 60 does not exist; type 3 (Partition) in version 2 belongs to level 23. */
  function logWith(...head: number[]): Buffer {
    const value = Buffer.concat([Buffer.from([1, ...head]), PARTITION_V2_BODY])
    const place = { baseOffset: 8, epoch: 1, timestampMs: 0 }
    return Buffer.concat([apache.STATIC_LOG, dataBatch([value], place)])
  }

  test.each([
    ['a feature level', { [ZERO]: apache.DEFAULT_LEVEL_0_0 }, /metadata\.version at level 33/],
    ['a record type', { [FIRST_LOG]: logWith(60, 0) }, /unknown type 60 \(offset 8\)/],
    ['a record version', { [FIRST_LOG]: logWith(3, 2) }, /PartitionRecord version 2 \(offset 8\)/],
  ])('with %s that we do not know is refused before a byte is written', (_what, files, text) => {
    const kit = apacheDirectory(files)
    const faulty = new FaultyFileSystem(kit.memory)
    const identity = { clusterId: CLUSTER_ID, nodeId: 1, directoryId: 'xtSHvXVP-7_CZqwgaj6yiA' }
    expect(() => loadDirectory(faulty, DATA, identity)).toThrow(text)
    const kinds = new Set(faulty.operations.map(({ kind }) => kind))
    for (const kind of ['write', 'truncate', 'mkdir', 'rename', 'unlink', 'sync'] as const) {
      expect(kinds.has(kind)).toBe(false)
    }
  })

  test('whose log ends in a torn batch is continued behind the last whole one', () => {
    const kit = apacheDirectory({ [FIRST_LOG]: apache.STATIC_LOG.subarray(0, 950) })
    expect(kit.start().image().brokers.get(1)!.epoch).toBe(9)
  })

  test('whose quorum has other voters is refused', () => {
    const state =
      '{"clusterId":"","leaderId":2,"leaderEpoch":3,"votedId":-1,"appliedOffset":0,' +
      '"currentVoters":[{"voterId":1},{"voterId":2}],"data_version":0}'
    const kit = apacheDirectory({ '__cluster_metadata-0/quorum-state': Buffer.from(state) })
    expect(() => kit.start()).toThrow(/a quorum of voters 1, 2/)
  })
})
