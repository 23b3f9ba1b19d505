// A group of the classic protocol as it lives in memory: members, their parked joins and syncs, and
// the state between two generations. Soft state: what survives is the metadata record written when
// a generation is complete. It knows no requests, timers or logs.
import { assert } from '../../../../base/assert.ts'
import { javaHashCode } from '../../partition-for.ts'
import type { GroupMetadata } from '../records.ts'
import type { Token } from '../messages.ts'
import { subscribedTopics } from './subscribed-topics.ts'

/** The spelling is what DescribeGroups and ListGroups show. */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

export interface Protocol {
  readonly name: string
  readonly metadata: Buffer
}

export interface Member {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly protocolType: string
  rebalanceTimeoutMs: number
  sessionTimeoutMs: number
  /** In the member's order of preference. */
  protocols: readonly Protocol[]
  assignment: Buffer
  join: Token | null
  sync: Token | null
  /** True until the first generation it takes part in: a parked join does not keep it alive. */
  isNew: boolean
  /** Monotonic time at which the session ends. */
  sessionDeadline: number
}

/** Someone who was given a member id (MEMBER_ID_REQUIRED) and has not joined with it yet. */
export interface PendingMember {
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  sessionDeadline: number
}

export interface ClassicGroup {
  readonly groupId: string
  state: GroupState
  previousState: GroupState
  /** Wall time of the last transition; -1 when the log does not tell. */
  stateTimestamp: number
  /** null until the first member joins: such a group only stores offsets. */
  protocolType: string | null
  protocolName: string | null
  generationId: number
  leaderId: string | null
  readonly members: Map<string, Member>
  /** groupInstanceId to member id. */
  readonly staticMembers: Map<string, string>
  readonly pendingMembers: Map<string, PendingMember>
  readonly pendingSyncs: Set<string>
  /** Union of the members' subscriptions; null when unknown. */
  subscribedTopics: ReadonlySet<string> | null
  newMemberAdded: boolean
  /** While the first rebalance waits for more members. */
  initialDelay: { readonly delayMs: number; readonly remainingMs: number } | null
  joinDeadline: number
  syncDeadline: number
}

export const EMPTY_ASSIGNMENT = Buffer.alloc(0)

const PREVIOUS: { readonly [State in GroupState]: readonly GroupState[] } = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Stable', 'CompletingRebalance', 'Empty'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
  Dead: ['Stable', 'PreparingRebalance', 'CompletingRebalance', 'Empty', 'Dead'],
}

export function createGroup(groupId: string, now: number): ClassicGroup {
  return {
    groupId,
    state: 'Empty',
    previousState: 'Dead',
    stateTimestamp: now,
    protocolType: null,
    protocolName: null,
    generationId: 0,
    leaderId: null,
    members: new Map(),
    staticMembers: new Map(),
    pendingMembers: new Map(),
    pendingSyncs: new Set(),
    subscribedTopics: null,
    newMemberAdded: false,
    initialDelay: null,
    joinDeadline: 0,
    syncDeadline: 0,
  }
}

/** The group as the log left it: Stable when it has members, else Empty. */
export function restoreGroup(groupId: string, metadata: GroupMetadata): ClassicGroup {
  const group = createGroup(groupId, metadata.currentStateTimestamp)
  group.generationId = metadata.generation
  group.protocolType = metadata.protocolType === '' ? null : metadata.protocolType
  group.protocolName = metadata.protocol
  for (const member of metadata.members) {
    addMember(group, {
      ...member,
      protocolType: metadata.protocolType,
      protocols: [{ name: metadata.protocol ?? '', metadata: member.subscription }],
      join: null,
      sync: null,
      isNew: false,
      sessionDeadline: 0,
    })
  }
  if (group.members.size > 0) group.state = 'Stable'
  // addMember has made the first one leader, should the log name somebody else.
  if (group.members.has(metadata.leader ?? '')) group.leaderId = metadata.leader
  group.subscribedTopics = computeSubscribedTopics(group)
  return group
}

/** What the log remembers of the group. */
export function toMetadata(group: ClassicGroup): GroupMetadata {
  const { protocolName } = group
  assert(group.members.size === 0 || protocolName !== null, 'members without a protocol')
  return {
    protocolType: group.protocolType ?? '',
    generation: group.generationId,
    protocol: protocolName,
    leader: group.leaderId,
    currentStateTimestamp: group.stateTimestamp,
    members: Array.from(group.members.values(), (member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      sessionTimeoutMs: member.sessionTimeoutMs,
      subscription: metadataOf(member, protocolName),
      assignment: member.assignment,
    })),
  }
}

export function transition(group: ClassicGroup, to: GroupState, now: number): void {
  assert(PREVIOUS[to].includes(group.state), `group ${group.groupId}: ${group.state} to ${to}`)
  group.previousState = group.state
  group.state = to
  group.stateTimestamp = now
}

export function addMember(group: ClassicGroup, member: Member): void {
  const { groupInstanceId, memberId } = member
  if (groupInstanceId !== null) {
    assert(!group.staticMembers.has(groupInstanceId), `static member ${groupInstanceId} twice`)
    group.staticMembers.set(groupInstanceId, memberId)
  }
  if (group.members.size === 0) group.protocolType = member.protocolType
  group.leaderId ??= memberId
  group.members.set(memberId, member)
  group.pendingMembers.delete(memberId)
}

/** Removes a member or a pending one; the leadership passes to the oldest member left. */
export function removeMember(group: ClassicGroup, memberId: string): void {
  const member = group.members.get(memberId)
  group.members.delete(memberId)
  if (member !== undefined && member.groupInstanceId !== null) {
    group.staticMembers.delete(member.groupInstanceId)
  }
  if (group.leaderId === memberId) {
    const [next] = group.members.keys()
    group.leaderId = next ?? null
  }
  group.pendingMembers.delete(memberId)
  group.pendingSyncs.delete(memberId)
}

export function memberOf(group: ClassicGroup, memberId: string): Member {
  const member = group.members.get(memberId)
  assert(member !== undefined, `no member ${memberId} in group ${group.groupId}`)
  return member
}

export function awaitingJoins(group: ClassicGroup): number {
  let count = 0
  for (const member of group.members.values()) if (member.join !== null) count++
  return count
}

export function hasAllMembersJoined(group: ClassicGroup): boolean {
  return group.pendingMembers.size === 0 && awaitingJoins(group) === group.members.size
}

/** The longest of its members: how long a rebalance waits. */
export function rebalanceTimeoutOf(group: ClassicGroup): number {
  let longest = 0
  for (const member of group.members.values()) {
    longest = Math.max(longest, member.rebalanceTimeoutMs)
  }
  return longest
}

/** The metadata that the member sent for a protocol it supports. */
export function metadataOf(member: Member, protocolName: string | null): Buffer {
  const protocol = member.protocols.find((protocol) => protocol.name === protocolName)
  assert(protocol !== undefined, `member ${member.memberId} does not support ${protocolName}`)
  return protocol.metadata
}

/** A copy in a buffer of its own: request bytes are borrowed, and pooled ones pin their slab. */
export function ownBytes(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  copy.set(bytes)
  return copy
}

/** Same protocols with the same metadata in the same order. */
export function sameProtocols(left: readonly Protocol[], right: readonly Protocol[]): boolean {
  if (left.length !== right.length) return false
  return left.every((protocol, i) => {
    const other = right[i]!
    return protocol.name === other.name && Buffer.compare(protocol.metadata, other.metadata) === 0
  })
}

/** An empty group takes any named protocol; otherwise one of them must suit every member. */
export function supportsProtocols(
  group: ClassicGroup,
  protocolType: string,
  protocols: readonly Protocol[],
): boolean {
  if (group.state === 'Empty') return protocolType !== '' && protocols.length > 0
  if (group.protocolType !== protocolType) return false
  const counts = protocolCounts(group)
  return protocols.some(({ name }) => (counts.get(name) ?? 0) === group.members.size)
}

/** Each member votes for its first choice among the protocols that all members support. */
export function selectProtocol(group: ClassicGroup): string {
  assert(group.members.size > 0, 'an empty group has no protocol to select')
  const counts = protocolCounts(group)
  const votes = new Map<string, number>()
  for (const member of group.members.values()) {
    const choice = member.protocols.find(({ name }) => counts.get(name) === group.members.size)
    assert(choice !== undefined, `member ${member.memberId} supports none of the protocols`)
    votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1)
  }
  const candidates = [...votes].sort((left, right) => hashOrder(left[0]) - hashOrder(right[0]))
  return candidates.reduce((best, next) => (next[1] > best[1] ? next : best))[0]
}

export function startNextGeneration(group: ClassicGroup, now: number): void {
  group.generationId++
  const isEmpty = group.members.size === 0
  group.protocolName = isEmpty ? null : selectProtocol(group)
  group.subscribedTopics = computeSubscribedTopics(group)
  transition(group, isEmpty ? 'Empty' : 'CompletingRebalance', now)
  group.pendingSyncs.clear()
}

/** Where the subscriptions cannot be read, a consumer group counts as subscribed to everything. */
export function isSubscribedTo(group: ClassicGroup, topic: string): boolean {
  return group.subscribedTopics?.has(topic) ?? group.protocolType === 'consumer'
}

function computeSubscribedTopics(group: ClassicGroup): ReadonlySet<string> | null {
  if (group.protocolType !== 'consumer') return null
  const all = new Set<string>()
  if (group.members.size === 0) return all
  if (group.protocolName === null) return null
  for (const member of group.members.values()) {
    const topics = subscribedTopics(metadataOf(member, group.protocolName))
    if (topics === null) return null
    for (const topic of topics) all.add(topic)
  }
  return all
}

function protocolCounts(group: ClassicGroup): Map<string, number> {
  const counts = new Map<string, number>()
  for (const member of group.members.values()) {
    // A name that a member gives twice still has one supporter.
    const names = new Set(member.protocols.map(({ name }) => name))
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** A tie goes to the protocol that a Java hash table of 16 buckets lists first, as in Kafka. */
function hashOrder(name: string): number {
  const hash = javaHashCode(name)
  return (hash ^ (hash >>> 16)) & 15
}
