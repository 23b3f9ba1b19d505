// The group coordinator of a broker, with the keys that it obeys.
import type { Clock } from '../../base/clock.ts'
import type { Deadlines } from '../../base/deadlines.ts'
import type { Random } from '../../base/random.ts'
import type { Codecs } from '../../protocol/records/compression/codecs.ts'
import { type ConfigLayers, effectiveValue } from '../config/layers.ts'
import type { BrokerConfig } from '../config/load.ts'
import type { MetadataImage } from '../controller/image.ts'
import type { GroupLimits } from '../coordinator/group/limits.ts'
import { GroupCoordinator } from '../coordinator/registry.ts'
import { GROUP_METADATA_TOPIC } from '../handlers/internal-topics.ts'

export interface GroupParts {
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly random: Random
  readonly codecs: Codecs
  readonly config: BrokerConfig
  image(): MetadataImage
  layers(): ConfigLayers
  /** A shard has stopped and resigned. */
  failed(partition: number, error: unknown): void
  unexpected(error: unknown): void
}

/** Requests that wait in one shard, parked joins and syncs included. */
const MAX_REQUESTS_PER_SHARD = 10_000
const MINUTE_MS = 60_000

export function groupCoordinator(parts: GroupParts): GroupCoordinator {
  const { clock, deadlines, random, codecs, config } = parts
  // Read at every decision, so they are made anew only when the metadata changed.
  let known: { readonly image: MetadataImage; readonly limits: GroupLimits } | undefined
  return new GroupCoordinator({
    clock,
    deadlines,
    random,
    codecs,
    decompressedMaxBytes: config.get('samsa.decompressed.max.bytes'),
    limits: () => {
      const image = parts.image()
      if (known?.image !== image) {
        known = { image, limits: groupLimits(parts.layers(), image.brokers.size === 1) }
      }
      return known.limits
    },
    partitionCount: () =>
      parts.image().topicsByName.get(GROUP_METADATA_TOPIC)?.partitions.length ??
      config.get('offsets.topic.num.partitions'),
    maxOpenRequestsPerShard: MAX_REQUESTS_PER_SHARD,
    unexpected: (error) => parts.unexpected(error),
    failed: (partition, error) => parts.failed(partition, error),
  })
}

function groupLimits(layers: ConfigLayers, isAlone: boolean): GroupLimits {
  const eviction = effectiveValue(layers, 'samsa.group.ghost.eviction')
  const profile = effectiveValue(layers, 'samsa.profile')
  return {
    groupMinSessionTimeoutMs: effectiveValue(layers, 'group.min.session.timeout.ms'),
    groupMaxSessionTimeoutMs: effectiveValue(layers, 'group.max.session.timeout.ms'),
    groupMaxSize: effectiveValue(layers, 'group.max.size'),
    initialRebalanceDelayMs: effectiveValue(layers, 'group.initial.rebalance.delay.ms'),
    offsetsRetentionMs: effectiveValue(layers, 'offsets.retention.minutes') * MINUTE_MS,
    offsetsRetentionCheckIntervalMs: effectiveValue(layers, 'offsets.retention.check.interval.ms'),
    maxBatchBytes: effectiveValue(layers, 'message.max.bytes'),
    offsetMetadataMaxBytes: effectiveValue(layers, 'offset.metadata.max.bytes'),
    // Never with more than one broker: members reach the others over connections not seen here.
    ghostEviction:
      isAlone && (eviction === 'on' || (eviction === 'auto' && profile === 'development')),
  }
}
