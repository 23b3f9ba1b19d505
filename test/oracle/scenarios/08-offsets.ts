// OffsetCommit, OffsetFetch, OffsetDelete: without members, with members, by id, and what is refused.
import type { Message } from '../codec.ts'
import { coordinatorReady, makeTopic, soleMember, UNKNOWN_ID, type Topic } from '../steps.ts'
import type { Scenario, Trial } from '../trial.ts'

interface Commit {
  readonly partition?: number
  readonly offset?: number
  readonly metadata?: string | null
  readonly epoch?: number
  readonly memberId?: string
  readonly generation?: number
}

function commit(
  t: Trial,
  version: number,
  groupId: string,
  topic: Topic,
  fields: Commit & { label?: string } = {},
): Promise<unknown> {
  const request = {
    groupId,
    generationIdOrMemberEpoch: fields.generation ?? -1,
    memberId: fields.memberId ?? '',
    topics: [
      {
        name: topic.name,
        topicId: topic.id,
        partitions: [
          {
            partitionIndex: fields.partition ?? 0,
            committedOffset: fields.offset ?? 10,
            committedLeaderEpoch: fields.epoch ?? -1,
            committedMetadata: fields.metadata === undefined ? '' : fields.metadata,
          },
        ],
      },
    ],
  }
  return t.call('OffsetCommit', version, request, { label: fields.label ?? '' })
}

function fetchRequest(
  version: number,
  groupId: string,
  topics: readonly (readonly [Topic, readonly number[]])[] | null,
  fields: Message = {},
): Message {
  const listed =
    topics?.map(([topic, partitionIndexes]) => ({
      name: topic.name,
      ...(version >= 8 ? { topicId: topic.id } : {}),
      partitionIndexes,
    })) ?? null
  if (version < 8) return { groupId, topics: listed }
  return { groups: [{ groupId, topics: listed, ...fields }] }
}

export const offsets: Scenario = {
  name: '08-offsets',
  async run(t) {
    const topic = await makeTopic(t, 'a', 3)
    const missing: Topic = { name: t.named('missing'), id: UNKNOWN_ID }
    for (const version of t.versions('OffsetCommit')) {
      const groupId = t.named(`v${version}`)
      await coordinatorReady(t, groupId)
      await commit(t, version, groupId, topic)
      await commit(t, version, groupId, topic, { partition: 1, offset: 0, metadata: 'text' })
      await commit(t, version, groupId, topic, { partition: 2, offset: -1, label: 'offset -1' })
      await commit(t, version, groupId, topic, { partition: 2, metadata: null, label: 'null' })
      await commit(t, version, groupId, topic, { metadata: 'm'.repeat(4096), label: 'largest' })
      await commit(t, version, groupId, topic, { metadata: 'm'.repeat(4097), label: 'too large' })
      await commit(t, version, groupId, topic, { partition: 9, label: 'no partition' })
      await commit(t, version, groupId, missing, { label: 'no topic' })
      await commit(t, version, '', topic, { label: 'no group' })
      if (version >= 6) await commit(t, version, groupId, topic, { epoch: 3, label: 'epoch' })
      await commit(t, version, groupId, topic, { memberId: 'x', label: 'member of no group' })
      await commit(t, version, groupId, topic, { generation: 5, label: 'generation of no group' })
      const none = { groupId, generationIdOrMemberEpoch: -1, memberId: '', topics: [] }
      await t.call('OffsetCommit', version, none, { label: 'nothing' })
      await fetchAll(t, groupId, topic, missing)
    }
  },
}

async function fetchAll(t: Trial, groupId: string, topic: Topic, missing: Topic): Promise<void> {
  for (const version of t.versions('OffsetFetch')) {
    const some = fetchRequest(version, groupId, [[topic, [0, 1, 2, 7]]])
    await t.call('OffsetFetch', version, some)
    const unknown = fetchRequest(version, groupId, [
      [missing, [0]],
      [topic, [1]],
    ])
    await t.call('OffsetFetch', version, unknown, { label: 'no topic' })
    const none = fetchRequest(version, groupId, [])
    await t.call('OffsetFetch', version, none, { label: 'no topics' })
    if (version < 2) continue
    await t.call('OffsetFetch', version, fetchRequest(version, groupId, null), { label: 'all' })
    const nobody = t.named('nobody')
    await t.call('OffsetFetch', version, fetchRequest(version, nobody, null), { label: 'no group' })
    await t.call('OffsetFetch', version, fetchRequest(version, '', null), { label: 'empty group' })
    if (version < 7) continue
    const strict = { ...some, requireStable: true }
    await t.call('OffsetFetch', version, strict, { label: 'stable' })
    if (version < 8) continue
    const two = [some, fetchRequest(version, nobody, [[topic, [0]]])]
    const groups = two.flatMap((request) => request['groups'] as Message[])
    await t.call('OffsetFetch', version, { groups }, { label: 'two groups' })
    await t.call('OffsetFetch', version, { groups: [] }, { label: 'no groups' })
    if (version < 9) continue
    for (const member of [
      { memberId: 'x', memberEpoch: 3 },
      { memberId: 'x', memberEpoch: -1 },
      { memberId: null, memberEpoch: 3 },
    ]) {
      const request = fetchRequest(version, groupId, [[topic, [0]]], member)
      await t.call('OffsetFetch', version, request, { label: JSON.stringify(member) })
    }
  }
}

export const memberOffsets: Scenario = {
  name: '08-member-offsets',
  async run(t) {
    const topic = await makeTopic(t, 'a', 2)
    for (const version of t.versions('OffsetCommit')) {
      const groupId = t.named(`v${version}`)
      await coordinatorReady(t, groupId)
      const { memberId, generationId: generation } = await soleMember(t, groupId)
      await commit(t, version, groupId, topic, { memberId, generation, label: 'member' })
      await commit(t, version, groupId, topic, { memberId, generation: 0, label: 'old' })
      await commit(t, version, groupId, topic, { memberId, generation: 9, label: 'later' })
      await commit(t, version, groupId, topic, { memberId, label: 'generation -1' })
      await commit(t, version, groupId, topic, { memberId: 'x', generation, label: 'no member' })
      await commit(t, version, groupId, topic, { generation, label: 'empty member' })
      await commit(t, version, groupId, topic, { label: 'not a member' })
      const broken = { memberId, generation, partition: 5, metadata: 'm'.repeat(5000) }
      await commit(t, version, groupId, topic, { ...broken, label: 'no partition, too large' })
      for (const fetch of t.versions('OffsetFetch', 9)) {
        const request = fetchRequest(fetch, groupId, [[topic, [0]]], {
          memberId,
          memberEpoch: generation,
        })
        await t.call('OffsetFetch', fetch, request, { label: 'as a member' })
      }
      await offsetDelete(t, groupId, topic)
    }
  },
}

async function offsetDelete(t: Trial, groupId: string, topic: Topic): Promise<void> {
  for (const version of t.versions('OffsetDelete')) {
    const remove = (label: string, group: string, name: string, partitionIndex: number) => {
      const topics = [{ name, partitions: [{ partitionIndex }] }]
      return t.call('OffsetDelete', version, { groupId: group, topics }, { label })
    }
    await remove('in use', groupId, topic.name, 0)
    await remove('no group', t.named('nobody'), topic.name, 0)
    await remove('empty group', '', topic.name, 0)
  }
}

export const deleteOffsets: Scenario = {
  name: '47-offset-delete',
  async run(t) {
    const topic = await makeTopic(t, 'a', 2)
    const groupId = t.named('g')
    await coordinatorReady(t, groupId)
    const version = t.newest('OffsetCommit')
    await commit(t, version, groupId, topic)
    await commit(t, version, groupId, topic, { partition: 1 })
    for (const version of t.versions('OffsetDelete')) {
      for (const partitionIndex of [0, 0, 5]) {
        const topics = [{ name: topic.name, partitions: [{ partitionIndex }] }]
        await t.call('OffsetDelete', version, { groupId, topics })
      }
      const missing = [{ name: t.named('missing'), partitions: [{ partitionIndex: 0 }] }]
      await t.call('OffsetDelete', version, { groupId, topics: missing }, { label: 'no topic' })
      await t.call('OffsetDelete', version, { groupId, topics: [] }, { label: 'nothing' })
    }
    const all = fetchRequest(t.newest('OffsetFetch'), groupId, null)
    await t.call('OffsetFetch', t.newest('OffsetFetch'), all)
    for (const version of t.versions('DeleteGroups', 0, 0)) {
      await t.call('DeleteGroups', version, { groupsNames: [groupId] })
      await t.call('DeleteGroups', version, { groupsNames: [groupId] }, { label: 'again' })
    }
    await t.call('OffsetFetch', t.newest('OffsetFetch'), all, { label: 'after the group' })
  },
}
