// JoinGroup on a classic group (API 11, versions 0-9): who may join, under which member id, and
// what that does to the group. Checks and their order are Kafka's. KIP-345 (static members),
// KIP-394 (member id required, v4), KIP-814 (skip assignment, v9).
import { randomUUID } from './member-id.ts'
import { errors } from '../../../../protocol/errors.ts'
import { NEW_MEMBER_JOIN_TIMEOUT_MS } from '../limits.ts'
import type { Caller, JoinGroupRequest, Token } from '../messages.ts'
import type { GroupRecord } from '../records.ts'
import {
  type Turn,
  answer,
  append,
  arm,
  findGroup,
  findOrCreateGroup,
  fits,
  timerKey,
} from '../shard-state.ts'
import {
  type ClassicGroup,
  EMPTY_ASSIGNMENT,
  type Member,
  type Protocol,
  addMember,
  awaitingJoins,
  createGroup,
  memberOf,
  ownBytes,
  removeMember,
  sameProtocols,
  selectProtocol,
  supportsProtocols,
  toMetadata,
} from './classic-group.ts'
import { evictGhostsOf, sighted } from './ghosts.ts'
import {
  answerJoin,
  answerSync,
  completeJoinIfReady,
  joinFailure,
  joinReply,
  prepareRebalance,
  rebalanceOrCompleteJoin,
} from './rebalance.ts'
import { renewSession } from './session.ts'
import { validateMember } from './validate-member.ts'

/** One JoinGroup: the request, who sent it, and where its answer goes. */
interface Join {
  readonly token: Token
  readonly caller: Caller
  readonly request: JoinGroupRequest
}

export function joinGroup(turn: Turn, join: Join): void {
  const { request, caller } = join
  const { groupId, memberId } = request
  if (turn.state.hard.foreign.has(groupId)) {
    return refuse(turn, join, errors.INCONSISTENT_GROUP_PROTOCOL, '')
  }
  const found = findGroup(turn, groupId)
  if (found === undefined && memberId !== '')
    return refuse(turn, join, errors.UNKNOWN_MEMBER_ID, memberId)
  const group = found ?? findOrCreateGroup(turn, groupId)
  if (found !== undefined && memberId === '') evictGhostsOf(turn, group, caller)
  if (!acceptsJoin(group, memberId, turn.around.image.limits.groupMaxSize)) {
    removeMember(group, memberId)
    refuse(turn, join, errors.GROUP_MAX_SIZE_REACHED, '')
  } else if (memberId === '') {
    joinAsNewMember(turn, group, join)
  } else {
    joinAsKnownMember(turn, group, join)
  }
  // A group exists in the log from its first join on, before any generation is complete.
  if (found === undefined && turn.records.length === 0) {
    const value = toMetadata(createGroup(groupId, turn.around.now))
    append(turn, { kind: 'group', group: groupId, value })
  }
}

function refuse(turn: Turn, join: Join, errorCode: number, memberId: string): void {
  answer(turn, join.token, joinFailure(errorCode, memberId))
}

function acceptsJoin(group: ClassicGroup, memberId: string, maxSize: number): boolean {
  const member = group.members.get(memberId)
  switch (group.state) {
    case 'Empty':
    case 'Dead':
      return true
    case 'PreparingRebalance':
      return (member !== undefined && member.join !== null) || awaitingJoins(group) < maxSize
    case 'CompletingRebalance':
    case 'Stable':
      return member !== undefined || group.members.size < maxSize
  }
}

function joinAsNewMember(turn: Turn, group: ClassicGroup, join: Join): void {
  const { request, caller } = join
  const { groupInstanceId } = request
  if (!supportsProtocols(group, request.protocolType, request.protocols)) {
    return refuse(turn, join, errors.INCONSISTENT_GROUP_PROTOCOL, '')
  }
  const memberId = `${groupInstanceId ?? caller.clientId}-${randomUUID(turn.around.random)}`
  if (groupInstanceId !== null) {
    const present = group.staticMembers.get(groupInstanceId)
    if (present === undefined) return admit(turn, group, join, memberId)
    return replaceStaticMember(turn, group, join, memberId)
  }
  if (caller.apiVersion < 4) return admit(turn, group, join, memberId)
  const key = timerKey('session', group.groupId, memberId)
  const { sessionTimeoutMs } = request
  group.pendingMembers.set(memberId, {
    clientId: caller.clientId,
    clientHost: caller.clientHost,
    sessionTimeoutMs,
    sessionDeadline: arm(turn, key, sessionTimeoutMs),
  })
  sighted(turn, caller, group, memberId)
  refuse(turn, join, errors.MEMBER_ID_REQUIRED, memberId)
}

function joinAsKnownMember(turn: Turn, group: ClassicGroup, join: Join): void {
  const { request, caller } = join
  const { memberId, groupInstanceId } = request
  sighted(turn, caller, group, memberId)
  if (!supportsProtocols(group, request.protocolType, request.protocols)) {
    return refuse(turn, join, errors.INCONSISTENT_GROUP_PROTOCOL, memberId)
  }
  if (group.pendingMembers.has(memberId)) {
    // Only dynamic members are ever pending; Kafka calls this an unexpected error as well.
    if (groupInstanceId !== null) return refuse(turn, join, errors.UNKNOWN_SERVER_ERROR, '')
    return admit(turn, group, join, memberId)
  }
  const errorCode = validateMember(group, memberId, groupInstanceId)
  if (errorCode !== errors.NONE) return refuse(turn, join, errorCode, memberId)
  const member = memberOf(group, memberId)
  const changes = !sameProtocols(member.protocols, request.protocols)
  switch (group.state) {
    case 'PreparingRebalance':
      return rejoin(turn, group, member, join)
    case 'CompletingRebalance':
      // It may have missed the answer to its last join; repeating that disturbs nobody.
      if (changes) return rejoin(turn, group, member, join)
      return answer(turn, join.token, joinReply(group, memberId))
    case 'Stable':
      if (changes || group.leaderId === memberId) return rejoin(turn, group, member, join)
      return answer(turn, join.token, joinReply(group, memberId))
    case 'Empty':
    case 'Dead':
      return refuse(turn, join, errors.UNKNOWN_MEMBER_ID, memberId)
  }
}

function admit(turn: Turn, group: ClassicGroup, join: Join, memberId: string): void {
  const { request, caller } = join
  if (group.state === 'PreparingRebalance' && group.previousState === 'Empty') {
    group.newMemberAdded = true
  }
  const member: Member = {
    memberId,
    groupInstanceId: request.groupInstanceId,
    clientId: caller.clientId,
    clientHost: caller.clientHost,
    protocolType: request.protocolType,
    rebalanceTimeoutMs: rebalanceTimeoutIn(join),
    sessionTimeoutMs: request.sessionTimeoutMs,
    protocols: keepProtocols(request),
    assignment: EMPTY_ASSIGNMENT,
    join: join.token,
    sync: null,
    isNew: true,
    sessionDeadline: 0,
  }
  addMember(group, member)
  sighted(turn, caller, group, memberId)
  renewSession(turn, group, member, NEW_MEMBER_JOIN_TIMEOUT_MS)
  rebalanceOrCompleteJoin(turn, group)
}

function rejoin(turn: Turn, group: ClassicGroup, member: Member, join: Join): void {
  updateMember(turn, member, join)
  rebalanceOrCompleteJoin(turn, group)
}

function updateMember(turn: Turn, member: Member, join: Join): void {
  // The earlier join came over another connection: its sender, if still there, asks again.
  answerJoin(turn, member, joinFailure(errors.REBALANCE_IN_PROGRESS, member.memberId))
  member.protocols = keepProtocols(join.request)
  member.rebalanceTimeoutMs = rebalanceTimeoutIn(join)
  member.sessionTimeoutMs = join.request.sessionTimeoutMs
  member.join = join.token
}

/** A static member came back without its member id: it gets a new one, the old one is fenced. */
function replaceStaticMember(turn: Turn, group: ClassicGroup, join: Join, memberId: string): void {
  const groupInstanceId = join.request.groupInstanceId!
  const old = memberOf(group, group.staticMembers.get(groupInstanceId)!)
  const leaderBefore = group.leaderId
  answerJoin(turn, old, joinFailure(errors.FENCED_INSTANCE_ID, old.memberId))
  answerSync(turn, group, old, errors.FENCED_INSTANCE_ID)
  const member: Member = { ...old, memberId, join: null, sync: null, isNew: false }
  group.members.delete(old.memberId)
  group.members.set(memberId, member)
  group.staticMembers.set(groupInstanceId, memberId)
  if (leaderBefore === old.memberId) group.leaderId = memberId
  renewSession(turn, group, member)
  updateMember(turn, member, join)
  sighted(turn, join.caller, group, memberId)
  if (group.state === 'CompletingRebalance') return prepareRebalance(turn, group)
  if (group.state !== 'Stable') return completeJoinIfReady(turn, group)
  if (selectProtocol(group) !== group.protocolName) return rebalanceOrCompleteJoin(turn, group)
  const record: GroupRecord = { kind: 'group', group: group.groupId, value: toMetadata(group) }
  // Too large to be written: the leader may find a smaller assignment.
  if (!fits(turn, [record])) return rebalanceOrCompleteJoin(turn, group)
  append(turn, record)
  const reply = joinReply(group, memberId)
  const special =
    join.caller.apiVersion >= 9
      ? { skipAssignment: group.leaderId === memberId }
      : // The old leader is named, so that a returning leader does not assign again.
        { leader: leaderBefore ?? '', members: [] }
  answerJoin(turn, member, { ...reply, ...special })
}

/** Version 0 has no rebalance timeout: the session timeout counts. */
function rebalanceTimeoutIn(join: Join): number {
  const { request, caller } = join
  return caller.apiVersion === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs
}

function keepProtocols(request: JoinGroupRequest): Protocol[] {
  return request.protocols.map(({ name, metadata }) => ({
    name,
    metadata: ownBytes(metadata),
  }))
}
