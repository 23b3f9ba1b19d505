// Heartbeat on a classic group (API 12, versions 0-4), and what happens when none comes.
import { errors } from '../../../../protocol/errors.ts'
import type { Caller, HeartbeatRequest } from '../messages.ts'
import { type Turn, arm, findGroup, timerKey } from '../shard-state.ts'
import { type ClassicGroup, memberOf } from './classic-group.ts'
import { sighted } from './ghosts.ts'
import { dropMember, dropPendingMember } from './rebalance.ts'
import { judgeTimer, renewSession } from './session.ts'
import { validateMember } from './validate-member.ts'

/** The error code of the answer. */
export function heartbeat(turn: Turn, caller: Caller, request: HeartbeatRequest): number {
  const { memberId } = request
  const group = findGroup(turn, request.groupId)
  if (group === undefined) return errors.UNKNOWN_MEMBER_ID
  sighted(turn, caller, group, memberId)
  const errorCode = validateMember(group, memberId, request.groupInstanceId)
  if (errorCode !== errors.NONE) return errorCode
  if (request.generationId !== group.generationId) return errors.ILLEGAL_GENERATION
  if (group.state === 'Empty') return errors.UNKNOWN_MEMBER_ID
  renewSession(turn, group, memberOf(group, memberId))
  return group.state === 'PreparingRebalance' ? errors.REBALANCE_IN_PROGRESS : errors.NONE
}

export function sessionTimerFired(turn: Turn, group: ClassicGroup, memberId: string): void {
  const member = group.members.get(memberId)
  const session = member ?? group.pendingMembers.get(memberId)
  if (session === undefined) return
  const verdict = judgeTimer(turn, session.sessionDeadline)
  if (verdict === 'early') return
  if (verdict === 'suspended') {
    const key = timerKey('session', group.groupId, memberId)
    session.sessionDeadline = arm(turn, key, session.sessionTimeoutMs)
    return
  }
  if (member === undefined) return dropPendingMember(turn, group, memberId)
  // Who waits for us to answer is alive; a new member may not wait for ever.
  const isWaiting = member.join !== null || member.sync !== null
  if (isWaiting && !member.isNew) return
  dropMember(turn, group, member)
}
