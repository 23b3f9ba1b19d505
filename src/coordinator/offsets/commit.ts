// OffsetCommit (API 8, versions 2-10): who may commit to a group, and the records it becomes. That
// the partitions exist was checked before. KIP-211 (retention), KIP-345, KIP-848 (v9 errors).
import { errors } from '../../../protocol/errors.ts'
import { type ClassicGroup, memberOf } from '../group/classic/classic-group.ts'
import { sighted } from '../group/classic/ghosts.ts'
import { renewSession } from '../group/classic/session.ts'
import { validateMember } from '../group/classic/validate-member.ts'
import type { Caller, OffsetCommitRequest, OffsetCommitResponseTopic } from '../group/messages.ts'
import type { GroupRecord } from '../group/records.ts'
import { type Turn, append, findGroup, fits } from '../group/shard-state.ts'

export function commitOffsets(
  turn: Turn,
  caller: Caller,
  request: OffsetCommitRequest,
): OffsetCommitResponseTopic[] {
  const refusal = admitCommit(turn, caller, request)
  if (refusal !== errors.NONE) return answerAll(request, () => refusal)
  const { offsetMetadataMaxBytes } = turn.around.image.limits
  const isTooLong = ({ committedMetadata }: Partition): boolean =>
    (committedMetadata ?? '').length > offsetMetadataMaxBytes
  const records = request.topics.flatMap((topic) =>
    topic.partitions
      .filter((partition) => !isTooLong(partition))
      .map((partition) => recordOf(turn, request, topic, partition)),
  )
  if (!fits(turn, records)) return answerAll(request, () => errors.UNKNOWN_SERVER_ERROR)
  for (const record of records) append(turn, record)
  return answerAll(request, (partition) =>
    isTooLong(partition) ? errors.OFFSET_METADATA_TOO_LARGE : errors.NONE,
  )
}

type Topic = OffsetCommitRequest['topics'][number]
type Partition = Topic['partitions'][number]

function answerAll(
  request: OffsetCommitRequest,
  codeOf: (partition: Partition) => number,
): OffsetCommitResponseTopic[] {
  return request.topics.map(({ name, topicId, partitions }) => ({
    name,
    topicId,
    partitions: partitions.map((partition) => ({
      partitionIndex: partition.partitionIndex,
      errorCode: codeOf(partition),
    })),
  }))
}

function recordOf(
  turn: Turn,
  request: OffsetCommitRequest,
  topic: Topic,
  partition: Partition,
): GroupRecord {
  const { now } = turn.around
  const { retentionTimeMs } = request
  return {
    kind: 'offset',
    group: request.groupId,
    topic: topic.name,
    partition: partition.partitionIndex,
    producerId: -1,
    value: {
      offset: partition.committedOffset,
      leaderEpoch: partition.committedLeaderEpoch,
      metadata: partition.committedMetadata ?? '',
      commitTimestamp: now,
      expireTimestamp: retentionTimeMs === -1 ? -1 : now + retentionTimeMs,
      topicId: topic.topicId,
    },
  }
}

/**
 * A commit by a member is a sign of life. One without a generation makes a simple group where there
 * is none, by its record alone.
 */
function admitCommit(turn: Turn, caller: Caller, request: OffsetCommitRequest): number {
  const group = findGroup(turn, request.groupId)
  if (group === undefined) {
    const isForeign = turn.state.hard.foreign.has(request.groupId)
    if (request.generationIdOrMemberEpoch < 0 && !isForeign) return errors.NONE
    return caller.apiVersion >= 9 ? errors.GROUP_ID_NOT_FOUND : errors.ILLEGAL_GENERATION
  }
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
