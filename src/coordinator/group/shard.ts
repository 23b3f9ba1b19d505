// One group shard: the machine over one partition of __consumer_offsets. It routes inputs to the
// classic protocol, the offsets and the administrator's questions, and applies what the log says.
import type { Machine } from '../../machine/machine.ts'
import { applyMarker, applyOffset } from '../offsets/committed-offsets.ts'
import { commitOffsets } from '../offsets/commit.ts'
import { deleteOffsets, forgetTopics } from '../offsets/delete.ts'
import { fetchOffsets } from '../offsets/fetch.ts'
import { cleanUp, deleteGroups, describeGroups, listGroups } from './administer.ts'
import { connectionClosed, ghostTimerFired } from './classic/ghosts.ts'
import { heartbeat, sessionTimerFired } from './classic/heartbeat.ts'
import { joinGroup } from './classic/join.ts'
import { leaveGroup } from './classic/leave.ts'
import { joinTimerFired, prepareRebalance, syncTimerFired } from './classic/rebalance.ts'
import { renewSession } from './classic/session.ts'
import { syncGroup } from './classic/sync.ts'
import type { GroupReply, GroupRequest, Token } from './messages.ts'
import type { GroupMetadata, GroupRecord } from './records.ts'
import {
  type DeletedTopic,
  type ShardImage,
  type ShardState,
  type Turn,
  allGroups,
  answer,
  arm,
  createShardState,
  findGroup,
  parseTimerKey,
  timerKey,
} from './shard-state.ts'

export type GroupInput =
  | GroupRequest
  | { readonly kind: 'connection-closed'; readonly connection: number }
  | { readonly kind: 'topics-deleted'; readonly topics: readonly DeletedTopic[] }

export type GroupMachine = Machine<
  ShardState,
  GroupInput,
  GroupRecord,
  Token,
  GroupReply,
  ShardImage
>

export const groupMachine: GroupMachine = {
  name: 'group coordinator',
  create: createShardState,
  decide(state, input, around) {
    const turn: Turn = { state, around, records: [], bytes: 0, effects: [] }
    route(turn, input)
    return turn
  },
  apply,
}

type AnyInput = Parameters<GroupMachine['decide']>[1]

function route(turn: Turn, input: AnyInput): void {
  switch (input.kind) {
    case 'join':
      return joinGroup(turn, input)
    case 'sync':
      return syncGroup(turn, input)
    case 'connection-closed':
      return connectionClosed(turn, input.connection)
    case 'topics-deleted':
      return forgetTopics(turn, input.topics)
    case 'timer':
      return timerFired(turn, input.key)
    case 'loaded':
      return loaded(turn)
    default:
      return answer(turn, input.token, replyAtOnce(turn, input))
  }
}

/** Requests that are answered by the decision that sees them. */
type PromptRequest = Exclude<GroupRequest, { kind: 'join' | 'sync' }>

function replyAtOnce(turn: Turn, input: PromptRequest): GroupReply {
  switch (input.kind) {
    case 'heartbeat':
      return { throttleTimeMs: 0, errorCode: heartbeat(turn, input.caller, input.request) }
    case 'leave':
      return leaveGroup(turn, input.request)
    case 'describe':
      return describeGroups(turn, input.caller, input.request.groups)
    case 'list':
      return listGroups(turn, input.request)
    case 'delete':
      return deleteGroups(turn, input.request.groups)
    case 'offset-commit':
      return commitOffsets(turn, input.caller, input.request)
    case 'offset-fetch':
      return fetchOffsets(turn, input.caller, input.request)
    case 'offset-delete':
      return deleteOffsets(turn, input.request)
  }
}

function timerFired(turn: Turn, key: string): void {
  const { kind, groupId, memberId } = parseTimerKey(key)
  if (kind === 'expiry') {
    const isDone = cleanUp(turn)
    return armExpiry(turn, isDone ? undefined : 0)
  }
  if (kind === 'topics') return forgetTopics(turn, turn.state.soft.deletedTopics.splice(0))
  if (kind === 'ghost') return ghostTimerFired(turn, key)
  const group = findGroup(turn, groupId)
  if (group === undefined) return
  if (kind === 'session') sessionTimerFired(turn, group, memberId)
  else if (kind === 'join') joinTimerFired(turn, group)
  else syncTimerFired(turn, group)
}

/** Sessions count from now: nobody could send a heartbeat while the shard was loading. */
function loaded(turn: Turn): void {
  for (const group of allGroups(turn)) {
    for (const member of group.members.values()) renewSession(turn, group, member)
    // A smaller group.max.size than the group was made with: those who rejoin in time stay.
    if (group.members.size > turn.around.image.limits.groupMaxSize) prepareRebalance(turn, group)
  }
  armExpiry(turn)
}

function armExpiry(turn: Turn, delayMs?: number): void {
  const { offsetsRetentionCheckIntervalMs } = turn.around.image.limits
  arm(turn, timerKey('expiry'), delayMs ?? offsetsRetentionCheckIntervalMs)
}

/** A group that the log names only by its offsets. */
const SIMPLE: GroupMetadata = {
  protocolType: '',
  generation: 0,
  protocol: null,
  leader: null,
  currentStateTimestamp: -1,
  members: [],
}

function apply(state: ShardState, record: GroupRecord, offset: number): void {
  const { groups, foreign, offsets } = state.hard
  switch (record.kind) {
    case 'group':
      if (record.value === null) groups.delete(record.group)
      else groups.set(record.group, record.value)
      return
    case 'offset': {
      const { group, value } = record
      if (value !== null && !groups.has(group)) groups.set(group, SIMPLE)
      const stored = value === null ? null : { ...value, recordOffset: offset }
      return applyOffset(offsets, record, stored, record.producerId)
    }
    case 'marker':
      return applyMarker(offsets, record.producerId, record.commit)
    case 'foreign':
      if (record.exists) foreign.set(record.group, record.type)
      else foreign.delete(record.group)
  }
}
