// What administrators ask of groups: DescribeGroups (API 15, versions 0-6), ListGroups (16, 0-5),
// DeleteGroups (42, 0-3), and the periodic removal of groups whose offsets have all expired.
import { errors } from '../../../protocol/errors.ts'
import { deleteAllOffsets, expireOffsets } from '../offsets/delete.ts'
import { type ClassicGroup, EMPTY_ASSIGNMENT, metadataOf } from './classic/classic-group.ts'
import type {
  Caller,
  DeletableGroupResult,
  DescribedGroup,
  ListGroupsRequest,
  ListedGroup,
} from './messages.ts'
import {
  type Turn,
  allGroups,
  append,
  cancel,
  findGroup,
  fits,
  isFull,
  timerKey,
} from './shard-state.ts'

/** "Not asked for", as DescribeGroups says it. */
const NO_AUTHORIZED_OPERATIONS = -(2 ** 31)

export function describeGroups(
  turn: Turn,
  caller: Caller,
  groupIds: readonly string[],
): DescribedGroup[] {
  return groupIds.map((groupId) => {
    const group = findGroup(turn, groupId)
    if (group !== undefined) return describe(group)
    const isKnownError = caller.apiVersion >= 6
    return {
      ...blank(groupId),
      groupState: 'Dead',
      errorCode: isKnownError ? errors.GROUP_ID_NOT_FOUND : errors.NONE,
      errorMessage: isKnownError ? `Group ${groupId} not found.` : null,
    }
  })
}

export function listGroups(turn: Turn, request: ListGroupsRequest): ListedGroup[] {
  const states = new Set(request.statesFilter.map((state) => state.toLowerCase().trim()))
  const types = request.typesFilter.map((type) => type.toLowerCase())
  if (types.length > 0 && !types.includes('classic')) return []
  return allGroups(turn)
    .filter((group) => states.size === 0 || states.has(group.state.toLowerCase()))
    .map((group) => ({
      groupId: group.groupId,
      protocolType: group.protocolType ?? '',
      groupState: group.state,
      groupType: 'classic',
    }))
}

export function deleteGroups(turn: Turn, groupIds: readonly string[]): DeletableGroupResult[] {
  return groupIds.map((groupId) => {
    const group = findGroup(turn, groupId)
    const isForeign = turn.state.hard.foreign.has(groupId)
    if (isForeign || (group !== undefined && group.state !== 'Empty')) {
      return { groupId, errorCode: errors.NON_EMPTY_GROUP, errorMessage: null }
    }
    if (group === undefined)
      return { groupId, errorCode: errors.GROUP_ID_NOT_FOUND, errorMessage: null }
    const { bytes, records } = turn
    const before = records.length
    deleteAllOffsets(turn, groupId)
    if (!fits(turn, [])) {
      // More tombstones than one batch can take: Kafka gives up on it as well.
      records.length = before
      turn.bytes = bytes
      return { groupId, errorCode: errors.UNKNOWN_SERVER_ERROR, errorMessage: null }
    }
    deleteGroup(turn, group)
    return { groupId, errorCode: errors.NONE, errorMessage: null }
  })
}

/** Expires offsets and removes empty groups that keep none; false when more is left to do. */
export function cleanUp(turn: Turn): boolean {
  for (const group of allGroups(turn)) {
    if (isFull(turn)) return false
    if (expireOffsets(turn, group) && group.state === 'Empty') deleteGroup(turn, group)
  }
  return !isFull(turn)
}

function deleteGroup(turn: Turn, group: ClassicGroup): void {
  const { groupId } = group
  for (const memberId of group.pendingMembers.keys()) {
    cancel(turn, timerKey('session', groupId, memberId))
  }
  turn.state.soft.groups.delete(groupId)
  append(turn, { kind: 'group', group: groupId, value: null })
}

function describe(group: ClassicGroup): DescribedGroup {
  const isStable = group.state === 'Stable'
  return {
    ...blank(group.groupId),
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: isStable ? (group.protocolName ?? '') : '',
    members: Array.from(group.members.values(), (member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: isStable ? metadataOf(member, group.protocolName) : EMPTY_ASSIGNMENT,
      memberAssignment: member.assignment,
    })),
  }
}

function blank(groupId: string): DescribedGroup {
  return {
    errorCode: errors.NONE,
    errorMessage: null,
    groupId,
    groupState: '',
    protocolType: '',
    protocolData: '',
    members: [],
    authorizedOperations: NO_AUTHORIZED_OPERATIONS,
  }
}
