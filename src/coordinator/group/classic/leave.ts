// LeaveGroup on a classic group (API 13, versions 0-5): several members at once, each with its own
// result. KIP-345 (v3 batches), KIP-800 (v5 reasons, which only people read).
import { errors } from '../../../../protocol/errors.ts'
import type { LeaveGroupRequest, LeaveGroupResponse } from '../messages.ts'
import { type Turn, findGroup } from '../shard-state.ts'
import { type ClassicGroup, memberOf, removeMember } from './classic-group.ts'
import {
  answerJoin,
  answerSync,
  completeJoinIfReady,
  joinFailure,
  prepareRebalance,
} from './rebalance.ts'
import { endSession } from './session.ts'
import { validateMember } from './validate-member.ts'

export function leaveGroup(turn: Turn, request: LeaveGroupRequest): LeaveGroupResponse {
  const group = findGroup(turn, request.groupId)
  const members = request.members.map(({ memberId, groupInstanceId }) => ({
    memberId,
    groupInstanceId,
    errorCode:
      group === undefined
        ? errors.UNKNOWN_MEMBER_ID
        : leave(turn, group, memberId, groupInstanceId),
  }))
  if (group !== undefined && members.some(({ errorCode }) => errorCode === errors.NONE)) {
    if (group.state === 'Stable' || group.state === 'CompletingRebalance') {
      prepareRebalance(turn, group)
    } else {
      completeJoinIfReady(turn, group)
    }
  }
  return { throttleTimeMs: 0, errorCode: errors.NONE, members }
}

function leave(
  turn: Turn,
  group: ClassicGroup,
  memberId: string,
  groupInstanceId: string | null,
): number {
  if (memberId === '') {
    // An administrator removes a static member by its name.
    const known = groupInstanceId === null ? undefined : group.staticMembers.get(groupInstanceId)
    if (known === undefined) return errors.UNKNOWN_MEMBER_ID
    removeLeaving(turn, group, known)
    return errors.NONE
  }
  if (group.pendingMembers.has(memberId)) {
    removeMember(group, memberId)
    endSession(turn, group, memberId)
    return errors.NONE
  }
  const errorCode = validateMember(group, memberId, groupInstanceId)
  if (errorCode === errors.NONE) removeLeaving(turn, group, memberId)
  return errorCode
}

function removeLeaving(turn: Turn, group: ClassicGroup, memberId: string): void {
  const member = memberOf(group, memberId)
  endSession(turn, group, memberId)
  answerJoin(turn, member, joinFailure(errors.UNKNOWN_MEMBER_ID, ''))
  answerSync(turn, group, member, errors.UNKNOWN_MEMBER_ID)
  removeMember(group, memberId)
}
