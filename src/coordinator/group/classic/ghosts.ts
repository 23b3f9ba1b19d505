// Ghost members (samsa.group.ghost.eviction, docs/architecture.md section 5): a dynamic member
// whose process is gone need not hold up its group until the session times out. It is removed when
// none of the connections that ever carried a request naming it is open, and either a second passed
// without such a request, or the same client joins anew from the same host: then at once. Off with
// profile kafka and with more than one broker. Members of an earlier life of this broker are
// unknown here until they speak: they have their session timeout.
import { GHOST_GRACE_MS } from '../limits.ts'
import type { Caller } from '../messages.ts'
import {
  type MemberPresence,
  type Turn,
  arm,
  cancel,
  findGroup,
  parseTimerKey,
  timerKey,
} from '../shard-state.ts'
import type { ClassicGroup } from './classic-group.ts'
import { dropMember, dropPendingMember } from './rebalance.ts'
import { endSession } from './session.ts'

/** A request of this connection named the member: whatever was suspected of it is wrong. */
export function sighted(turn: Turn, caller: Caller, group: ClassicGroup, memberId: string): void {
  if (!turn.around.image.limits.ghostEviction || !isEvictable(group, memberId)) return
  const { members, byConnection } = turn.state.soft.presence
  const key = timerKey('ghost', group.groupId, memberId)
  let present = members.get(key)
  if (present === undefined) {
    present = { groupId: group.groupId, memberId, connections: new Set() }
    members.set(key, present)
  }
  if (present.connections.size === 0) cancel(turn, key)
  present.connections.add(caller.connection)
  const keys = byConnection.get(caller.connection)
  if (keys === undefined) byConnection.set(caller.connection, new Set([key]))
  else if (!keys.has(key)) {
    keys.add(key)
    // Members come and go over one connection that stays: at every doubling those that went go
    // here.
    if (keys.size >= FORGET_FROM && Number.isInteger(Math.log2(keys.size))) {
      forgetGone(turn, caller.connection, keys)
    }
  }
}

const FORGET_FROM = 64

function forgetGone(turn: Turn, connection: number, keys: Set<string>): void {
  const { members } = turn.state.soft.presence
  for (const key of keys) {
    const present = members.get(key)
    const group = present === undefined ? undefined : findGroup(turn, present.groupId)
    if (present !== undefined && group !== undefined && isEvictable(group, present.memberId)) {
      continue
    }
    keys.delete(key)
    present?.connections.delete(connection)
    if (present?.connections.size === 0) members.delete(key)
  }
}

/** Suspects every member that spoke over this connection and over no other open one. */
export function connectionClosed(turn: Turn, connection: number): void {
  const { members, byConnection } = turn.state.soft.presence
  const keys = byConnection.get(connection)
  if (keys === undefined) return
  byConnection.delete(connection)
  for (const key of keys) {
    const present = members.get(key)
    if (present === undefined) continue
    present.connections.delete(connection)
    if (present.connections.size > 0) continue
    if (isGhost(turn, present)) arm(turn, key, GHOST_GRACE_MS)
    else members.delete(key)
  }
}

export function ghostTimerFired(turn: Turn, key: string): void {
  const present = turn.state.soft.presence.members.get(key)
  if (present !== undefined && isGhost(turn, present)) evict(turn, key, present)
}

/** A newcomer of the same client and host is the old member's next life. */
export function evictGhostsOf(turn: Turn, group: ClassicGroup, caller: Caller): void {
  const { members } = turn.state.soft.presence
  const memberIds = [...group.members.keys(), ...group.pendingMembers.keys()]
  for (const memberId of memberIds) {
    const key = timerKey('ghost', group.groupId, memberId)
    const present = members.get(key)
    if (present === undefined || !isGhost(turn, present)) continue
    const { clientId, clientHost } = identityOf(group, memberId)!
    if (clientId === caller.clientId && clientHost === caller.clientHost) evict(turn, key, present)
  }
}

function evict(turn: Turn, key: string, present: MemberPresence): void {
  const { groupId, memberId } = parseTimerKey(key)
  turn.state.soft.presence.members.delete(key)
  cancel(turn, key)
  const group = findGroup(turn, groupId)
  const member = group?.members.get(present.memberId)
  if (group === undefined) return
  endSession(turn, group, memberId)
  if (member !== undefined) dropMember(turn, group, member)
  else dropPendingMember(turn, group, memberId)
}

function isGhost(turn: Turn, present: MemberPresence): boolean {
  if (!turn.around.image.limits.ghostEviction || present.connections.size > 0) return false
  const group = findGroup(turn, present.groupId)
  return group !== undefined && isEvictable(group, present.memberId)
}

function isEvictable(group: ClassicGroup, memberId: string): boolean {
  const identity = identityOf(group, memberId)
  return identity !== undefined && identity.groupInstanceId === null
}

interface Identity {
  readonly clientId: string
  readonly clientHost: string
  readonly groupInstanceId: string | null
}

function identityOf(group: ClassicGroup, memberId: string): Identity | undefined {
  const member = group.members.get(memberId)
  if (member !== undefined) return member
  const pending = group.pendingMembers.get(memberId)
  return pending === undefined ? undefined : { ...pending, groupInstanceId: null }
}
