// OffsetCommit (API 8, versions 2-10): who may commit to a group, and the records it becomes. That
// the partitions exist was checked before. KIP-211 (retention), KIP-345, KIP-848 (v9 errors).
import { errors } from '../../../protocol/errors.ts'
import { type ClassicGroup, memberOf } from '../group/classic/classic-group.ts'
import { sighted } from '../group/classic/ghosts.ts'
import { renewSession } from '../group/classic/session.ts'
import { validateMember } from '../group/classic/validate-member.ts'
import type { Caller, OffsetCommitRequest, OffsetCommitResponseTopic } from '../group/messages.ts'
import { type Turn, findGroup, findOrCreateGroup } from '../group/shard-state.ts'

export function commitOffsets(
  turn: Turn,
  caller: Caller,
  request: OffsetCommitRequest,
): OffsetCommitResponseTopic[] {
  const errorCode = admitCommit(turn, caller, request)
  return request.topics.map((topic) => ({
    name: topic.name,
    topicId: topic.topicId,
    partitions: topic.partitions.map((partition) => ({
      partitionIndex: partition.partitionIndex,
      errorCode: errorCode === errors.NONE ? commitOne(turn, request, topic, partition) : errorCode,
    })),
  }))
}

type Topic = OffsetCommitRequest['topics'][number]

function commitOne(
  turn: Turn,
  request: OffsetCommitRequest,
  topic: Topic,
  partition: Topic['partitions'][number],
): number {
  const metadata = partition.committedMetadata ?? ''
  if (metadata.length > turn.around.image.limits.offsetMetadataMaxBytes) {
    return errors.OFFSET_METADATA_TOO_LARGE
  }
  const { now } = turn.around
  const { retentionTimeMs } = request
  turn.records.push({
    kind: 'offset',
    group: request.groupId,
    topic: topic.name,
    partition: partition.partitionIndex,
    producerId: -1,
    value: {
      offset: partition.committedOffset,
      leaderEpoch: partition.committedLeaderEpoch,
      metadata,
      commitTimestamp: now,
      expireTimestamp: retentionTimeMs === -1 ? -1 : now + retentionTimeMs,
      topicId: topic.topicId,
    },
  })
  return errors.NONE
}

/** A commit by a member is a sign of life; one without a generation makes a simple group. */
function admitCommit(turn: Turn, caller: Caller, request: OffsetCommitRequest): number {
  const found = findGroup(turn, request.groupId)
  if (found === undefined) {
    const isForeign = turn.state.hard.foreign.has(request.groupId)
    if (request.generationIdOrMemberEpoch >= 0 || isForeign) {
      return caller.apiVersion >= 9 ? errors.GROUP_ID_NOT_FOUND : errors.ILLEGAL_GENERATION
    }
  }
  const group = found ?? findOrCreateGroup(turn, request.groupId)
  sighted(turn, caller, group, request.memberId)
  const errorCode = validateCommit(group, request)
  if (errorCode !== errors.NONE) return errorCode
  if (group.state === 'Stable' || group.state === 'PreparingRebalance') {
    renewSession(turn, group, memberOf(group, request.memberId))
  }
  return errors.NONE
}

function validateCommit(group: ClassicGroup, request: OffsetCommitRequest): number {
  const { memberId, groupInstanceId, generationIdOrMemberEpoch: generationId } = request
  if (generationId < 0 && group.state === 'Empty') return errors.NONE
  if (generationId < 0 && memberId === '' && groupInstanceId === null)
    return errors.UNKNOWN_MEMBER_ID
  const errorCode = validateMember(group, memberId, groupInstanceId)
  if (errorCode !== errors.NONE) return errorCode
  if (generationId !== group.generationId) return errors.ILLEGAL_GENERATION
  return group.state === 'CompletingRebalance' ? errors.REBALANCE_IN_PROGRESS : errors.NONE
}
