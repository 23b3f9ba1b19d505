// The state of one group shard (a partition of __consumer_offsets) and the surroundings of one
// decision about it. Hard state is what the log gives back; soft state is rebuilt on load.
import type { Effect, Surroundings } from '../../machine/machine.ts'
import { type CommittedOffsets, createOffsets } from '../offsets/committed-offsets.ts'
import { type ClassicGroup, createGroup, restoreGroup } from './classic/classic-group.ts'
import type { GroupLimits } from './limits.ts'
import type { GroupReply, Token } from './messages.ts'
import { type ForeignType, type GroupMetadata, type GroupRecord, sizeBound } from './records.ts'

export interface ShardState {
  readonly hard: {
    readonly groups: Map<string, GroupMetadata>
    /** Groups of other protocols found in the log: never served, never deleted by us. */
    readonly foreign: Map<string, ForeignType>
    readonly offsets: CommittedOffsets
  }
  readonly soft: {
    /** Groups touched since the load; the others are restored from the hard state when
     * asked for. */
    readonly groups: Map<string, ClassicGroup>
    readonly presence: Presence
    /** Topics whose offsets are not all removed yet. */
    readonly deletedTopics: DeletedTopic[]
  }
}

export interface DeletedTopic {
  readonly name: string
  readonly id: string
}

/** Which connections carried requests that named a member (see classic/ghosts.ts). */
export interface Presence {
  readonly members: Map<string, MemberPresence>
  readonly byConnection: Map<number, Set<string>>
}

export interface MemberPresence {
  readonly groupId: string
  readonly memberId: string
  readonly connections: Set<number>
}

/** What decisions look at besides the state. */
export interface ShardImage {
  readonly limits: GroupLimits
}

/** One decision in the making. */
export interface Turn {
  readonly state: ShardState
  readonly around: Surroundings<ShardImage>
  readonly records: GroupRecord[]
  /** At least what the records take in the log. */
  bytes: number
  readonly effects: Effect<Token, GroupReply>[]
}

export function createShardState(): ShardState {
  return {
    hard: { groups: new Map(), foreign: new Map(), offsets: createOffsets() },
    soft: {
      groups: new Map(),
      presence: { members: new Map(), byConnection: new Map() },
      deletedTopics: [],
    },
  }
}

/** The classic group of that name, or undefined. */
export function findGroup(turn: Turn, groupId: string): ClassicGroup | undefined {
  const { hard, soft } = turn.state
  const live = soft.groups.get(groupId)
  if (live !== undefined || hard.foreign.has(groupId)) return live
  const metadata = hard.groups.get(groupId)
  if (metadata === undefined) return undefined
  const restored = restoreGroup(groupId, metadata)
  soft.groups.set(groupId, restored)
  return restored
}

export function findOrCreateGroup(turn: Turn, groupId: string): ClassicGroup {
  const found = findGroup(turn, groupId)
  if (found !== undefined) return found
  const created = createGroup(groupId, turn.around.now)
  turn.state.soft.groups.set(groupId, created)
  return created
}

/** Every classic group, known from the log or from this life alone. */
export function allGroups(turn: Turn): ClassicGroup[] {
  const { hard, soft } = turn.state
  const ids = new Set([...hard.groups.keys(), ...soft.groups.keys()])
  const groups: ClassicGroup[] = []
  for (const id of ids) {
    const group = findGroup(turn, id)
    if (group !== undefined) groups.push(group)
  }
  return groups
}

export function append(turn: Turn, record: GroupRecord): void {
  turn.records.push(record)
  turn.bytes += sizeBound(record)
}

/** False: the log would refuse the records, so they are not to be written. */
export function fits(turn: Turn, records: readonly GroupRecord[]): boolean {
  let bytes = turn.bytes
  for (const record of records) bytes += sizeBound(record)
  return bytes + BATCH_HEADER_BYTES <= turn.around.image.limits.maxBatchBytes
}

/** What could write far more (expiry, deleted topics) stops here and goes on in a later
 * decision. */
export function isFull(turn: Turn): boolean {
  return turn.bytes > turn.around.image.limits.maxBatchBytes / 2
}

const BATCH_HEADER_BYTES = 61

export function answer(turn: Turn, token: Token, reply: GroupReply): void {
  turn.effects.push({ kind: 'answer', token, reply })
}

export type TimerKind = 'session' | 'join' | 'sync' | 'ghost' | 'expiry' | 'topics'

/** (Re)arms a timer; returns the monotonic time at which it is due. */
export function arm(turn: Turn, key: string, delayMs: number): number {
  const at = turn.around.monotonic + delayMs
  turn.effects.push({ kind: 'timer', key, at })
  return at
}

export function cancel(turn: Turn, key: string): void {
  turn.effects.push({ kind: 'cancel', key })
}

/** The length of the group id stands before it, so that no id can imitate another key. */
export function timerKey(kind: TimerKind, groupId = '', memberId = ''): string {
  return `${kind}:${groupId.length}:${groupId}${memberId}`
}

export interface TimerName {
  readonly kind: TimerKind
  readonly groupId: string
  readonly memberId: string
}

export function parseTimerKey(key: string): TimerName {
  const kindEnd = key.indexOf(':')
  const lengthEnd = key.indexOf(':', kindEnd + 1)
  const groupEnd = lengthEnd + 1 + Number(key.slice(kindEnd + 1, lengthEnd))
  return {
    kind: key.slice(0, kindEnd) as TimerKind,
    groupId: key.slice(lengthEnd + 1, groupEnd),
    memberId: key.slice(groupEnd),
  }
}
