// The composition root: puts the parts of a broker together, starts them in order and stops them in
// the reverse order. The only file that knows everything; it decides nothing itself.
import { assert } from '../base/assert.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { Deadlines } from '../base/deadlines.ts'
import { type Random, systemRandom } from '../base/random.ts'
import { errors } from '../protocol/errors.ts'
import { Fetch } from '../protocol/api/01-fetch.ts'
import { Codecs } from '../protocol/records/compression/codecs.ts'
import type { DirectoryLock, FileSystem } from '../storage/fs/fs.ts'
import { MemoryFileSystem } from '../storage/fs/memory-fs.ts'
import { nodeFileSystem } from '../storage/fs/node-fs.ts'
import { writeCleanShutdown } from '../storage/identity.ts'
import { TailCache } from '../storage/tail-cache.ts'
import { configValidators } from './assembly/config-validators.ts'
import { connectionContext } from './assembly/connection-context.ts'
import { faultReport } from './assembly/faults.ts'
import { GroupElections } from './assembly/group-elections.ts'
import { groupCoordinator } from './assembly/groups.ts'
import { topicsChange } from './assembly/topics-change.ts'
import { inspectDirectory } from './assembly/inspect-directory.ts'
import { registeredEndpoint } from './assembly/registered-endpoint.ts'
import { requestTrace } from './assembly/request-trace.ts'
import { bindFailure, registrationFailure } from './assembly/start-failures.ts'
import { connectionsPerHost } from './config/connections.ts'
import { claimDataDirectory } from './config/data-directory.ts'
import { type ConfigLayers, staticLayers } from './config/layers.ts'
import type { Listener as ListenerConfig } from './config/listeners.ts'
import type { BrokerConfig } from './config/load.ts'
import { topicConfig } from './config/topic.ts'
import { SUPPORTED_FEATURES } from './controller/features.ts'
import { openIdentity, type OpenedIdentity } from './controller/format.ts'
import { RESOURCE_BROKER, RESOURCE_TOPIC } from './controller/image.ts'
import type { EndpointImage, ImageDelta, MetadataImage } from './controller/image.ts'
import type { LoadedDirectory } from './controller/load.ts'
import { ALL_RIGHTS, Metadata } from './controller/metadata.ts'
import type { GroupCoordinator } from './coordinator/registry.ts'
import { Dispatch } from './handlers/dispatch.ts'
import type { Handler } from './handlers/handler.ts'
import { imageCache } from './handlers/image-cache.ts'
import { handlers } from './handlers/index.ts'
import { GROUP_METADATA_TOPIC } from './handlers/internal-topics.ts'
import type { Node, Parked } from './handlers/node.ts'
import { Notices } from './handlers/notices.ts'
import { type ProducerIdBlock, ProducerIds } from './handlers/producer-ids.ts'
import type { Connection } from './net/connection.ts'
import { FlushQueue } from './net/flush-queue.ts'
import { ConnectionCount, Listener } from './net/listener.ts'
import type { Network } from './net/network.ts'
import { tcpNetwork } from './net/tcp-network.ts'
import { FetchSessions } from './partition/fetch-session.ts'
import { type BrokerLimits, topicLimits } from './partition/limits.ts'
import { Partitions, type TopicLimits } from './partition/partitions.ts'
import { Turn } from './partition/turn.ts'
import { Upkeep } from './partition/upkeep.ts'
import type { Logger } from './telemetry/log.ts'

export interface BrokerOptions {
  readonly config: BrokerConfig
  /** Keeps everything in memory: nothing is read from or written to a disk. */
  readonly memory?: boolean
  readonly log: Logger
  /** The broker cannot go on (its metadata log cannot be written): stop it. Called once. */
  failed?(error: unknown): void
}

export interface BoundListener {
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface RunningBroker {
  readonly listeners: readonly BoundListener[]
  readonly nodeId: number
  /** null for a broker in memory. */
  readonly dataDirectory: string | null
  readonly clusterId: string
  readonly startedInMs: number
  /** Answers what waits, syncs and closes the files; idempotent. */
  stop(): Promise<void>
}

const MAX_CONTROLLER_REQUESTS = 10_000
/** About 250 MB of sessions. */
const MAX_FETCH_SESSION_PARTITIONS = 1_000_000

export function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const clock = systemClock()
  const defer = (run: () => void): void => clock.endOfTurn(run)
  const fs =
    options.memory === true
      ? new MemoryFileSystem({ defer, now: () => clock.now() })
      : nodeFileSystem()
  return startBrokerOn({ clock, random: systemRandom(), fs, network: tcpNetwork() }, options)
}

/** The same broker on other seams: memory, faults, a simulation's clock and network. */
export async function startBrokerOn(seams: Seams, options: BrokerOptions): Promise<RunningBroker> {
  const { clock } = seams
  const startedAt = clock.monotonic()
  const broker = new Broker(options, seams)
  try {
    await broker.start()
  } catch (error) {
    await broker.stop()
    throw error
  }
  return {
    listeners: broker.bound(),
    nodeId: options.config.nodeId,
    dataDirectory: options.memory === true ? null : options.config.logDirectories[0]!,
    clusterId: broker.clusterId,
    startedInMs: clock.monotonic() - startedAt,
    stop: () => broker.stop(),
  }
}

export interface Seams {
  readonly clock: Clock
  readonly random: Random
  readonly fs: FileSystem
  readonly network: Network
}

/** One broker's parts and their life: idle -> starting -> running -> stopping -> stopped. */
class Broker implements Node {
  readonly id: number
  readonly config: BrokerConfig
  readonly clock: Clock
  readonly random: Random
  readonly deadlines: Deadlines
  readonly turn: Turn
  readonly unexpected: (error: unknown) => void
  readonly parked = new Set<Parked>()
  readonly notices: Notices
  readonly supportedFeatures = [...SUPPORTED_FEATURES].map(([name, range]) => ({ name, ...range }))
  readonly limits: { readonly fetchMaxBytes: number }
  readonly fetchSessions: FetchSessions
  readonly producerIds: ProducerIds
  readonly imageCache = imageCache()
  readonly #log: Logger
  readonly #fs: FileSystem
  readonly #network: Network
  readonly #directory: string
  readonly #codecs = new Codecs()
  readonly #flushQueue: FlushQueue
  readonly #tail: TailCache
  readonly #failed: (error: unknown) => void
  #identity: OpenedIdentity | undefined
  #dispatch: Dispatch | undefined
  #state: 'idle' | 'starting' | 'running' | 'stopping' | 'stopped' = 'idle'
  #listeners: { config: ListenerConfig; listener: Listener }[] = []
  #lock: DirectoryLock | undefined
  #metadata: Metadata | undefined
  #partitions: Partitions | undefined
  #groups: GroupCoordinator | undefined
  #elections: GroupElections | undefined
  #upkeep: Upkeep | undefined
  #stopped: Promise<void> | undefined
  #controllerFailure: unknown

  constructor(options: BrokerOptions, seams: Seams) {
    const { config, log } = options
    this.id = config.nodeId
    this.config = config
    this.clock = seams.clock
    this.random = seams.random
    this.#log = log
    this.unexpected = faultReport(seams.clock, (level, line) => log[level](line))
    this.notices = new Notices(seams.clock, (line) => log.warn(line))
    this.deadlines = new Deadlines(seams.clock, this.unexpected)
    this.turn = new Turn(seams.clock, this.unexpected)
    this.limits = { fetchMaxBytes: config.get('fetch.max.bytes') }
    this.fetchSessions = new FetchSessions(
      {
        slots: config.get('max.incremental.fetch.session.cache.slots'),
        evictionMs: 120_000,
        partitions: MAX_FETCH_SESSION_PARTITIONS,
      },
      () => seams.clock.monotonic(),
      () => seams.random.uint32(),
    )
    this.producerIds = new ProducerIds((done) => this.#allocateProducerIds(done))
    this.#fs = seams.fs
    this.#network = seams.network
    this.#directory = config.logDirectories[0]!
    this.#tail = new TailCache(config.get('samsa.tail.cache.bytes'))
    this.#failed = (error) => options.failed?.(error)
    this.#flushQueue = new FlushQueue(() => this.turn.schedule())
  }

  readonly metadata: Node['metadata'] = {
    image: () => started(this.#metadata).image(),
    describeQuorum: (request) => started(this.#metadata).describeQuorum(request),
    call: (kind, request, answer) => {
      started(this.#metadata).submit(kind, request, ALL_RIGHTS, answer)
      this.turn.schedule()
    },
  }
  get partitions(): Partitions {
    return started(this.#partitions)
  }
  get groups(): GroupCoordinator {
    return started(this.#groups)
  }
  get clusterId(): string {
    return started(this.#identity).clusterId
  }

  async start(): Promise<void> {
    this.#state = 'starting'
    const inspection = inspectDirectory(this.#fs, this.#directory, this.#configuredNodeId())
    this.#lock = await claimDataDirectory(this.#fs, this.#directory)
    await this.#bind()
    const identity = this.#openIdentity()
    this.#dispatch = new Dispatch(this, requestTrace(this.#log))
    this.#partitions = this.#openPartitions(identity.cleanShutdownEpoch !== undefined)
    this.#groups = this.#makeGroups()
    this.#elections = new GroupElections({
      groups: this.#groups,
      turn: this.turn,
      clock: this.clock,
      deadlines: this.deadlines,
    })
    this.#metadata = this.#openMetadata(identity, inspection.unchanged())
    this.#metadata.onImage((image, delta) => this.#publish(image, delta))
    this.turn.addStep(() => this.#metadata?.flush())
    this.turn.addStep(() => this.#groups?.committed())
    this.turn.addStep(() => this.#flushQueue.flush())
    await this.#register()
    this.#partitions.settleDirectories(this.metadata.image())
    this.#upkeep = new Upkeep({
      clock: this.clock,
      deadlines: this.deadlines,
      partitions: this.#partitions,
      expirationCheckMs: this.config.get('producer.id.expiration.check.interval.ms'),
    })
    for (const { listener } of this.#listeners) listener.open()
    this.#state = 'running'
  }

  /** In the reverse order; every step is tried. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  bound(): BoundListener[] {
    return this.#listeners.map(({ config, listener }) => ({
      name: config.name,
      ...listener.address(),
    }))
  }

  async #stop(): Promise<void> {
    const wasRunning = this.#state === 'running'
    this.#state = 'stopping'
    const closing = this.#listeners.map(({ listener }) => listener.close())
    // Each takes itself out of the set.
    for (const waiting of this.parked) waiting.stop()
    this.#groups?.stop()
    this.turn.schedule()
    await Promise.all(closing)
    this.#upkeep?.stop()
    if (wasRunning) await this.#controlledShutdown()
    try {
      this.turn.run()
      this.#closeFiles(wasRunning)
    } catch (error) {
      // Without the marker the next start looks at everything.
      this.#log.error(`the files were not closed cleanly: ${String(error)}`)
    } finally {
      this.#lock?.release()
      this.#state = 'stopped'
    }
  }

  /** The marker comes last: it says that all before it worked. */
  #closeFiles(wasRunning: boolean): void {
    const clean = this.#partitions?.close() ?? false
    const failure = this.#metadata?.close()
    if (!wasRunning || !clean || failure !== undefined) return
    writeCleanShutdown(this.#fs, this.#directory, started(this.#metadata).brokerEpoch())
  }

  /** Leaderships are given away, so that a replica takes over before we are gone. */
  #controlledShutdown(): Promise<void> {
    return new Promise((resolve) => {
      this.#metadata?.shutDownSelf(() => resolve())
      this.turn.schedule()
    })
  }

  #openIdentity(): OpenedIdentity {
    const { config, clock, random } = this
    const identity = openIdentity({
      fs: this.#fs,
      clock,
      random,
      directory: this.#directory,
      clusterId: config.get('samsa.cluster.id') ?? undefined,
      nodeId: this.#configuredNodeId(),
      warn: (sentence) => this.#log.warn(sentence),
    })
    this.#identity = identity
    return identity
  }

  #configuredNodeId(): number | undefined {
    return this.config.sourceOf('node.id') === 'default' ? undefined : this.config.nodeId
  }

  #openMetadata(identity: OpenedIdentity, loaded: LoadedDirectory | undefined): Metadata {
    const { config, clock, deadlines, random } = this
    const limits = topicLimits(topicConfig(staticLayers(config), new Map()), this.#brokerLimits())
    return Metadata.open({
      fs: this.#fs,
      clock,
      deadlines,
      random,
      tail: this.#tail,
      directory: this.#directory,
      identity,
      loaded,
      validators: configValidators(() => this.configLayers()),
      limits: { ...limits.log, segmentBytes: config.get('metadata.log.segment.bytes') },
      snapshotBytes: config.get('metadata.log.max.record.bytes.between.snapshots'),
      snapshotIntervalMs: config.get('metadata.log.max.snapshot.interval.ms'),
      maxOpenRequests: MAX_CONTROLLER_REQUESTS,
      controllerEndpoints: this.#endpoints(true),
      failed: (error) => this.#fail(error),
      unexpected: this.unexpected,
      report: (report) => this.#log.warn(`${report.what}: ${report.file}`),
    })
  }

  /** A new incarnation: registered, its partitions open in their new epochs, then unfenced. */
  async #register(): Promise<void> {
    const metadata = started(this.#metadata)
    const self = { listeners: this.#endpoints(false), rack: this.config.get('broker.rack') }
    await this.#step((done) => metadata.registerSelf(self, done))
    await this.#step((done) => metadata.unfenceSelf(done))
  }

  #endpoints(ofController: boolean): EndpointImage[] {
    return this.#listeners
      .filter(({ config }) => config.isController === ofController)
      .map(({ config, listener }) => registeredEndpoint(config, listener.address().port))
  }

  #step(begin: (done: (errorCode: number) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      begin((errorCode) => {
        if (errorCode === errors.NONE) resolve()
        else reject(registrationFailure(errorCode, this.#controllerFailure))
      })
      this.turn.schedule()
    })
  }

  #publish(image: MetadataImage, delta: ImageDelta): void {
    started(this.#partitions).publish(image, topicsChange(image, delta))
    if (delta.topics.some(({ name }) => name === GROUP_METADATA_TOPIC)) {
      this.#elections?.follow(this.partitions.ofTopic(GROUP_METADATA_TOPIC))
    }
    const deleted = delta.topics.filter(({ after }) => after === undefined)
    for (const { name } of deleted) this.notices.topicDeleted(name)
    if (deleted.length > 0) {
      this.groups.topicsDeleted(deleted.map(({ id, name }) => ({ id, name })))
    }
  }

  #makeGroups(): GroupCoordinator {
    return groupCoordinator({
      clock: this.clock,
      deadlines: this.deadlines,
      random: this.random,
      codecs: this.#codecs,
      config: this.config,
      image: () => this.metadata.image(),
      layers: () => this.configLayers(),
      failed: (partition, error) => {
        this.#log.error(`group shard ${partition} stopped: ${String(error)}`)
        this.#elections?.stopped(partition)
      },
      unexpected: this.unexpected,
    })
  }

  #allocateProducerIds(done: (block: ProducerIdBlock | { errorCode: number }) => void): void {
    const brokerEpoch = started(this.#metadata).brokerEpoch()
    const request = { brokerId: this.id, brokerEpoch }
    this.metadata.call('allocateProducerIds', request, (reply) => {
      if ('refused' in reply) done({ errorCode: errors.COORDINATOR_LOAD_IN_PROGRESS })
      else if (reply.errorCode !== errors.NONE) done({ errorCode: reply.errorCode })
      else done({ first: reply.producerIdStart, length: reply.producerIdLen })
    })
  }

  /** The metadata log cannot be written: a one-node process goes down rather than lie. */
  #fail(error: unknown): void {
    if (this.#state === 'stopping' || this.#state === 'stopped') return
    this.#controllerFailure = error
    this.#log.error(`the controller failed: ${String(error)}; the broker stops`)
    this.#failed(error)
  }

  #brokerLimits(): BrokerLimits {
    return {
      validateRecords: this.config.get('samsa.record.validation') === 'full',
      decompressedMaxBytes: this.config.get('samsa.decompressed.max.bytes'),
    }
  }

  async #bind(): Promise<void> {
    const { clock, deadlines, config } = this
    const context = connectionContext(config, {
      clock,
      deadlines,
      flushQueue: this.#flushQueue,
      line: (level, line) => this.#log[level](line),
      onRequest: (slot, frame, start, end) =>
        started(this.#dispatch).start(slot, frame, start, end),
    })
    const count = new ConnectionCount(config.get('max.connections'), connectionsPerHost(config))
    const network = this.#network
    for (const listener of config.listeners) {
      const { name, host, port } = listener
      const closed = (connection: Connection): void =>
        this.#groups?.connectionClosed(connection.socket.id)
      const options = { name, address: { host, port }, network, count, context, closed }
      try {
        this.#listeners.push({ config: listener, listener: await Listener.bind(options) })
      } catch (error) {
        throw bindFailure(listener, error)
      }
    }
  }

  #openPartitions(cleanShutdown: boolean): Partitions {
    const { clock, random, config } = this
    const limits = this.#brokerLimits()
    return new Partitions({
      fs: this.#fs,
      clock,
      random,
      codecs: this.#codecs,
      tail: this.#tail,
      producerIdExpirationMs: config.get('producer.id.expiration.ms'),
      directory: this.#directory,
      nodeId: this.id,
      cleanShutdown,
      settingsOf: (image, topic): TopicLimits =>
        topicLimits(topicConfig(this.configLayers(), image.config(RESOURCE_TOPIC, topic)), limits),
      note: (level, line) => this.#log[level](line),
      unexpected: this.unexpected,
      fenced: (partition) => this.#elections?.fenced(partition),
    })
  }

  configLayers(): ConfigLayers {
    // The controller asks while it loads, before there is any image.
    if (this.#metadata === undefined) return staticLayers(this.config)
    const image = this.#metadata.image()
    return {
      broker: this.config,
      brokerOverrides: image.config(RESOURCE_BROKER, String(this.id)),
      clusterOverrides: image.config(RESOURCE_BROKER, ''),
    }
  }

  diskSpace(): { directory: string; totalBytes: number; usableBytes: number } {
    return { directory: this.#directory, ...this.#fs.space(this.#directory) }
  }

  /** On a controller's listener Fetch is a raft matter. */
  handlersOn(listener: string): readonly Handler[] {
    if (!this.isControllerListener(listener)) return handlers
    return handlers.filter(({ api }) => api.listeners.includes('controller') && api !== Fetch)
  }

  isControllerListener(name: string): boolean {
    return this.#listeners.some(({ config }) => config.name === name && config.isController)
  }

  answersByConnection(listener: string): boolean {
    const bound = this.#listeners.find(({ config }) => config.name === listener)
    return bound?.config.advertised === null
  }
}

function started<Part>(part: Part | undefined): Part {
  assert(part !== undefined, 'the broker is started')
  return part
}
