// What tools ask about the cluster: DescribeCluster, DescribeTopicPartitions, DescribeLogDirs,
// DescribeQuorum, OffsetForLeaderEpoch, InitProducerId, and the answers that only must not fail.
import { simpleBatch } from '../batch.ts'
import { makeTopic, produce } from '../steps.ts'
import type { Scenario } from '../trial.ts'

export const describeCluster: Scenario = {
  name: '60-describe-cluster',
  async run(t) {
    for (const version of t.versions('DescribeCluster')) {
      for (const includeClusterAuthorizedOperations of [false, true]) {
        for (const endpointType of version >= 1 ? [1, 2, 0, 3, -1] : [1]) {
          const request = { includeClusterAuthorizedOperations, endpointType }
          await t.call('DescribeCluster', version, request, { label: `type ${endpointType}` })
        }
      }
      if (version >= 2) {
        await t.call('DescribeCluster', version, { includeFencedBrokers: true })
        const both = { includeFencedBrokers: true, endpointType: 2 }
        await t.call('DescribeCluster', version, both, { label: 'fenced controllers' })
      }
    }
  },
}

export const describeTopicPartitions: Scenario = {
  name: '75-describe-topic-partitions',
  async run(t) {
    const a = await makeTopic(t, 'a', 3)
    const b = await makeTopic(t, 'b', 2)
    for (const version of t.versions('DescribeTopicPartitions')) {
      const names = [{ name: b.name }, { name: a.name }, { name: t.named('missing') }]
      const describe = (label: string, fields: object) =>
        t.call('DescribeTopicPartitions', version, { topics: names, ...fields }, { label })
      await describe('three', {})
      await describe('twice', { topics: [{ name: a.name }, { name: a.name }] })
      for (const name of ['a b', '.', '', 'x'.repeat(250)]) {
        await describe(`"${name.slice(0, 8)}"`, { topics: [{ name }, { name: a.name }] })
      }
      for (const responsePartitionLimit of [0, -1, 1, 2, 3, 4, 5]) {
        await describe(`limit ${responsePartitionLimit}`, { responsePartitionLimit })
      }
      const cursors: [string, number][] = [
        [a.name, 0],
        [a.name, 1],
        [a.name, 3],
        [b.name, 0],
        [t.named('aa'), 0],
        ['z', 0],
        [a.name, -1],
      ]
      for (const [topicName, partitionIndex] of cursors) {
        const cursor = { topicName, partitionIndex }
        await describe(`from ${topicName} ${partitionIndex}`, { cursor })
      }
    }
  },
}

export const describeLogDirs: Scenario = {
  name: '35-describe-log-dirs',
  async run(t) {
    const a = await makeTopic(t, 'a', 2)
    await produce(t, a, simpleBatch(2))
    for (const version of t.versions('DescribeLogDirs')) {
      const ask = (label: string, topics: readonly object[] | null) =>
        t.call('DescribeLogDirs', version, { topics }, { label })
      await ask('both', [{ topic: a.name, partitions: [0, 1] }])
      await ask('one', [{ topic: a.name, partitions: [1] }])
      await ask('none', [])
      await ask('missing', [{ topic: t.named('missing'), partitions: [0] }])
      await ask('no partition', [{ topic: a.name, partitions: [9] }])
    }
  },
}

export const describeQuorum: Scenario = {
  name: '55-describe-quorum',
  async run(t) {
    for (const version of t.versions('DescribeQuorum')) {
      const ask = (label: string, topicName: string, partitions: readonly number[]) => {
        const listed = partitions.map((partitionIndex) => ({ partitionIndex }))
        const topics = [{ topicName, partitions: listed }]
        return t.call('DescribeQuorum', version, { topics }, { label })
      }
      await ask('metadata', '__cluster_metadata', [0])
      await ask('partition 1', '__cluster_metadata', [1])
      await ask('two partitions', '__cluster_metadata', [0, 1])
      await ask('another topic', t.named('missing'), [0])
      await t.call('DescribeQuorum', version, { topics: [] }, { label: 'none' })
    }
  },
}

export const offsetForLeaderEpoch: Scenario = {
  name: '23-offset-for-leader-epoch',
  async run(t) {
    const a = await makeTopic(t, 'a')
    await produce(t, a, simpleBatch(4))
    for (const version of t.versions('OffsetForLeaderEpoch')) {
      const ask = (topic: string, partition: number, leaderEpoch: number, current = -1) =>
        t.call(
          'OffsetForLeaderEpoch',
          version,
          {
            ...(version >= 3 ? { replicaId: -1 } : {}),
            topics: [
              { topic, partitions: [{ partition, currentLeaderEpoch: current, leaderEpoch }] },
            ],
          },
          { label: `${partition} ${leaderEpoch} ${current}` },
        )
      for (const epoch of [0, 1, 5, -1, -2]) await ask(a.name, 0, epoch)
      for (const current of [0, 1]) await ask(a.name, 0, 0, current)
      await ask(a.name, 3, 0)
      await ask(t.named('missing'), 0, 0)
      const empty = { replicaId: version >= 3 ? -1 : -2, topics: [] }
      await t.call('OffsetForLeaderEpoch', version, empty, { label: 'none' })
    }
  },
}

export const initProducerId: Scenario = {
  name: '22-init-producer-id',
  async run(t) {
    for (const version of t.versions('InitProducerId')) {
      const ask = (label: string, fields: object = {}) =>
        t.call(
          'InitProducerId',
          version,
          { transactionalId: null, transactionTimeoutMs: 60_000, ...fields },
          { label },
        )
      await ask('first')
      await ask('second')
      await ask('timeout 0', { transactionTimeoutMs: 0 })
      await ask('timeout -1', { transactionTimeoutMs: -1 })
      await ask('empty transactional id', { transactionalId: '' })
      if (version < 3) continue
      await ask('a producer id', { producerId: 4000, producerEpoch: 2 })
      await ask('an id without an epoch', { producerId: 4000 })
      await ask('an epoch without an id', { producerEpoch: 3 })
      await ask('the last epoch', { producerId: 4000, producerEpoch: 32767 })
    }
  },
}

export const forTools: Scenario = {
  name: '46-for-tools',
  async run(t) {
    const a = await makeTopic(t, 'a')
    for (const version of t.versions('ListPartitionReassignments')) {
      const none = { timeoutMs: 1000, topics: null }
      await t.call('ListPartitionReassignments', version, none)
      const one = [{ name: a.name, partitionIndexes: [0] }]
      await t.call('ListPartitionReassignments', version, { timeoutMs: 1000, topics: one })
      const missing = [{ name: t.named('missing'), partitionIndexes: [0, 4] }]
      await t.call('ListPartitionReassignments', version, { timeoutMs: 1000, topics: missing })
    }
    for (const version of t.versions('DescribeAcls')) {
      await t.call('DescribeAcls', version, {
        resourceTypeFilter: 1,
        resourceNameFilter: null,
        patternTypeFilter: version >= 1 ? 1 : 3,
        principalFilter: null,
        hostFilter: null,
        operation: 1,
        permissionType: 1,
      })
    }
    for (const version of t.versions('DescribeClientQuotas')) {
      const user = { entityType: 'user', matchType: 2, match: null }
      await t.call('DescribeClientQuotas', version, { components: [user], strict: false })
      await t.call('DescribeClientQuotas', version, { components: [], strict: false })
      const exact = { entityType: 'client-id', matchType: 0, match: 'x' }
      await t.call('DescribeClientQuotas', version, { components: [exact], strict: true })
      const twice = { components: [user, user], strict: false }
      await t.call('DescribeClientQuotas', version, twice, { label: 'twice' })
      const odd = { components: [{ ...user, entityType: 'pet' }], strict: false }
      await t.call('DescribeClientQuotas', version, odd, { label: 'unknown entity' })
      const wrong = { components: [{ ...user, matchType: 9 }], strict: false }
      await t.call('DescribeClientQuotas', version, wrong, { label: 'match type' })
      const empty = { components: [{ ...user, entityType: '' }], strict: false }
      await t.call('DescribeClientQuotas', version, empty, { label: 'empty entity' })
    }
    for (const version of t.versions('DescribeUserScramCredentials')) {
      await t.call('DescribeUserScramCredentials', version, { users: null })
      await t.call('DescribeUserScramCredentials', version, { users: [] })
      await t.call('DescribeUserScramCredentials', version, { users: [{ name: 'alice' }] })
      const twice = { users: [{ name: 'alice' }, { name: 'alice' }, { name: '' }] }
      await t.call('DescribeUserScramCredentials', version, twice, { label: 'twice' })
    }
  },
}
