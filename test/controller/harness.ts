// A controller over a log in memory that commits at once: for tests of what it decides.
import { Deadlines } from '../../base/deadlines.ts'
import { seededRandom } from '../../base/random.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import {
  type CallKind,
  controllerMachine,
  type ControllerInput,
  type ControllerReply,
  type ReplyTo,
  type RequestTo,
} from '../../src/controller/controller.ts'
import type { MetadataImage } from '../../src/controller/image.ts'
import { ImagePublisher, type Published } from '../../src/controller/publisher.ts'
import { type MetadataRecord, newRecord } from '../../src/controller/records.ts'
import type { MetadataState } from '../../src/controller/state.ts'
import type { ConfigValidators } from '../../src/controller/validators.ts'
import { MachineHost } from '../../src/machine/host.ts'

export const CLUSTER_ID = 'h6ZTxe3CTrOoC1XFEtmUCw'
export const DIRECTORY = 'xtSHvXVP-7_CZqwgaj6yiA'
export const BOOTSTRAP = [
  newRecord('FeatureLevelRecord', 0, { name: 'metadata.version', featureLevel: 21 }),
]

export const validators: ConfigValidators = {
  validate(resource, after) {
    if (resource.type === 2 && after.get('retention.ms') === 'bad') {
      return { code: 40, message: 'Invalid value bad for configuration retention.ms' }
    }
    return undefined
  },
  isList: (_type, name) => name === 'cleanup.policy',
  defaultValue: (_type, name) => (name === 'cleanup.policy' ? 'delete' : undefined),
  effectiveTopicConfigs: (overrides) =>
    [...overrides].map(([name, value]) => ({
      name,
      value,
      readOnly: false,
      configSource: 1,
      isSensitive: false,
    })),
  defaultPartitions: () => 3,
  defaultReplicationFactor: () => 1,
  uncleanLeaderElection: (overrides) => overrides.get('unclean.leader.election.enable') === 'true',
}

export const ALL_RIGHTS = {
  mayDescribe: () => true,
  mayDelete: () => true,
  mayDescribeConfigs: () => true,
}

export class ControllerUnderTest {
  readonly records: MetadataRecord[] = []
  readonly publisher = new ImagePublisher(CLUSTER_ID, 1)
  readonly host: MachineHost<
    MetadataState,
    ControllerInput<number>,
    MetadataRecord,
    number,
    ControllerReply,
    null
  >
  last: Published | undefined
  #serial = 0
  #reply: ControllerReply | string | undefined

  constructor(records: readonly MetadataRecord[] = []) {
    const clock = new VirtualClock()
    for (const record of records) this.#append([record])
    this.host = new MachineHost({
      machine: controllerMachine<number>({
        clusterId: CLUSTER_ID,
        nodeId: 1,
        validators,
        bootstrapRecords: BOOTSTRAP,
        kraftVersion: 0,
        nextOffset: () => this.records.length,
        hasLiveSession: (broker) => broker.id !== 1 && !broker.fenced,
      }),
      log: {
        append: (batch) => this.#append(batch),
        highWatermark: () => this.records.length,
        leaderEpoch: () => 1,
        replay: (visit, done) => {
          this.records.forEach(visit)
          done(this.records.length)
        },
      },
      clock,
      deadlines: new Deadlines(clock),
      random: seededRandom(7),
      image: () => null,
      answer: (_token, reply) => {
        this.#reply = reply
      },
      refuse: (_token, why) => {
        this.#reply = why
      },
      unexpected: (error) => {
        throw error
      },
      broken: (error) => {
        throw error
      },
      maxOpenRequests: 10,
    })
    this.host.lead()
  }

  call<Kind extends CallKind>(kind: Kind, request: RequestTo<Kind>): ReplyTo<Kind> {
    const token = this.#serial++
    const input = { kind, token, request, rights: ALL_RIGHTS } as unknown
    this.host.submit(input as ControllerInput<number>, token)
    const reply = this.#reply
    if (reply === undefined || typeof reply === 'string') throw new Error(`refused: ${reply}`)
    this.#reply = undefined
    return reply
  }

  image(): MetadataImage {
    this.last = this.publisher.publish() ?? this.last
    return this.publisher.image()
  }

  /** Registers and unfences; gives the broker's epoch. */
  startBroker(id: number, rack: string | null = null): number {
    const { brokerEpoch, errorCode } = this.call('registerBroker', registration(id, rack))
    if (errorCode !== 0) throw new Error(`registration: ${errorCode}`)
    this.call('brokerHeartbeat', heartbeat(id, brokerEpoch, brokerEpoch))
    return brokerEpoch
  }

  #append(batch: readonly MetadataRecord[]): { firstOffset: number; lastOffset: number } {
    const firstOffset = this.records.length
    this.records.push(...batch)
    batch.forEach((record, i) => this.publisher.replay(record, firstOffset + i, 1))
    return { firstOffset, lastOffset: this.records.length - 1 }
  }
}

let incarnations = 0

export function registration(id: number, rack: string | null = null) {
  const serial = String(incarnations++).padStart(4, '0')
  const directory = id === 1 ? DIRECTORY : `directory0of0broker0${id}A`.slice(0, 22)
  return {
    brokerId: id,
    clusterId: CLUSTER_ID,
    incarnationId: `incarnation000000${serial}A`,
    listeners: [{ name: 'PLAINTEXT', host: 'localhost', port: 9092, securityProtocol: 0 }],
    features: [{ name: 'metadata.version', minSupportedVersion: 7, maxSupportedVersion: 21 }],
    rack,
    isMigratingZkBroker: false,
    logDirs: [directory],
    previousBrokerEpoch: -1,
  }
}

export function heartbeat(brokerId: number, brokerEpoch: number, currentMetadataOffset: number) {
  return {
    brokerId,
    brokerEpoch,
    currentMetadataOffset,
    wantFence: false,
    wantShutDown: false,
    offlineLogDirs: [],
    cordonedLogDirs: null,
  }
}

export function newTopic(name: string, numPartitions = 1, replicationFactor = 1) {
  return {
    name,
    numPartitions,
    replicationFactor,
    assignments: [] as { partitionIndex: number; brokerIds: number[] }[],
    configs: [] as { name: string; value: string | null }[],
  }
}

export function createRequest(...topics: ReturnType<typeof newTopic>[]) {
  return { topics, timeoutMs: 1000, validateOnly: false }
}
