// The classic group protocol: joining alone and together, member ids, static members, generations,
// protocols that do not match, leaving, and everything that is asked with a wrong member or group.
import type { Message } from '../codec.ts'
import { numberAt, pick, textAt } from '../pick.ts'
import { coordinatorReady, joinRequest, soleMember } from '../steps.ts'
import type { Outcome } from '../raw-client.ts'
import type { Scenario, Trial } from '../trial.ts'

export const findCoordinator: Scenario = {
  name: '10-find-coordinator',
  async run(t) {
    for (const version of t.versions('FindCoordinator')) {
      const types = version === 0 ? [0] : version >= 6 ? [0, 2, 3, -1] : [0, 3, -1]
      for (const keyType of types) {
        for (const key of [t.named('g'), '']) {
          const request = version >= 4 ? { coordinatorKeys: [key] } : { key }
          const label = `type ${keyType} "${key}"`
          await t.call('FindCoordinator', version, { ...request, keyType }, { label })
        }
      }
      if (version < 4) continue
      const keys = [t.named('g'), t.named('h'), t.named('g')]
      await t.call('FindCoordinator', version, { coordinatorKeys: keys, keyType: 0 })
      await t.call('FindCoordinator', version, { coordinatorKeys: [], keyType: 0 })
    }
  },
}

export const joinVersions: Scenario = {
  name: '11-join-versions',
  async run(t) {
    for (const version of t.versions('JoinGroup')) {
      const groupId = t.named(`v${version}`)
      await coordinatorReady(t, groupId)
      let joined = await t.ask('JoinGroup', version, joinRequest(groupId), { label: 'no id' })
      if (numberAt(joined, 'errorCode') === 79) {
        const memberId = textAt(joined, 'memberId')
        const request = joinRequest(groupId, { memberId })
        joined = await t.ask('JoinGroup', version, request, { label: 'with the id' })
      }
      const memberId = textAt(joined, 'memberId')
      const generationId = numberAt(joined, 'generationId')
      const known = { groupId, generationId, memberId }
      const beat = Math.min(version, t.newest('Heartbeat'))
      await t.call('Heartbeat', beat, known, { label: 'before the sync' })
      const sync = Math.min(version, t.newest('SyncGroup'))
      const assignments = [{ memberId, assignment: Buffer.from('mine') }]
      const named = sync >= 5 ? { protocolType: 'consumer', protocolName: 'range' } : {}
      await t.call('SyncGroup', sync, { ...known, ...named, assignments })
      await t.call('SyncGroup', sync, { ...known, ...named, assignments: [] }, { label: 'again' })
      await t.call('Heartbeat', beat, known, { label: 'stable' })
      const again = joinRequest(groupId, { memberId })
      await t.call('JoinGroup', version, again, { label: 'the leader joins again' })
      const leave = Math.min(version, t.newest('LeaveGroup'))
      const leaving = leave >= 3 ? { groupId, members: [{ memberId }] } : { groupId, memberId }
      await t.call('LeaveGroup', leave, leaving, { label: 'leaves' })
      await t.call('LeaveGroup', leave, leaving, { label: 'leaves again' })
      await t.call('Heartbeat', beat, known, { label: 'after leaving' })
    }
  },
}

export const joinRefused: Scenario = {
  name: '11-join-refused',
  async run(t) {
    const groupId = t.named('g')
    await coordinatorReady(t, groupId)
    await soleMember(t, groupId)
    const cases: [string, Message][] = [
      ['no group', { groupId: '' }],
      ['unknown member', { memberId: 'nobody' }],
      ['unknown member of a new group', { groupId: t.named('new'), memberId: 'nobody' }],
      ['short session', { sessionTimeoutMs: 10 }],
      ['long session', { sessionTimeoutMs: 100_000_000 }],
      ['negative session', { sessionTimeoutMs: -1 }],
      ['no protocols', { protocols: [] }],
      ['no protocol type', { protocolType: '' }],
      ['another protocol type', { protocolType: 'connect' }],
      ['no common protocol', { protocols: [{ name: 'other', metadata: Buffer.alloc(0) }] }],
      ['unknown static member', { groupInstanceId: 'i', memberId: 'nobody' }],
      ['empty instance', { groupInstanceId: '' }],
      ['blank instance', { groupInstanceId: 'a b' }],
      ['no group, short session', { groupId: '', sessionTimeoutMs: 10 }],
      ['unknown member, short session', { memberId: 'nobody', sessionTimeoutMs: 10 }],
      ['no protocols, new group', { groupId: t.named('p'), protocols: [] }],
      ['no type, new group', { groupId: t.named('q'), protocolType: '' }],
    ]
    for (const [label, fields] of cases) {
      await t.call('JoinGroup', t.newest('JoinGroup'), joinRequest(groupId, fields), { label })
    }
    for (const version of t.versions('JoinGroup')) {
      const request = joinRequest('', {})
      await t.call('JoinGroup', version, request, { label: 'no group' })
      const unknown = joinRequest(groupId, { memberId: 'nobody' })
      await t.call('JoinGroup', version, unknown, { label: 'unknown member' })
    }
  },
}

export const memberRefused: Scenario = {
  name: '12-member-refused',
  async run(t) {
    const groupId = t.named('g')
    await coordinatorReady(t, groupId)
    const member = await soleMember(t, groupId)
    const cases: [string, Message][] = [
      ['known', {}],
      ['no group', { groupId: '' }],
      ['unknown group', { groupId: t.named('missing') }],
      ['unknown member', { memberId: 'nobody' }],
      ['empty member', { memberId: '' }],
      ['old generation', { generationId: member.generationId - 1 }],
      ['next generation', { generationId: member.generationId + 1 }],
      ['generation -1', { generationId: -1 }],
    ]
    const instance: [string, Message] = ['an instance', { groupInstanceId: 'nobody' }]
    for (const version of t.versions('Heartbeat')) {
      for (const [label, fields] of version >= 3 ? [...cases, instance] : cases) {
        await t.call('Heartbeat', version, { ...member, ...fields }, { label })
      }
    }
    for (const version of t.versions('SyncGroup')) {
      const named = version >= 5 ? { protocolType: 'consumer', protocolName: 'range' } : {}
      for (const [label, fields] of version >= 3 ? [...cases, instance] : cases) {
        const request = { ...member, ...named, assignments: [], ...fields }
        await t.call('SyncGroup', version, request, { label })
      }
      if (version < 5) continue
      for (const wrong of [
        { protocolType: 'connect' },
        { protocolName: 'other' },
        { protocolType: null },
        { protocolName: null },
        { protocolType: null, protocolName: null },
      ]) {
        const request = { ...member, ...named, assignments: [], ...wrong }
        await t.call('SyncGroup', version, request, { label: JSON.stringify(wrong) })
      }
    }
    for (const version of t.versions('LeaveGroup')) {
      const leaving: [string, Message][] = [
        ['no group', { groupId: '', memberId: 'x', members: [{ memberId: 'x' }] }],
        [
          'unknown group',
          { groupId: t.named('none'), memberId: 'x', members: [{ memberId: 'x' }] },
        ],
        ['unknown member', { groupId, memberId: 'x', members: [{ memberId: 'x' }] }],
      ]
      for (const [label, { groupId, memberId, members }] of leaving) {
        const who = version >= 3 ? { members } : { memberId }
        await t.call('LeaveGroup', version, { groupId, ...who }, { label })
      }
      if (version < 3) continue
      const instance = { memberId: '', groupInstanceId: 'nobody' }
      await t.call('LeaveGroup', version, { groupId, members: [instance, { memberId: 'x' }] })
      await t.call('LeaveGroup', version, { groupId, members: [] })
    }
  },
}

export const twoMembers: Scenario = {
  name: '11-two-members',
  async run(t) {
    const groupId = t.named('g')
    await coordinatorReady(t, groupId)
    const version = t.newest('JoinGroup')
    const [a, b] = [await t.connect(), await t.connect()]
    const first = await idOf(t, groupId, a)
    const second = await idOf(t, groupId, b)
    const alone = joinRequest(groupId, { memberId: first })
    const joined = await t.ask('JoinGroup', version, alone, { on: a, label: 'first alone' })
    const generationId = numberAt(joined, 'generationId')
    const assignments = [{ memberId: first, assignment: Buffer.from('all') }]
    const names = { protocolType: 'consumer', protocolName: 'range' }
    const stable = { groupId, generationId, memberId: first, ...names, assignments }
    await t.call('SyncGroup', t.newest('SyncGroup'), stable, { on: a })
    const protocols = [
      { name: 'sticky', metadata: Buffer.from('s') },
      { name: 'range', metadata: Buffer.from('r') },
    ]
    const joining = b.call(
      'JoinGroup',
      version,
      joinRequest(groupId, { memberId: second, protocols }),
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    const known = { groupId, generationId, memberId: first }
    const beat = t.newest('Heartbeat')
    await t.call('Heartbeat', beat, known, { on: a, label: 'rebalance' })
    const commit = commitRequest(t, known)
    await t.call('OffsetCommit', t.newest('OffsetCommit', 9), commit, { label: 'in a rebalance' })
    await t.call('SyncGroup', t.newest('SyncGroup'), stable, { on: a, label: 'too late' })
    const rejoined = await t.ask('JoinGroup', version, alone, { on: a, label: 'first again' })
    t.note('second', { api: 'JoinGroup', version, outcome: await joining })
    const next = numberAt(rejoined, 'generationId')
    const waiting = b.call('SyncGroup', t.newest('SyncGroup'), {
      groupId,
      generationId: next,
      memberId: second,
      ...names,
      assignments: [],
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    await t.call(
      'SyncGroup',
      t.newest('SyncGroup'),
      {
        groupId,
        generationId: next,
        memberId: first,
        ...names,
        assignments: [
          { memberId: first, assignment: Buffer.from('half') },
          { memberId: second, assignment: Buffer.from('other half') },
          { memberId: 'nobody', assignment: Buffer.from('lost') },
        ],
      },
      { on: a, label: 'leader syncs' },
    )
    const outcome = await waiting
    t.note('follower syncs', { api: 'SyncGroup', version: t.newest('SyncGroup'), outcome })
    await t.call('Heartbeat', beat, { groupId, generationId: next, memberId: second }, { on: b })
    await describeAt(t, [groupId])
    const leaving = { groupId, members: [{ memberId: first, reason: 'done' }] }
    await t.call('LeaveGroup', t.newest('LeaveGroup'), leaving, { on: a, label: 'leader leaves' })
    const left = { groupId, generationId: next, memberId: second }
    await t.call('Heartbeat', beat, left, { on: b, label: 'after the leader' })
  },
}

async function idOf(t: Trial, groupId: string, on: Awaited<ReturnType<Trial['connect']>>) {
  const version = t.newest('JoinGroup')
  const body = await t.ask('JoinGroup', version, joinRequest(groupId), { on, label: 'asks an id' })
  return textAt(body, 'memberId')
}

function commitRequest(t: Trial, member: Message): Message {
  return {
    groupId: member['groupId'],
    generationIdOrMemberEpoch: member['generationId'],
    memberId: member['memberId'],
    topics: [{ name: t.named('none'), partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
  }
}

export const staticMembers: Scenario = {
  name: '11-static-members',
  async run(t) {
    const groupId = t.named('g')
    await coordinatorReady(t, groupId)
    const instance = { groupInstanceId: 'one' }
    const first = await soleMember(t, groupId, instance)
    for (const version of t.versions('JoinGroup', 5)) {
      const request = joinRequest(groupId, instance)
      const body = await t.ask('JoinGroup', version, request, { label: 'the instance restarts' })
      t.fact('new id', textAt(body, 'memberId') !== first.memberId)
      const fenced = { ...first, ...instance }
      await t.call('Heartbeat', t.newest('Heartbeat'), fenced, { label: 'the old one is fenced' })
      const rejoin = joinRequest(groupId, { ...instance, memberId: first.memberId })
      await t.call('JoinGroup', version, rejoin, { label: 'the old one joins' })
      const other = [{ name: 'range', metadata: Buffer.from(`changed ${version}`) }]
      const changed = joinRequest(groupId, { ...instance, protocols: other })
      const joined = await t.ask('JoinGroup', version, changed, { label: 'with another metadata' })
      const memberId = textAt(joined, 'memberId')
      const generationId = numberAt(joined, 'generationId')
      await t.call('SyncGroup', t.newest('SyncGroup'), {
        groupId,
        generationId,
        memberId,
        ...instance,
        protocolType: 'consumer',
        protocolName: 'range',
        assignments: [{ memberId, assignment: Buffer.from('all') }],
      })
    }
    await describeAt(t, [groupId])
    for (const version of t.versions('LeaveGroup', 3)) {
      const members = [{ memberId: 'wrong', ...instance }]
      await t.call('LeaveGroup', version, { groupId, members }, { label: 'fenced' })
    }
    const members = [{ memberId: '', ...instance }]
    await t.call('LeaveGroup', t.newest('LeaveGroup'), { groupId, members }, { label: 'by name' })
    await describeAt(t, [groupId])
  },
}

export const describeAndDelete: Scenario = {
  name: '15-describe-list-delete-groups',
  async run(t) {
    const [stable, empty, joining] = [t.named('stable'), t.named('empty'), t.named('joining')]
    for (const group of [stable, empty, joining]) await coordinatorReady(t, group)
    await soleMember(t, stable)
    const left = await soleMember(t, empty)
    const members = [{ memberId: left.memberId }]
    await t.call('LeaveGroup', t.newest('LeaveGroup'), { groupId: empty, members })
    const version = t.newest('JoinGroup')
    const body = await t.ask('JoinGroup', version, joinRequest(joining))
    const memberId = textAt(body, 'memberId')
    await t.ask('JoinGroup', version, joinRequest(joining, { memberId }))
    await describeAt(t, [stable, empty, joining, t.named('missing'), '', stable])
    for (const version of t.versions('ListGroups')) {
      await t.call('ListGroups', version, {}, { label: 'all' })
      for (const state of version >= 4 ? ['Stable', 'Empty', 'stable', 'Nonsense', ''] : []) {
        await t.call('ListGroups', version, { statesFilter: [state] }, { label: state })
      }
      for (const type of version >= 5 ? ['classic', 'consumer', 'Classic', 'nonsense', ''] : []) {
        await t.call('ListGroups', version, { typesFilter: [type] }, { label: `type ${type}` })
      }
    }
    for (const version of t.versions('DeleteGroups')) {
      const groupsNames = [stable, t.named('missing'), '', empty]
      await t.call('DeleteGroups', version, { groupsNames })
      await t.call('DeleteGroups', version, { groupsNames: [] })
    }
  },
}

async function describeAt(t: Trial, groups: readonly string[]): Promise<void> {
  for (const version of t.versions('DescribeGroups')) {
    await t.call('DescribeGroups', version, { groups })
    if (version < 3) continue
    const request = { groups, includeAuthorizedOperations: true }
    await t.call('DescribeGroups', version, request, { label: 'with operations' })
  }
}

export const manyJoin: Scenario = {
  name: '11-protocol-choice',
  async run(t) {
    const groupId = t.named('g')
    await coordinatorReady(t, groupId)
    const version = t.newest('JoinGroup')
    const protocols = ['a', 'b', 'c'].map((name) => ({ name, metadata: Buffer.from(name) }))
    const clients = [await t.connect(), await t.connect(), await t.connect()]
    const ids: string[] = []
    for (const client of clients) {
      const body = await t.ask('JoinGroup', version, joinRequest(groupId, { protocols }), {
        on: client,
      })
      ids.push(textAt(body, 'memberId'))
    }
    const orders = [
      [0, 1, 2],
      [1, 2],
      [2, 1, 0],
    ]
    const first = await t.ask(
      'JoinGroup',
      version,
      joinRequest(groupId, { memberId: ids[0], protocols }),
      { on: clients[0]!, label: 'opens the group' },
    )
    t.fact('leads', pick(first, 'leader') === ids[0])
    const pending: Promise<Outcome>[] = []
    for (const i of [1, 2, 0]) {
      const chosen = orders[i]!.map((at) => protocols[at])
      const request = joinRequest(groupId, { memberId: ids[i], protocols: chosen })
      pending.push(clients[i]!.call('JoinGroup', version, request))
      await new Promise((resolve) => setTimeout(resolve, 80))
    }
    const outcomes = await Promise.all(pending)
    for (const [at, i] of [1, 2, 0].entries()) {
      const outcome = outcomes[at]!
      const body = outcome.kind === 'reply' ? outcome.body : {}
      t.fact(`member ${i} protocol`, String(pick(body, 'protocolName')))
      t.fact(`member ${i} error`, Number(pick(body, 'errorCode')))
      t.fact(`member ${i} generation`, Number(pick(body, 'generationId')))
    }
  },
}
