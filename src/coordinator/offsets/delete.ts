// What removes committed offsets: OffsetDelete (API 47), the deletion of a group or of a topic, and
// age (KIP-211). Always as tombstones, never those of groups that another protocol owns.
import { ZERO_UUID } from '../../../base/uuid.ts'
import { errors } from '../../../protocol/errors.ts'
import { type ClassicGroup, isSubscribedTo } from '../group/classic/classic-group.ts'
import type { OffsetDeleteRequest, OffsetDeleteResponse } from '../group/messages.ts'
import {
  type DeletedTopic,
  type Turn,
  append,
  arm,
  findGroup,
  isFull,
  timerKey,
} from '../group/shard-state.ts'
import {
  type Place,
  type StoredOffset,
  forEachGroupOffset,
  forEachOffset,
  getOffset,
  hasPending,
  isPending,
} from './committed-offsets.ts'

export function deleteOffsets(turn: Turn, request: OffsetDeleteRequest): OffsetDeleteResponse {
  const group = findGroup(turn, request.groupId)
  const errorCode = validateDelete(turn, request.groupId, group)
  if (errorCode !== errors.NONE || group === undefined)
    return { errorCode, throttleTimeMs: 0, topics: [] }
  const topics = request.topics.map((topic) => {
    const code = isSubscribedTo(group, topic.name) ? errors.GROUP_SUBSCRIBED_TO_TOPIC : errors.NONE
    const partitions = topic.partitions.map(({ partitionIndex }) => {
      const place = { group: request.groupId, topic: topic.name, partition: partitionIndex }
      if (code === errors.NONE && isStored(turn, place)) pushTombstone(turn, place)
      return { partitionIndex, errorCode: code }
    })
    return { name: topic.name, partitions }
  })
  return { errorCode: errors.NONE, throttleTimeMs: 0, topics }
}

/** Tombstones for everything the group has committed, in open transactions too. */
export function deleteAllOffsets(turn: Turn, groupId: string): void {
  const { offsets } = turn.state.hard
  forEachGroupOffset(offsets.byGroup, groupId, (place) => pushTombstone(turn, place))
  for (const pending of offsets.pending.values()) {
    forEachGroupOffset(pending, groupId, (place) => {
      if (getOffset(offsets.byGroup, place) === undefined) pushTombstone(turn, place)
    })
  }
}

/** Offsets of deleted topics go at once, so that a topic made anew starts without them. */
export function forgetTopics(turn: Turn, deleted: readonly DeletedTopic[]): void {
  const ids = new Map(deleted.map(({ name, id }) => [name, id]))
  const { byGroup, pending } = turn.state.hard.offsets
  let left = 0
  for (const offsets of [byGroup, ...pending.values()]) {
    forEachOffset(offsets, (place, { topicId }) => {
      const id = ids.get(place.topic)
      if (id === undefined || (topicId !== ZERO_UUID && topicId !== id)) return
      if (isFull(turn)) left++
      else pushTombstone(turn, place)
    })
  }
  if (left === 0) return
  turn.state.soft.deletedTopics.push(...deleted)
  arm(turn, timerKey('topics'), 0)
}

/**
 * Tombstones for the group's aged offsets, as long as the decision is not full; true when it has no
 * offset left after that.
 */
export function expireOffsets(turn: Turn, group: ClassicGroup): boolean {
  const { offsets } = turn.state.hard
  const { groupId } = group
  if (!offsets.byGroup.has(groupId)) return !hasPending(offsets, groupId)
  const agesFrom = expiryBase(group)
  if (agesFrom === null) return false
  const { now, image } = turn.around
  let allExpired = true
  forEachGroupOffset(offsets.byGroup, groupId, (place, stored) => {
    const expiresAt =
      stored.expireTimestamp === -1
        ? agesFrom(stored) + image.limits.offsetsRetentionMs
        : stored.expireTimestamp
    const isKept =
      isSubscribedTo(group, place.topic) || now < expiresAt || isPending(offsets, place)
    if (isKept || isFull(turn)) allExpired = false
    else pushTombstone(turn, place)
  })
  return allExpired && !hasPending(offsets, groupId)
}

/** From when an offset ages: from the commit, or from when the group became empty; null = never. */
function expiryBase(group: ClassicGroup): ((stored: StoredOffset) => number) | null {
  if (group.protocolType === null) return (stored) => stored.commitTimestamp
  if (group.state === 'Empty') {
    const { stateTimestamp } = group
    return (stored) => (stateTimestamp === -1 ? stored.commitTimestamp : stateTimestamp)
  }
  const isConsumer = group.protocolType === 'consumer' && group.subscribedTopics !== null
  return isConsumer && group.state === 'Stable' ? (stored) => stored.commitTimestamp : null
}

function validateDelete(turn: Turn, groupId: string, group: ClassicGroup | undefined): number {
  if (turn.state.hard.foreign.has(groupId)) return errors.NON_EMPTY_GROUP
  if (group === undefined) return errors.GROUP_ID_NOT_FOUND
  // A live group may lose offsets only where its subscription is known: consumers.
  return group.state === 'Empty' || group.protocolType === 'consumer'
    ? errors.NONE
    : errors.NON_EMPTY_GROUP
}

function isStored(turn: Turn, place: Place): boolean {
  const { offsets } = turn.state.hard
  return getOffset(offsets.byGroup, place) !== undefined || isPending(offsets, place)
}

function pushTombstone(turn: Turn, place: Place): void {
  append(turn, { kind: 'offset', ...place, value: null, producerId: -1 })
}
