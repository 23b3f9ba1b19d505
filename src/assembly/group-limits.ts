// The broker keys that the group coordinator obeys.
import { type ConfigLayers, effectiveValue } from '../config/layers.ts'
import type { GroupLimits } from '../coordinator/group/limits.ts'

const MINUTE_MS = 60_000

export function groupLimits(layers: ConfigLayers, isAlone: boolean): GroupLimits {
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
