// What a handler sees of the broker that it runs in: the parts that src/broker.ts put together.
import type { Clock } from '../../base/clock.ts'
import type { Deadlines } from '../../base/deadlines.ts'
import type { Random } from '../../base/random.ts'
import type { BrokerConfig } from '../config/load.ts'
import type { MetadataImage } from '../controller/image.ts'
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
  readonly metadata: { image(): MetadataImage }
  readonly handlers: readonly Handler[]
  readonly supportedFeatures: readonly FeatureRange[]
  readonly parked: Set<Parked>
  /** A log line that is written at most once in the life of the process. */
  noteOnce(line: string): void
}
