import { describe, expect, test } from 'vitest'
import { ControllerUnderTest, createRequest, DIRECTORY, newTopic } from './harness.ts'

function started(): ControllerUnderTest {
  const controller = new ControllerUnderTest()
  controller.startBroker(1)
  return controller
}

function errorsOf(
  controller: ControllerUnderTest,
  ...topics: ReturnType<typeof newTopic>[]
): [string, number][] {
  const reply = controller.call('createTopics', createRequest(...topics))
  return reply.topics.map(({ name, errorCode }) => [name, errorCode])
}

describe('creating topics', () => {
  test('a first topic is one batch of Topic and Partition records that name our directory', () => {
    const controller = started()
    const before = controller.records.length
    const reply = controller.call('createTopics', createRequest(newTopic('orders', 2)))
    expect(reply.topics).toMatchObject([
      { name: 'orders', errorCode: 0, errorMessage: null, numPartitions: 2, replicationFactor: 1 },
    ])
    const added = controller.records.slice(before)
    expect(added.map(({ name, version }) => `${name} v${version}`)).toEqual([
      'TopicRecord v0',
      'PartitionRecord v1',
      'PartitionRecord v1',
    ])
    const { topicsByName, topicsById } = controller.image()
    const topic = topicsByName.get('orders')!
    expect(topicsById.get(reply.topics[0]!.topicId)).toBe(topic)
    expect(topic.partitions[1]).toEqual({
      topicId: topic.id,
      index: 1,
      replicas: [1],
      isr: [1],
      removingReplicas: [],
      addingReplicas: [],
      leader: 1,
      leaderRecoveryState: 0,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: [DIRECTORY],
    })
  })

  test('-1 takes the defaults, and the reply says what they were', () => {
    const reply = started().call('createTopics', createRequest(newTopic('t', -1, -1)))
    expect(reply.topics[0]).toMatchObject({ numPartitions: 3, replicationFactor: 1 })
  })

  test.each([
    ['the empty name', newTopic(''), 17],
    ['a dot', newTopic('.'), 17],
    ['a name of 250 characters', newTopic('a'.repeat(250)), 17],
    ['a name with a space', newTopic('a b'), 17],
    ['a name that exists', newTopic('there'), 36],
    ['a name that collides with one that exists', newTopic('col_lide'), 17],
    ['0 partitions', newTopic('t', 0), 37],
    ['-2 partitions', newTopic('t', -2), 37],
    ['0 replicas', newTopic('t', 1, 0), 38],
    ['more replicas than brokers', newTopic('t', 1, 2), 38],
    ['replicas are checked before partitions', newTopic('t', 0, 0), 38],
    ['more than 10,000 partitions', newTopic('t', 10_001), 44],
    ['a null value', { ...newTopic('t'), configs: [{ name: 'a', value: null }] }, 40],
    ['a bad value', { ...newTopic('t'), configs: [{ name: 'retention.ms', value: 'bad' }] }, 40],
    ['the metadata topic', newTopic('__cluster_metadata'), 42],
  ])('%s is refused', (_what, topic, code) => {
    const controller = started()
    controller.call('createTopics', createRequest(newTopic('there'), newTopic('col.lide')))
    const before = controller.records.length
    expect(errorsOf(controller, topic)).toEqual([[topic.name, code]])
    expect(controller.records.length).toBe(before)
  })

  test.each([
    ['with a partition count', { numPartitions: 1 }, [{ partitionIndex: 0, brokerIds: [1] }], 42],
    [
      'with a replication factor',
      { replicationFactor: 1 },
      [{ partitionIndex: 0, brokerIds: [1] }],
      42,
    ],
    ['without replicas', {}, [{ partitionIndex: 0, brokerIds: [] }], 39],
    ['naming an unknown broker', {}, [{ partitionIndex: 0, brokerIds: [9] }], 39],
    ['naming a broker twice', {}, [{ partitionIndex: 0, brokerIds: [1, 1] }], 39],
    ['with a gap', {}, [{ partitionIndex: 1, brokerIds: [1] }], 39],
    ['of fenced brokers', {}, [{ partitionIndex: 0, brokerIds: [2] }], 39],
    [
      'with a partition twice',
      {},
      [
        { partitionIndex: 0, brokerIds: [1] },
        { partitionIndex: 0, brokerIds: [1] },
      ],
      39,
    ],
  ])('a manual assignment %s is refused', (_what, fields, assignments, code) => {
    const controller = started()
    const epoch = controller.startBroker(2)
    controller.call('brokerHeartbeat', {
      brokerId: 2,
      brokerEpoch: epoch,
      currentMetadataOffset: epoch,
      wantFence: true,
      wantShutDown: false,
      offlineLogDirs: [],
      cordonedLogDirs: null,
    })
    const topic = { ...newTopic('t', -1, -1), ...fields, assignments }
    expect(errorsOf(controller, topic)).toEqual([['t', code]])
  })

  test('a manual assignment keeps its order; the fenced replica is not in the ISR', () => {
    const controller = started()
    controller.startBroker(2)
    const assignments = [
      { partitionIndex: 1, brokerIds: [1, 2] },
      { partitionIndex: 0, brokerIds: [2, 1] },
    ]
    expect(errorsOf(controller, { ...newTopic('t', -1, -1), assignments })).toEqual([['t', 0]])
    const { partitions } = controller.image().topicsByName.get('t')!
    expect(partitions.map(({ replicas, leader }) => [replicas, leader])).toEqual([
      [[2, 1], 2],
      [[1, 2], 1],
    ])
  })

  test('a name given twice is refused once, the others are created', () => {
    const controller = started()
    const reply = errorsOf(controller, newTopic('twice'), newTopic('once'), newTopic('twice'))
    expect(reply).toEqual([
      ['once', 0],
      ['twice', 42],
    ])
  })

  test('validateOnly answers as if it had, and writes nothing', () => {
    const controller = started()
    const before = controller.records.length
    const request = { ...createRequest(newTopic('t', 2)), validateOnly: true }
    expect(controller.call('createTopics', request).topics[0]).toMatchObject({
      errorCode: 0,
      numPartitions: 2,
    })
    expect(controller.records.length).toBe(before)
  })

  test('without an unfenced broker the replication factor is invalid', () => {
    expect(errorsOf(new ControllerUnderTest(), newTopic('t'))).toEqual([['t', 38]])
  })
})

describe('deleting topics', () => {
  const none = { topicNames: [], topics: [], timeoutMs: 1000 }

  test('by name and by id; configuration goes with the topic', () => {
    const controller = started()
    const a = { ...newTopic('a'), configs: [{ name: 'retention.ms', value: '5' }] }
    controller.call('createTopics', createRequest(a, newTopic('b')))
    const idOfB = controller.image().topicsByName.get('b')!.id
    const zero = 'AAAAAAAAAAAAAAAAAAAAAA'
    const reply = controller.call('deleteTopics', {
      ...none,
      topics: [
        { name: 'a', topicId: zero },
        { name: null, topicId: idOfB },
      ],
    })
    expect(reply.responses.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['b', 0],
      ['a', 0],
    ])
    const image = controller.image()
    expect(image.topicsByName.size).toBe(0)
    expect([...image.configNames(2)]).toEqual([])
    expect(controller.last!.delta.topics.map(({ name, after }) => [name, after])).toEqual([
      ['b', undefined],
      ['a', undefined],
    ])
  })

  test('unknown names and ids, doubles, and both or neither of name and id', () => {
    const controller = started()
    controller.call('createTopics', createRequest(newTopic('a')))
    const id = controller.image().topicsByName.get('a')!.id
    const zero = 'AAAAAAAAAAAAAAAAAAAAAA'
    const reply = controller.call('deleteTopics', {
      ...none,
      topicNames: ['x', 'double', 'double'],
      topics: [
        { name: null, topicId: zero },
        { name: 'a', topicId: id },
        { name: null, topicId: 'xtSHvXVP-7_CZqwgaj6yiA' },
      ],
    })
    expect(reply.responses.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      [null, 42],
      ['a', 42],
      ['double', 42],
      [null, 100],
      ['x', 3],
    ])
    expect(controller.image().topicsByName.size).toBe(1)
  })
})

describe('growing topics', () => {
  function grow(controller: ControllerUnderTest, name: string, count: number) {
    const topics = [{ name, count, assignments: null }]
    const request = { topics, timeoutMs: 1000, validateOnly: false }
    return controller.call('createPartitions', request).results[0]!.errorCode
  }

  test('partitions are added, never taken away', () => {
    const controller = started()
    controller.call('createTopics', createRequest(newTopic('t', 2)))
    expect(grow(controller, 'nope', 3)).toBe(3)
    expect(grow(controller, 't', 2)).toBe(37)
    expect(grow(controller, 't', 1)).toBe(37)
    expect(grow(controller, 't', 4)).toBe(0)
    const topic = controller.image().topicsByName.get('t')!
    expect(topic.partitions.map(({ index }) => index)).toEqual([0, 1, 2, 3])
  })
})
