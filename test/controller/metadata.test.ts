import { describe, expect, test } from 'vitest'
import { FaultyFileSystem } from '../../storage/fs/faulty-fs.ts'
import { join } from '../../storage/fs/path.ts'
import { readFile } from '../../storage/fs/whole-file.ts'
import { readCleanShutdown, writeCleanShutdown } from '../../storage/identity.ts'
import { scanMetadataLog } from '../../src/raft/scan.ts'
import { ALL_RIGHTS } from '../../src/controller/metadata.ts'
import { snapshotRecords } from '../../src/controller/snapshot-records.ts'
import { LIMITS } from '../storage/log-kit.ts'
import { DATA, essence, MetadataKit } from './metadata-kit.ts'

const LOG = join(DATA, '__cluster_metadata-0')

describe('a node of one', () => {
  test('a first start serves topics, and a second one finds them in higher epochs', () => {
    const kit = new MetadataKit()
    const first = kit.start()
    expect(kit.createTopic('orders', 3)).toBe(0)
    const before = first.image()
    expect(before.topicsByName.get('orders')!.partitions[0]!.leader).toBe(1)
    expect(first.close()).toBeUndefined()
    const second = kit.start()
    const after = second.image()
    expect(essence(after)).toEqual(essence(before))
    expect(after.clusterId).toBe(before.clusterId)
    expect(after.epoch).toBe(before.epoch + 1)
    expect(after.brokers.get(1)!.epoch).toBeGreaterThan(before.brokers.get(1)!.epoch)
    const [was, is] = [before, after].map(
      ({ topicsByName }) => topicsByName.get('orders')!.partitions[0]!.leaderEpoch,
    )
    expect(is).toBeGreaterThan(was!)
  })

  test('quorum-state is what Apache Kafka writes for static voters', () => {
    const kit = new MetadataKit()
    kit.start()
    expect(readFile(kit.fs, join(LOG, 'quorum-state'))!.toString()).toBe(
      '{"clusterId":"","leaderId":1,"leaderEpoch":1,"votedId":-1,"appliedOffset":0,' +
        '"currentVoters":[{"voterId":1}],"data_version":0}',
    )
    expect(readFile(kit.fs, join(LOG, 'partition.metadata'))!.toString()).toBe(
      'version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ',
    )
  })

  test('nothing is answered before it is synced, and an image comes before its answer', () => {
    const kit = new MetadataKit()
    const metadata = kit.start()
    const said: string[] = []
    metadata.onImage((image) => said.push(`image with ${image.topicsByName.size}`))
    const topic = {
      name: 't',
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    }
    const request = { topics: [topic], timeoutMs: 1000, validateOnly: false }
    metadata.submit('createTopics', request, ALL_RIGHTS, () => said.push('answer'))
    expect(said).toEqual([])
    expect(metadata.image().topicsByName.size).toBe(0)
    kit.clock.settle()
    expect(said).toEqual(['image with 1', 'answer'])
  })

  test('a delta names what was created, changed and deleted', () => {
    const kit = new MetadataKit()
    kit.start()
    kit.createTopic('a')
    const created = kit.deltas.at(-1)!
    expect(created.topics).toMatchObject([{ name: 'a', before: undefined }])
    const topics = [{ name: 'a', count: 2, assignments: null }]
    kit.call('createPartitions', { topics, timeoutMs: 1, validateOnly: false })
    const [grown] = kit.deltas.at(-1)!.topics
    expect(grown!.after!.partitions[0]).toBe(grown!.before!.partitions[0])
    expect(grown!.after!.partitions.length).toBe(2)
    kit.call('deleteTopics', { topicNames: ['a'], topics: [], timeoutMs: 1 })
    expect(kit.deltas.at(-1)!.topics).toMatchObject([{ name: 'a', after: undefined }])
  })

  test('an unwritable log stops the controller; requests are refused with NOT_CONTROLLER', () => {
    const kit = new MetadataKit()
    const faulty = new FaultyFileSystem(kit.memory)
    kit.fs = faulty
    const metadata = kit.start()
    faulty.decide(({ kind }) => (kind === 'write' ? { kind: 'fail', code: 'ENOSPC' } : undefined))
    const answers: unknown[] = []
    const request = { topicNames: [], topics: [], timeoutMs: 1 }
    const topic = {
      name: 't',
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    }
    const create = { topics: [topic], timeoutMs: 1, validateOnly: false }
    metadata.submit('createTopics', create, ALL_RIGHTS, (answer) => answers.push(answer))
    kit.clock.settle()
    metadata.submit('deleteTopics', request, ALL_RIGHTS, (answer) => answers.push(answer))
    expect(answers).toEqual([{ refused: 41 }, { refused: 41 }])
    expect(kit.failures.length).toBe(1)
  })

  test('controlled shutdown fences the broker', () => {
    const kit = new MetadataKit()
    const metadata = kit.start()
    kit.createTopic('t')
    const codes: number[] = []
    metadata.shutDownSelf((code) => codes.push(code))
    kit.clock.settle()
    expect(codes).toEqual([0])
    expect(metadata.image().brokers.get(1)!.fenced).toBe(true)
  })

  test('the marker of a clean stop is read and then removed', () => {
    const kit = new MetadataKit()
    kit.start()
    const epoch = kit.metadata.brokerEpoch()
    kit.metadata.close()
    writeCleanShutdown(kit.fs, DATA, epoch)
    kit.start()
    expect(kit.identity!.cleanShutdownEpoch).toBe(epoch)
    expect(readCleanShutdown(kit.fs, DATA)).toBeUndefined()
  })

  test('describes its quorum', () => {
    const kit = new MetadataKit()
    const metadata = kit.start()
    const ask = (topicName: string, partitionIndex: number) =>
      metadata.describeQuorum({ topics: [{ topicName, partitions: [{ partitionIndex }] }] })
    const [topic] = ask('__cluster_metadata', 0).topics
    expect(topic!.partitions[0]).toMatchObject({ errorCode: 0, leaderId: 1, leaderEpoch: 1 })
    expect(topic!.partitions[0]!.highWatermark).toBe(metadata.image().offset + 1)
    expect(ask('__cluster_metadata', 1).topics[0]!.partitions[0]!.errorCode).toBe(3)
    expect(ask('other', 0).topics[0]!.partitions[0]!.errorCode).toBe(3)
  })
})

describe('snapshots', () => {
  function busy(kit: MetadataKit, topics: number): void {
    for (let i = 0; i < topics; i++) kit.createTopic(`topic-${i}`, 2)
  }

  test('after enough bytes one is written, the log is cut behind it, and it loads', () => {
    const kit = new MetadataKit()
    const metadata = kit.start({ snapshotBytes: 2000 })
    busy(kit, 30)
    const checkpoints = kit.fs.readdir(LOG).filter((name) => name.endsWith('.checkpoint'))
    expect(checkpoints.length).toBe(1)
    const scanned = scanMetadataLog(kit.fs, LOG)
    expect(scanned.snapshot!.endOffset).toBeGreaterThan(50)
    const before = [...snapshotRecords(metadata.image())]
    metadata.close()
    const again = kit.open({ snapshotBytes: 2000 })
    expect(again.image().topicsById.size).toBe(30)
    const kept = [...snapshotRecords(again.image())]
    const withoutController = (records: typeof before) =>
      records.filter(({ name }) => name !== 'RegisterControllerRecord')
    expect(withoutController(kept)).toEqual(withoutController(before))
  })

  test('whole segments behind a snapshot are deleted, and the rest loads', () => {
    const kit = new MetadataKit()
    const change = { snapshotBytes: 2000, limits: { ...LIMITS, segmentBytes: 1500 } }
    kit.start(change)
    busy(kit, 40)
    kit.clock.advance(LIMITS.fileDeleteDelayMs)
    const segments = kit.fs.readdir(LOG).filter((name) => name.endsWith('.log'))
    expect(segments.length).toBeLessThan(6)
    expect(segments).not.toContain('00000000000000000000.log')
    kit.crash()
    expect(kit.start(change).image().topicsById.size).toBe(40)
  })

  test('time alone makes one, if anything was written', () => {
    const kit = new MetadataKit()
    kit.start()
    kit.clock.advance(3_600_000)
    kit.createTopic('t')
    expect(scanMetadataLog(kit.fs, LOG).snapshot).toBeDefined()
  })

  test('a crash at any operation of a snapshot loses nothing', () => {
    for (let at = 0; ; at++) {
      const kit = new MetadataKit()
      kit.start()
      busy(kit, 5)
      kit.metadata.close()
      const faulty = new FaultyFileSystem(kit.memory)
      kit.fs = faulty
      kit.start({ snapshotBytes: 1 })
      const first = faulty.operations.length
      faulty.decide(({ index }) => (index === first + at ? { kind: 'die', bytes: 7 } : undefined))
      let acknowledged = false
      try {
        acknowledged = kit.createTopic('last') === 0
      } catch {
        acknowledged = false
      }
      const died = faulty.operations.length > first + at
      kit.crash(at % 2 === 0 ? 'synced' : 'torn')
      const image = kit.start().image()
      expect(image.topicsByName.size).toBeGreaterThanOrEqual(acknowledged ? 6 : 5)
      if (!died) break
      expect(at).toBeLessThan(200)
    }
  })
})

describe('a crash at every file operation', () => {
  test('of the first start: the next start formats or continues', () => {
    for (const survives of ['written', 'synced', 'torn'] as const) {
      for (let at = 0; ; at++) {
        const kit = new MetadataKit()
        const faulty = new FaultyFileSystem(kit.memory, ({ index }) =>
          index === at ? { kind: 'die', bytes: 5 } : undefined,
        )
        kit.fs = faulty
        try {
          kit.start()
        } catch {
          // The process dies here; what counts is what the next one finds.
        }
        const died = faulty.operations.length > at
        kit.crash(survives)
        kit.start()
        expect(kit.createTopic('t'), `died at operation ${at}, ${survives}`).toBe(0)
        if (!died) break
        expect(at).toBeLessThan(500)
      }
    }
  })

  test('of a creation: acknowledged topics are there, the others whole or not at all', () => {
    for (const survives of ['written', 'synced', 'torn'] as const) {
      for (let at = 0; ; at++) {
        const kit = new MetadataKit()
        kit.start()
        kit.createTopic('before', 2)
        kit.metadata.close()
        const faulty = new FaultyFileSystem(kit.memory)
        kit.fs = faulty
        kit.start()
        const first = faulty.operations.length
        faulty.decide(({ index }) =>
          index === first + at ? { kind: 'die', bytes: 70 } : undefined,
        )
        let acknowledged = false
        try {
          acknowledged = kit.createTopic('new', 3) === 0
        } catch {
          acknowledged = false
        }
        const died = faulty.operations.length > first + at
        kit.crash(survives)
        const { topicsByName } = kit.start().image()
        expect(topicsByName.get('before')!.partitions.length).toBe(2)
        const partitions = topicsByName.get('new')?.partitions.length
        if (acknowledged) expect(partitions).toBe(3)
        else expect([undefined, 3]).toContain(partitions)
        if (!died) break
        expect(at).toBeLessThan(100)
      }
    }
  })
})
