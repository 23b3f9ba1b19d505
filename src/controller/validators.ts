// What the controller asks of the configuration layer: whether values are legal, which keys are
// lists, and what a new topic's effective configuration is. The composition root gives it.
import type { ApiError } from './api-error.ts'
import type { ConfigResource } from './configs.ts'

export interface EffectiveConfig {
  readonly name: string
  readonly value: string | null
  readonly readOnly: boolean
  /** DescribeConfigs' source numbers. */
  readonly configSource: number
  readonly isSensitive: boolean
}

export interface ConfigValidators {
  /** `before` and `after` hold explicitly set values; undefined when `after` is legal. */
  validate(
    resource: ConfigResource,
    after: ReadonlyMap<string, string>,
    before: ReadonlyMap<string, string>,
  ): ApiError | undefined
  isList(type: number, name: string): boolean
  /** The built-in default, where APPEND and SUBTRACT start from. */
  defaultValue(type: number, name: string): string | undefined
  /** Every topic key with its effective value, sorted by name: CreateTopics returns them. */
  effectiveTopicConfigs(overrides: ReadonlyMap<string, string>): readonly EffectiveConfig[]
  /** num.partitions and default.replication.factor. */
  defaultPartitions(): number
  defaultReplicationFactor(): number
  /** unclean.leader.election.enable, effective for a topic's explicit values. */
  uncleanLeaderElection(overrides: ReadonlyMap<string, string>): boolean
}
