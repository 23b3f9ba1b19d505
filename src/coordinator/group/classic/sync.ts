// SyncGroup on a classic group (API 14, versions 0-5): the leader brings the assignment, everybody
// fetches its own part. The generation becomes a record when the leader has spoken. KIP-559 (v5).
import { assert } from '../../../../base/assert.ts'
import { errors } from '../../../../protocol/errors.ts'
import type { Caller, SyncGroupRequest, SyncGroupResponse, Token } from '../messages.ts'
import type { GroupRecord } from '../records.ts'
import { type Turn, answer, append, cancel, findGroup, fits, timerKey } from '../shard-state.ts'
import {
  type ClassicGroup,
  EMPTY_ASSIGNMENT,
  memberOf,
  ownBytes,
  toMetadata,
  transition,
} from './classic-group.ts'
import { sighted } from './ghosts.ts'
import { answerSync, failSyncs, prepareRebalance } from './rebalance.ts'
import { renewSession } from './session.ts'
import { validateMember } from './validate-member.ts'

interface Sync {
  readonly token: Token
  readonly caller: Caller
  readonly request: SyncGroupRequest
}

export function syncGroup(turn: Turn, sync: Sync): void {
  const { request, token } = sync
  const group = findGroup(turn, request.groupId)
  if (group === undefined || group.state === 'Empty') {
    return answer(turn, token, syncFailure(errors.UNKNOWN_MEMBER_ID))
  }
  sighted(turn, sync.caller, group, request.memberId)
  const errorCode = validateSync(group, request)
  if (errorCode !== errors.NONE) return answer(turn, token, syncFailure(errorCode))
  const member = memberOf(group, request.memberId)
  switch (group.state) {
    case 'PreparingRebalance':
      return answer(turn, token, syncFailure(errors.REBALANCE_IN_PROGRESS))
    case 'CompletingRebalance':
      answerSync(turn, group, member, errors.REBALANCE_IN_PROGRESS)
      member.sync = token
      syncReceived(turn, group, member.memberId)
      if (group.leaderId === member.memberId) completeGeneration(turn, group, request)
      return
    case 'Stable':
      syncReceived(turn, group, member.memberId)
      member.sync = token
      answerSync(turn, group, member, errors.NONE)
      return
    case 'Dead':
      assert(false, `group ${group.groupId} is dead and was found`)
  }
}

export function syncFailure(errorCode: number): SyncGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    protocolType: null,
    protocolName: null,
    assignment: EMPTY_ASSIGNMENT,
  }
}

function validateSync(group: ClassicGroup, request: SyncGroupRequest): number {
  const errorCode = validateMember(group, request.memberId, request.groupInstanceId)
  if (errorCode !== errors.NONE) return errorCode
  if (request.generationId !== group.generationId) return errors.ILLEGAL_GENERATION
  const isConsistent =
    agrees(request.protocolType, group.protocolType) &&
    agrees(request.protocolName, group.protocolName)
  return isConsistent ? errors.NONE : errors.INCONSISTENT_GROUP_PROTOCOL
}

function agrees(requested: string | null, present: string | null): boolean {
  return requested === null || present === null || requested === present
}

function syncReceived(turn: Turn, group: ClassicGroup, memberId: string): void {
  group.pendingSyncs.delete(memberId)
  if (group.pendingSyncs.size === 0) cancel(turn, timerKey('sync', group.groupId))
}

/** Members that the leader left out get an empty assignment. */
function completeGeneration(turn: Turn, group: ClassicGroup, request: SyncGroupRequest): void {
  const assignments = new Map<string, Buffer>()
  for (const { memberId, assignment } of request.assignments) {
    assignments.set(memberId, ownBytes(assignment))
  }
  for (const member of group.members.values()) {
    member.assignment = assignments.get(member.memberId) ?? EMPTY_ASSIGNMENT
  }
  // The timestamp in the record is that of the state before, as Kafka writes it.
  const record: GroupRecord = { kind: 'group', group: group.groupId, value: toMetadata(group) }
  if (!fits(turn, [record])) {
    failSyncs(turn, group, errors.UNKNOWN_SERVER_ERROR)
    return prepareRebalance(turn, group)
  }
  append(turn, record)
  for (const member of group.members.values()) {
    if (answerSync(turn, group, member, errors.NONE)) renewSession(turn, group, member)
  }
  transition(group, 'Stable', turn.around.now)
}
