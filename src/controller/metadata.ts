// The metadata of the cluster for everybody else in the process: opens the log, runs the controller
// machine over it, publishes images when records are committed, and registers this node. It is the
// only file that knows the machine, its log and the images together.
import type { Clock } from '../../base/clock.ts'
import type { Deadlines } from '../../base/deadlines.ts'
import type { Random } from '../../base/random.ts'
import { randomUuid } from '../../base/uuid.ts'
import { errors } from '../../protocol/errors.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { removeCleanShutdown } from '../../storage/identity.ts'
import type { LogFailure, LogReport } from '../../storage/log-failure.ts'
import type { LogLimits } from '../../storage/segment.ts'
import type { TailCache } from '../../storage/tail-cache.ts'
import { MachineHost, type Refusal } from '../machine/host.ts'
import { RaftDriver } from '../raft/driver.ts'
import {
  type CallKind,
  type CallRights,
  controllerMachine,
  type ControllerInput,
  type ControllerReply,
  type ReplyTo,
  type RequestTo,
} from './controller.ts'
import {
  describeQuorum,
  type DescribeQuorumRequest,
  type DescribeQuorumResponse,
} from './describe-quorum.ts'
import { SUPPORTED_FEATURES, supportsControllerRegistration } from './features.ts'
import type { OpenedIdentity } from './format.ts'
import type { EndpointImage, ImageDelta, MetadataImage } from './image.ts'
import { loadDirectory, type LoadedDirectory } from './load.ts'
import { MetadataLog } from './metadata-log.ts'
import { ImagePublisher } from './publisher.ts'
import { encodeRecord } from './record-codec.ts'
import { type MetadataRecord, newRecord } from './records.ts'
import { snapshotRecords } from './snapshot-records.ts'
import type { MetadataState } from './state.ts'
import type { ConfigValidators } from './validators.ts'

export interface MetadataOptions {
  readonly fs: FileSystem
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly random: Random
  readonly tail: TailCache
  /** The log directory (log.dirs) that holds __cluster_metadata-0. */
  readonly directory: string
  readonly identity: OpenedIdentity
  /** What the directory holds, where that is known already. */
  readonly loaded?: LoadedDirectory | undefined
  readonly validators: ConfigValidators
  readonly limits: LogLimits
  /** metadata.log.max.record.bytes.between.snapshots and metadata.log.max.snapshot.interval.ms. */
  readonly snapshotBytes: number
  readonly snapshotIntervalMs: number
  readonly maxOpenRequests: number
  /** Where this node's controller listens; empty where its port is not open. */
  readonly controllerEndpoints: readonly EndpointImage[]
  /** The controller has stopped for good: the log cannot be written, or an invariant broke. */
  failed(error: unknown): void
  /** Whoever waited for a reply could not take it. */
  unexpected(error: unknown): void
  report(report: LogReport): void
}

export type ImageListener = (image: MetadataImage, delta: ImageDelta) => void
/** A reply, or NOT_CONTROLLER / REQUEST_TIMED_OUT where there is none. */
export type Answer<Reply> = (reply: Reply | { readonly refused: number }) => void

interface Call {
  readonly answer: Answer<ControllerReply>
}

export interface SelfRegistration {
  readonly listeners: readonly EndpointImage[]
  readonly rack: string | null
}

/** Where nobody checks rights: everything is allowed. */
export const ALL_RIGHTS: CallRights = {
  mayDescribe: () => true,
  mayDelete: () => true,
  mayDescribeConfigs: () => true,
}

export class Metadata {
  readonly #options: MetadataOptions
  readonly #raft: RaftDriver
  readonly #log: MetadataLog
  readonly #publisher: ImagePublisher
  readonly #host: MachineHost<
    MetadataState,
    ControllerInput<Call>,
    MetadataRecord,
    Call,
    ControllerReply,
    null
  >
  readonly #listeners: ImageListener[] = []
  #state: 'open' | 'failed' | 'closed' = 'open'
  #brokerEpoch = -1

  /** Opens and leads. Throws StartFailure before it has written a byte, or LogFailure. */
  static open(options: MetadataOptions): Metadata {
    return new Metadata(options)
  }

  private constructor(options: MetadataOptions) {
    this.#options = options
    const { fs, clock, deadlines, random, identity, validators } = options
    const loaded = options.loaded ?? loadDirectory(fs, options.directory, identity)
    // From here on the directory is written to: its last stop counts no longer.
    removeCleanShutdown(fs, options.directory)
    this.#publisher = new ImagePublisher(identity.clusterId, identity.nodeId)
    this.#raft = new RaftDriver({
      fs,
      clock,
      random,
      tail: options.tail,
      directory: loaded.metadataDirectory,
      nodeId: identity.nodeId,
      scanned: loaded.scanned,
      limits: options.limits,
      snapshotBytes: options.snapshotBytes,
      snapshotIntervalMs: options.snapshotIntervalMs,
      committed: (highWatermark) => this.#tryCommitted(highWatermark),
      failed: (failure) => this.#fail(failure),
      report: (report) => options.report(report),
    })
    this.#log = new MetadataLog(this.#raft, clock, loaded.records, (error) => this.#fail(error))
    this.#host = new MachineHost({
      machine: controllerMachine<Call>({
        clusterId: identity.clusterId,
        nodeId: identity.nodeId,
        validators,
        bootstrapRecords: loaded.bootstrapRecords,
        kraftVersion: this.#raft.kraftVersion,
        nextOffset: () => this.#raft.logEndOffset(),
        // A former incarnation of this node was the former process, and its directory is ours now.
        hasLiveSession: (broker) => broker.id !== identity.nodeId && !broker.fenced,
      }),
      log: this.#log,
      clock,
      deadlines,
      random,
      image: () => null,
      answer: (call, reply) => call.answer(reply),
      refuse: (call, why) => call.answer({ refused: refusalCode(why) }),
      broken: (error) => this.#fail(error),
      unexpected: (error) => options.unexpected(error),
      maxOpenRequests: options.maxOpenRequests,
    })
    this.#lead()
  }

  /** Lets go of the log when it cannot be led. */
  #lead(): void {
    try {
      this.#raft.lead()
      this.#host.lead()
      this.#registerController()
      this.#raft.flushNow()
    } catch (error) {
      this.#raft.close()
      throw error
    }
  }

  image(): MetadataImage {
    return this.#publisher.image()
  }

  /** Called with each new image before the answers that it contains leave. */
  onImage(listener: ImageListener): void {
    this.#listeners.push(listener)
  }

  /** -1 before registerSelf was answered. */
  brokerEpoch(): number {
    return this.#brokerEpoch
  }

  submit<Kind extends CallKind>(
    kind: Kind,
    request: RequestTo<Kind>,
    rights: CallRights,
    answer: Answer<ReplyTo<Kind>>,
  ): void {
    if (this.#state !== 'open') {
      answer({ refused: errors.NOT_CONTROLLER })
      return
    }
    const token: Call = { answer }
    const input = { kind, token, request, rights } as unknown as ControllerInput<Call>
    this.#host.submit(input, token)
  }

  /** Registers this process as a new incarnation, still fenced. `done` gets an error code. */
  registerSelf(self: SelfRegistration, done: (errorCode: number) => void): void {
    const { identity, random } = this.#options
    const features = [...SUPPORTED_FEATURES].map(([name, { min, max }]) => ({
      name,
      minSupportedVersion: min,
      maxSupportedVersion: max,
    }))
    const request = {
      brokerId: identity.nodeId,
      clusterId: identity.clusterId,
      incarnationId: randomUuid(random),
      listeners: self.listeners,
      features,
      rack: self.rack,
      isMigratingZkBroker: false,
      logDirs: [identity.directoryId],
      previousBrokerEpoch: identity.cleanShutdownEpoch ?? -1,
    }
    this.submit('registerBroker', request, ALL_RIGHTS, (reply) => {
      if ('refused' in reply) done(reply.refused)
      else {
        this.#brokerEpoch = reply.brokerEpoch
        done(reply.errorCode)
      }
    })
  }

  /** Once the partitions are recovered: leadership begins, clients may come. */
  unfenceSelf(done: (errorCode: number) => void): void {
    this.#heartbeat({ wantFence: false, wantShutDown: false }, (reply) => {
      if ('refused' in reply) done(reply.refused)
      else done(reply.errorCode)
    })
  }

  /** Gives leadership away and fences; `done` when nothing keeps this broker any more. */
  shutDownSelf(done: (errorCode: number) => void): void {
    this.#heartbeat({ wantFence: false, wantShutDown: true }, (reply) => {
      if ('refused' in reply) done(reply.refused)
      else if (reply.errorCode !== 0 || reply.shouldShutDown) done(reply.errorCode)
      else this.shutDownSelf(done)
    })
  }

  describeQuorum(request: DescribeQuorumRequest): DescribeQuorumResponse {
    return describeQuorum(request, {
      status: this.#raft.status(),
      voters: this.#raft.voters(),
      endpoints: this.#options.controllerEndpoints,
      now: this.#options.clock.now(),
    })
  }

  /** End of turn: starts to sync what this turn appended. Does nothing when there is nothing. */
  flush(): void {
    if (this.#state === 'open') this.#raft.flush()
  }

  /** Syncs and closes the log; what waits is refused. The clean marker is the caller's to write. */
  close(): LogFailure | undefined {
    if (this.#state === 'closed') return undefined
    this.#host.resign()
    this.#state = 'closed'
    return this.#raft.close()
  }

  #heartbeat(
    wish: { readonly wantFence: boolean; readonly wantShutDown: boolean },
    answer: Answer<ReplyTo<'brokerHeartbeat'>>,
  ): void {
    const request = {
      brokerId: this.#options.identity.nodeId,
      brokerEpoch: this.#brokerEpoch,
      currentMetadataOffset: this.image().offset,
      ...wish,
      offlineLogDirs: [],
      cordonedLogDirs: null,
    }
    this.submit('brokerHeartbeat', request, ALL_RIGHTS, answer)
  }

  #registerController(): void {
    const { identity, random, controllerEndpoints } = this.#options
    if (!supportsControllerRegistration(this.#host.state())) return
    const features = [...SUPPORTED_FEATURES].map(([name, { min, max }]) => ({
      name,
      minSupportedVersion: min,
      maxSupportedVersion: max,
    }))
    const record = newRecord('RegisterControllerRecord', 0, {
      controllerId: identity.nodeId,
      incarnationId: randomUuid(random),
      zkMigrationReady: false,
      endPoints: controllerEndpoints,
      features,
    })
    this.#host.submit({ kind: 'registerController', record })
  }

  /** Records that do not fit the image, or a listener that broke: the next ones would not
   * either. */
  #tryCommitted(highWatermark: number): void {
    try {
      this.#committed(highWatermark)
    } catch (error) {
      this.#fail(error)
    }
  }

  #committed(highWatermark: number): void {
    if (this.#state !== 'open') return
    const epoch = this.#raft.leaderEpoch()
    this.#log.takeCommitted(highWatermark, ({ record, offset, epoch: ofRecord }) =>
      this.#publisher.replay(record, offset, ofRecord),
    )
    this.#publisher.advance(highWatermark - 1, epoch)
    const published = this.#publisher.publish()
    if (published !== undefined) {
      for (const listener of this.#listeners) listener(published.image, published.delta)
    }
    this.#host.committed(highWatermark)
    this.#snapshotIfDue()
  }

  #snapshotIfDue(): void {
    if (!this.#raft.snapshotDue()) return
    const image = this.image()
    const id = { endOffset: image.offset + 1, epoch: image.epoch }
    this.#raft.writeSnapshot(id, encoded(image), this.#log.lastTimestampMs())
  }

  #fail(error: unknown): void {
    if (this.#state !== 'open') return
    this.#state = 'failed'
    // Who is refused next may want to say why.
    this.#options.failed(error)
    this.#host.resign()
  }
}

function* encoded(image: MetadataImage): Generator<Uint8Array, void> {
  for (const record of snapshotRecords(image)) yield encodeRecord(record)
}

function refusalCode(why: Refusal): number {
  return why === 'full' ? errors.REQUEST_TIMED_OUT : errors.NOT_CONTROLLER
}
