// OffsetFetch for one group (API 9, versions 1-10): named partitions, or everything the group has.
// A group that does not exist has no offsets; that is not an error. KIP-447 (requireStable, v7),
// KIP-709 (several groups, v8), KIP-848 (member epoch, v9).
import { ZERO_UUID } from '../../../base/uuid.ts'
import { errors } from '../../../protocol/errors.ts'
import { sighted } from '../group/classic/ghosts.ts'
import type {
  Caller,
  OffsetFetchGroup,
  OffsetFetchResponseGroup,
  OffsetFetchResponseTopic,
} from '../group/messages.ts'
import { type Turn, findGroup } from '../group/shard-state.ts'
import { type Place, type StoredOffset, getOffset, isPending } from './committed-offsets.ts'

export function fetchOffsets(
  turn: Turn,
  caller: Caller,
  request: OffsetFetchGroup,
): OffsetFetchResponseGroup {
  const { groupId, memberId } = request
  const group = findGroup(turn, groupId)
  if (group !== undefined && memberId !== null) sighted(turn, caller, group, memberId)
  const topics = request.topics === null ? fetchAll(turn, request) : fetchNamed(turn, request)
  return { groupId, topics, errorCode: errors.NONE }
}

type ResponsePartition = OffsetFetchResponseTopic['partitions'][number]

function fetchNamed(turn: Turn, request: OffsetFetchGroup): OffsetFetchResponseTopic[] {
  const { offsets } = turn.state.hard
  return (request.topics ?? []).map(({ name, topicId, partitionIndexes }) => ({
    name,
    topicId,
    partitions: partitionIndexes.map((partition): ResponsePartition => {
      const place = { group: request.groupId, topic: name, partition }
      if (isUnstable(turn, request, place)) return nothing(partition, errors.UNSTABLE_OFFSET_COMMIT)
      const stored = getOffset(offsets.byGroup, place)
      if (stored === undefined || isOfAnotherTopic(stored, topicId))
        return nothing(partition, errors.NONE)
      return committed(partition, stored)
    }),
  }))
}

function fetchAll(turn: Turn, request: OffsetFetchGroup): OffsetFetchResponseTopic[] {
  const { groupId: group } = request
  const byTopic = turn.state.hard.offsets.byGroup.get(group) ?? new Map<string, never>()
  return Array.from(byTopic, ([topic, partitions]) => ({
    name: topic,
    topicId: ZERO_UUID,
    partitions: Array.from(partitions, ([partition, stored]): ResponsePartition =>
      isUnstable(turn, request, { group, topic, partition })
        ? nothing(partition, errors.UNSTABLE_OFFSET_COMMIT)
        : committed(partition, stored),
    ),
  }))
}

function isUnstable(turn: Turn, request: OffsetFetchGroup, place: Place): boolean {
  return request.requireStable && isPending(turn.state.hard.offsets, place)
}

/** A topic of the same name was deleted and made anew since the commit. */
function isOfAnotherTopic(stored: StoredOffset, topicId: string): boolean {
  return stored.topicId !== ZERO_UUID && topicId !== ZERO_UUID && stored.topicId !== topicId
}

function committed(partitionIndex: number, stored: StoredOffset): ResponsePartition {
  return {
    partitionIndex,
    committedOffset: stored.offset,
    committedLeaderEpoch: stored.leaderEpoch,
    metadata: stored.metadata,
    errorCode: errors.NONE,
  }
}

function nothing(partitionIndex: number, errorCode: number): ResponsePartition {
  return {
    partitionIndex,
    committedOffset: -1,
    committedLeaderEpoch: -1,
    metadata: '',
    errorCode,
  }
}
