// The rebalance of a classic group: from "somebody must rejoin" to the next generation. Join, sync,
// leave and expiry all end here. Checks and their order are Kafka's.
import { errors } from '../../../../protocol/errors.ts'
import type { JoinGroupResponse } from '../messages.ts'
import { type Turn, answer, append, arm, cancel, timerKey } from '../shard-state.ts'
import {
  type ClassicGroup,
  EMPTY_ASSIGNMENT,
  type Member,
  hasAllMembersJoined,
  metadataOf,
  rebalanceTimeoutOf,
  removeMember,
  startNextGeneration,
  toMetadata,
  transition,
} from './classic-group.ts'
import { endSession, judgeTimer, renewSession } from './session.ts'

/** Starts a rebalance where the state allows one, else completes a join phase that was waiting. */
export function rebalanceOrCompleteJoin(turn: Turn, group: ClassicGroup): void {
  if (group.state === 'PreparingRebalance') completeJoinIfReady(turn, group)
  else prepareRebalance(turn, group)
}

/** During the first rebalance of an empty group only the initial delay completes the phase. */
export function completeJoinIfReady(turn: Turn, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance' || group.previousState === 'Empty') return
  if (hasAllMembersJoined(group)) completeJoin(turn, group)
}

export function prepareRebalance(turn: Turn, group: ClassicGroup): void {
  if (group.state === 'CompletingRebalance') failSyncs(turn, group, errors.REBALANCE_IN_PROGRESS)
  group.pendingSyncs.clear()
  cancel(turn, timerKey('sync', group.groupId))
  const isInitial = group.state === 'Empty'
  transition(group, 'PreparingRebalance', turn.around.now)
  if (isInitial) return waitForFirstMembers(turn, group)
  const timeoutMs = rebalanceTimeoutOf(group)
  // Without members nobody says how long to wait, even if somebody was promised an id.
  if (timeoutMs === 0 || hasAllMembersJoined(group)) completeJoin(turn, group)
  else armJoinTimer(turn, group, timeoutMs)
}

/** The end of the join phase: whoever waits is in, other dynamic members are out. */
export function completeJoin(turn: Turn, group: ClassicGroup): void {
  cancel(turn, timerKey('join', group.groupId))
  group.initialDelay = null
  for (const member of group.members.values()) {
    if (member.join !== null || member.groupInstanceId !== null) continue
    removeMember(group, member.memberId)
    endSession(turn, group, member.memberId)
  }
  if (!electJoinedLeader(group) && group.members.size > 0) {
    // Only static members, and none of them came: wait for them once more.
    armJoinTimer(turn, group, rebalanceTimeoutOf(group))
    return
  }
  startNextGeneration(group, turn.around.now)
  if (group.state === 'Empty') {
    append(turn, { kind: 'group', group: group.groupId, value: toMetadata(group) })
    return
  }
  for (const member of group.members.values()) {
    answerJoin(turn, member, joinReply(group, member.memberId))
    renewSession(turn, group, member)
    member.isNew = false
    group.pendingSyncs.add(member.memberId)
  }
  const syncKey = timerKey('sync', group.groupId)
  group.syncDeadline = arm(turn, syncKey, rebalanceTimeoutOf(group))
}

/** The reply of a member that is part of the current generation; the leader's lists all. */
export function joinReply(group: ClassicGroup, memberId: string): JoinGroupResponse {
  const members = group.leaderId === memberId ? membersForLeader(group) : []
  return {
    ...joinFailure(errors.NONE, memberId),
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leaderId ?? '',
    members,
  }
}

function membersForLeader(group: ClassicGroup): JoinGroupResponse['members'] {
  return Array.from(group.members.values(), (member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    metadata: metadataOf(member, group.protocolName),
  }))
}

export function joinFailure(errorCode: number, memberId: string): JoinGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    generationId: -1,
    protocolType: null,
    protocolName: '',
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  }
}

export function answerJoin(turn: Turn, member: Member, reply: JoinGroupResponse): void {
  if (member.join === null) return
  answer(turn, member.join, reply)
  member.join = null
}

/** Answers a parked sync with the member's assignment, or with an error and nothing else. */
export function answerSync(
  turn: Turn,
  group: ClassicGroup,
  member: Member,
  errorCode: number,
): boolean {
  if (member.sync === null) return false
  const ok = errorCode === errors.NONE
  answer(turn, member.sync, {
    throttleTimeMs: 0,
    errorCode,
    protocolType: ok ? group.protocolType : null,
    protocolName: ok ? group.protocolName : null,
    assignment: ok ? member.assignment : EMPTY_ASSIGNMENT,
  })
  member.sync = null
  return true
}

/** A member left or was found dead: the others rebalance, or need not wait for it any more. */
export function dropMember(turn: Turn, group: ClassicGroup, member: Member): void {
  answerJoin(turn, member, joinFailure(errors.UNKNOWN_MEMBER_ID, ''))
  answerSync(turn, group, member, errors.UNKNOWN_MEMBER_ID)
  removeMember(group, member.memberId)
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') {
    prepareRebalance(turn, group)
  } else if (group.state === 'PreparingRebalance' && hasAllMembersJoined(group)) {
    completeJoin(turn, group)
  }
}

export function dropPendingMember(turn: Turn, group: ClassicGroup, memberId: string): void {
  removeMember(group, memberId)
  if (group.state === 'PreparingRebalance' && hasAllMembersJoined(group)) {
    completeJoin(turn, group)
  }
}

export function joinTimerFired(turn: Turn, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance') return
  const verdict = judgeTimer(turn, group.joinDeadline)
  if (verdict === 'early') return
  if (group.initialDelay !== null) return initialDelayPassed(turn, group)
  if (verdict === 'suspended') return armJoinTimer(turn, group, rebalanceTimeoutOf(group))
  completeJoin(turn, group)
}

/** Members that never fetched their assignment are removed, and the rest rebalances. */
export function syncTimerFired(turn: Turn, group: ClassicGroup): void {
  if (group.state !== 'CompletingRebalance' && group.state !== 'Stable') return
  const verdict = judgeTimer(turn, group.syncDeadline)
  if (verdict === 'early' || group.pendingSyncs.size === 0) return
  if (verdict === 'suspended') {
    group.syncDeadline = arm(turn, timerKey('sync', group.groupId), rebalanceTimeoutOf(group))
    return
  }
  for (const memberId of group.pendingSyncs) {
    // Its sync did not come, so nothing of it is parked.
    removeMember(group, memberId)
    endSession(turn, group, memberId)
  }
  prepareRebalance(turn, group)
}

function waitForFirstMembers(turn: Turn, group: ClassicGroup): void {
  const delayMs = turn.around.image.limits.initialRebalanceDelayMs
  if (delayMs === 0) return completeJoin(turn, group)
  const remainingMs = Math.max(rebalanceTimeoutOf(group) - delayMs, 0)
  group.initialDelay = { delayMs, remainingMs }
  armJoinTimer(turn, group, delayMs)
}

/** Each newcomer extends the first rebalance by the delay, up to the rebalance timeout. */
function initialDelayPassed(turn: Turn, group: ClassicGroup): void {
  const { delayMs, remainingMs } = group.initialDelay!
  if (!group.newMemberAdded || remainingMs === 0) return completeJoin(turn, group)
  group.newMemberAdded = false
  const nextMs = Math.min(turn.around.image.limits.initialRebalanceDelayMs, remainingMs)
  group.initialDelay = { delayMs: nextMs, remainingMs: Math.max(remainingMs - delayMs, 0) }
  armJoinTimer(turn, group, nextMs)
}

function armJoinTimer(turn: Turn, group: ClassicGroup, delayMs: number): void {
  group.joinDeadline = arm(turn, timerKey('join', group.groupId), delayMs)
}

/** A leader that did not rejoin in time gives way to somebody who did. */
function electJoinedLeader(group: ClassicGroup): boolean {
  if (group.leaderId === null) return false
  if (group.members.get(group.leaderId)!.join !== null) return true
  for (const member of group.members.values()) {
    if (member.join === null) continue
    group.leaderId = member.memberId
    return true
  }
  return false
}

/** Nobody has an assignment, and whoever waits for one hears why. */
export function failSyncs(turn: Turn, group: ClassicGroup, errorCode: number): void {
  for (const member of group.members.values()) {
    member.assignment = EMPTY_ASSIGNMENT
    if (answerSync(turn, group, member, errorCode)) renewSession(turn, group, member)
  }
}
