// The settings that the group coordinator obeys, as a plain object: it never sees the configuration
// itself. The composition root builds a new one whenever a setting changes.

export interface GroupLimits {
  readonly groupMinSessionTimeoutMs: number
  readonly groupMaxSessionTimeoutMs: number
  readonly groupMaxSize: number
  /** How long the first rebalance of an empty group waits for more members; 0 = not at all. */
  readonly initialRebalanceDelayMs: number
  readonly offsetsRetentionMs: number
  readonly offsetsRetentionCheckIntervalMs: number
  /** Counted in UTF-16 code units, as Kafka counts it. */
  readonly offsetMetadataMaxBytes: number
  /** Most bytes of one decision's records: max.message.bytes of __consumer_offsets. */
  readonly maxBatchBytes: number
  /** samsa.group.ghost.eviction: false with more than one broker or profile kafka. */
  readonly ghostEviction: boolean
}

/** Asked before the shard is even looked for, as Kafka does. */
export function allowsSessionTimeout(limits: GroupLimits, sessionTimeoutMs: number): boolean {
  return (
    sessionTimeoutMs >= limits.groupMinSessionTimeoutMs &&
    sessionTimeoutMs <= limits.groupMaxSessionTimeoutMs
  )
}

/** How long a member that joins for the first time may wait for the rebalance to complete. */
export const NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60 * 1000

/** A timer that fires this much later than asked means that the process was suspended. */
export const SUSPENSION_MS = 1000

/** A dynamic member without an open connection is a ghost after this long without a request. */
export const GHOST_GRACE_MS = 1000
