// The group shard keeps the machine contract: random requests under failing appends, lagging
// commits and lost tails.
import { ZERO_UUID } from '../../../base/uuid.ts'
import { type Random, below } from '../../../base/random.ts'
import type { GroupReply, GroupRequest } from '../../../src/coordinator/group/messages.ts'
import type { GroupRecord } from '../../../src/coordinator/group/records.ts'
import type { ShardImage, ShardState } from '../../../src/coordinator/group/shard-state.ts'
import { type GroupInput, groupMachine } from '../../../src/coordinator/group/shard.ts'
import { conformanceSuite } from '../../machine/conformance.ts'
import { CALLER, LIMITS } from './shard-bench.ts'
import { subscription } from './shard-script.ts'

conformanceSuite<ShardState, GroupInput, GroupRecord, number, GroupReply, ShardImage>(
  'the group shard',
  {
    machine: () => groupMachine,
    image: () => ({
      limits: { ...LIMITS, ghostEviction: true, offsetsRetentionCheckIntervalMs: 10_000 },
    }),
    token: (serial) => serial + 1,
    input: randomInput,
    hard: (state) => state.hard,
  },
  60,
)

function randomInput(
  random: Random,
  token: number,
  state: ShardState,
): { input: GroupInput; token?: number } {
  const dice = below(random, 14)
  if (dice === 0) return { input: { kind: 'connection-closed', connection: below(random, 4) } }
  if (dice === 1) {
    return { input: { kind: 'topics-deleted', topics: [{ name: 't1', id: ZERO_UUID }] } }
  }
  const caller = {
    ...CALLER,
    apiVersion: below(random, 2) === 0 ? 3 : 9,
    connection: below(random, 4),
  }
  const request = randomRequest(random, state, dice)
  return { input: { ...request, token, caller } as GroupRequest, token }
}

function randomRequest(
  random: Random,
  state: ShardState,
  dice: number,
): Pick<GroupRequest, 'kind' | 'request'> {
  const groupId = `g${below(random, 3)}`
  const group = state.soft.groups.get(groupId)
  const ids = [...(group?.members.keys() ?? []), ...(group?.pendingMembers.keys() ?? []), '']
  const memberId = ids[below(random, ids.length)]!
  const member = { groupId, memberId, groupInstanceId: null }
  const generationId = (group?.generationId ?? 0) - (below(random, 8) === 0 ? 1 : 0)
  switch (dice) {
    case 2:
    case 3:
    case 4:
    case 5:
      return { kind: 'join', request: joinBody(random, groupId, memberId) }
    case 6:
    case 7: {
      const assignments = ids.map((id) => ({ memberId: id, assignment: Buffer.from(id) }))
      const body = { ...member, generationId, protocolType: null, protocolName: null, assignments }
      return { kind: 'sync', request: body }
    }
    case 8:
      return { kind: 'heartbeat', request: { ...member, generationId } }
    case 9:
      return { kind: 'leave', request: { groupId, members: [{ ...member, reason: null }] } }
    case 10:
      return { kind: 'delete', request: { groups: [groupId] } }
    case 11: {
      const partitions = [{ partitionIndex: below(random, 3) }]
      return { kind: 'offset-delete', request: { groupId, topics: [{ name: 't1', partitions }] } }
    }
    default:
      return { kind: 'offset-commit', request: commitBody(random, { ...member, generationId }) }
  }
}

function joinBody(random: Random, groupId: string, memberId: string) {
  const groupInstanceId = memberId === '' && below(random, 3) === 0 ? 'i1' : null
  return {
    groupId,
    memberId,
    groupInstanceId,
    sessionTimeoutMs: 6_000 + below(random, 2) * 20_000,
    rebalanceTimeoutMs: 5_000,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: subscription([`t${below(random, 3)}`]) }],
    reason: null,
  }
}

function commitBody(
  random: Random,
  member: {
    groupId: string
    memberId: string
    groupInstanceId: null
    generationId: number
  },
) {
  const isMember = member.memberId !== ''
  return {
    ...member,
    generationIdOrMemberEpoch: isMember ? member.generationId : -1,
    retentionTimeMs: below(random, 4) === 0 ? 1_000 : -1,
    topics: [
      {
        name: `t${below(random, 3)}`,
        topicId: ZERO_UUID,
        partitions: [
          {
            partitionIndex: below(random, 3),
            committedOffset: below(random, 1000),
            committedLeaderEpoch: -1,
            committedMetadata: null,
          },
        ],
      },
    ],
  }
}
