// What a handler sees of the broker that it runs in: the parts that src/broker.ts put together.
import type { Clock } from '../../base/clock.ts'
import type { Deadlines } from '../../base/deadlines.ts'
import type { Random } from '../../base/random.ts'
import type { ConfigLayers } from '../config/layers.ts'
import type { BrokerConfig } from '../config/load.ts'
import type {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
} from '../controller/describe-quorum.ts'
import type { MetadataImage } from '../controller/image.ts'
import type { CallKind, ReplyTo, RequestTo } from '../controller/controller.ts'
import type { GroupCoordinator } from '../coordinator/registry.ts'
import type { FetchSessions } from '../partition/fetch-session.ts'
import type { Partitions } from '../partition/partitions.ts'
import type { Turn } from '../partition/turn.ts'
import type { ImageCache } from './image-cache.ts'
import type { Notices } from './notices.ts'
import type { ProducerIds } from './producer-ids.ts'
import type { Handler } from './handler.ts'

/** A request that waits and must be answered when the node stops. */
export interface Parked {
  stop(): void
}

export interface FeatureRange {
  readonly name: string
  readonly min: number
  readonly max: number
}

export interface Node {
  readonly id: number
  readonly clusterId: string
  readonly config: BrokerConfig
  readonly clock: Clock
  readonly random: Random
  readonly deadlines: Deadlines
  readonly turn: Turn
  /** One line for the log of an exception that must not harm anybody else. */
  readonly unexpected: (error: unknown) => void
  readonly partitions: Partitions
  readonly groups: GroupCoordinator
  readonly producerIds: ProducerIds
  readonly fetchSessions: FetchSessions
  readonly metadata: {
    image(): MetadataImage
    /** Asks the active controller; `answer` is called once, when the outcome is committed. */
    call<Kind extends CallKind>(
      kind: Kind,
      request: RequestTo<Kind>,
      answer: (reply: ReplyTo<Kind> | { readonly refused: number }) => void,
    ): void
    describeQuorum(request: DescribeQuorumRequest): DescribeQuorumResponse
  }
  /** What is served on that listener. */
  handlersOn(listener: string): readonly Handler[]
  isControllerListener(name: string): boolean
  readonly supportedFeatures: readonly FeatureRange[]
  /** What the broker's keys are worth now, dynamic changes included. */
  configLayers(): ConfigLayers
  diskSpace(): {
    readonly directory: string
    readonly totalBytes: number
    readonly usableBytes: number
  }
  readonly parked: Set<Parked>
  readonly limits: { readonly fetchMaxBytes: number }
  readonly imageCache: ImageCache
  /** Is the listener bound to a wildcard and not advertised, so that the client's way decides? */
  answersByConnection(listener: string): boolean
  readonly notices: Notices
}
