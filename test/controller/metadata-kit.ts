// A node's metadata on a crashable memory file system: started, killed and started again.
import { Deadlines } from '../../base/deadlines.ts'
import { seededRandom } from '../../base/random.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import type { CallKind, ReplyTo, RequestTo } from '../../src/controller/controller.ts'
import { openIdentity, type OpenedIdentity } from '../../src/controller/format.ts'
import type { ImageDelta, MetadataImage } from '../../src/controller/image.ts'
import { ALL_RIGHTS, Metadata, type MetadataOptions } from '../../src/controller/metadata.ts'
import { snapshotRecords } from '../../src/controller/snapshot-records.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { MemoryFileSystem } from '../../storage/fs/memory-fs.ts'
import { TailCache } from '../../storage/tail-cache.ts'
import { LIMITS } from '../storage/log-kit.ts'
import { validators } from './harness.ts'

export const DATA = '/data'

export class MetadataKit {
  readonly clock = new VirtualClock()
  readonly memory: MemoryFileSystem
  fs: FileSystem
  readonly failures: unknown[] = []
  readonly warnings: string[] = []
  readonly deltas: ImageDelta[] = []
  metadata!: Metadata
  identity: OpenedIdentity | undefined
  #seed = 1

  constructor() {
    const { clock } = this
    this.memory = new MemoryFileSystem({
      defer: (run) => clock.endOfTurn(run),
      now: () => clock.now(),
      crashable: true,
    })
    this.fs = this.memory
  }

  /** Opens the directory, formatting it at first. */
  open(change: Partial<MetadataOptions> = {}, clusterId?: string): Metadata {
    const { fs, clock } = this
    const random = seededRandom(this.#seed++)
    const identity = openIdentity({
      fs,
      clock,
      random,
      directory: DATA,
      clusterId,
      nodeId: undefined,
      warn: (sentence) => this.warnings.push(sentence),
    })
    this.identity = identity
    this.metadata = Metadata.open({
      fs,
      clock,
      deadlines: new Deadlines(clock),
      random,
      tail: new TailCache(1024 * 1024),
      directory: DATA,
      identity,
      validators,
      limits: LIMITS,
      snapshotBytes: 20 * 1024 * 1024,
      snapshotIntervalMs: 3_600_000,
      maxOpenRequests: 1000,
      controllerEndpoints: [],
      failed: (error) => this.failures.push(error),
      unexpected: (error) => this.failures.push(error),
      report: () => undefined,
      ...change,
    })
    this.metadata.onImage((_image, delta) => this.deltas.push(delta))
    return this.metadata
  }

  /** Opens, registers and unfences. */
  start(change: Partial<MetadataOptions> = {}): Metadata {
    const metadata = this.open(change)
    const codes: number[] = []
    const listeners = [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9092, securityProtocol: 0 }]
    metadata.registerSelf({ listeners, rack: null }, (code) => codes.push(code))
    this.clock.settle()
    metadata.unfenceSelf((code) => codes.push(code))
    this.clock.settle()
    if (codes.some((code) => code !== 0) || codes.length !== 2) {
      throw new Error(`registration answered ${codes.join(', ')}`)
    }
    return metadata
  }

  call<Kind extends CallKind>(kind: Kind, request: RequestTo<Kind>): ReplyTo<Kind> {
    let reply: ReplyTo<Kind> | undefined
    this.metadata.submit(kind, request, ALL_RIGHTS, (answer) => {
      if ('refused' in answer) throw new Error(`refused with ${answer.refused}`)
      reply = answer
    })
    this.clock.settle()
    if (reply === undefined) throw new Error('no answer')
    return reply
  }

  createTopic(name: string, partitions = 1): number {
    const topic = {
      name,
      numPartitions: partitions,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    }
    const request = { topics: [topic], timeoutMs: 1000, validateOnly: false }
    return this.call('createTopics', request).topics[0]!.errorCode
  }

  /** kill -9, or power loss where `survives` is not 'written'. */
  crash(survives: 'written' | 'synced' | 'torn' = 'written'): void {
    this.memory.crash(() => survives)
    this.clock.settle()
    this.fs = this.memory
  }
}

/** The image as plain values, without what differs between incarnations and epochs. */
export function essence(image: MetadataImage): unknown {
  return [...snapshotRecords(image)].map((record) => {
    if (record.name === 'RegisterBrokerRecord' || record.name === 'RegisterControllerRecord') {
      return record.name
    }
    if (record.name !== 'PartitionRecord') return record
    const { leaderEpoch: _leaderEpoch, partitionEpoch: _partitionEpoch, ...rest } = record.value
    return { name: record.name, rest }
  })
}
