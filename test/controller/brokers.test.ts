import { describe, expect, test } from 'vitest'
import { ControllerUnderTest, createRequest, heartbeat, newTopic, registration } from './harness.ts'

describe('brokers', () => {
  test('a first start writes the bootstrap transaction, a registration and its unfencing', () => {
    const controller = new ControllerUnderTest()
    controller.startBroker(1)
    expect(controller.records.map(({ name, version }) => `${name} v${version}`)).toEqual([
      'BeginTransactionRecord v0',
      'FeatureLevelRecord v0',
      'EndTransactionRecord v0',
      'RegisterBrokerRecord v3',
      'BrokerRegistrationChangeRecord v0',
    ])
    expect(controller.image().brokers.get(1)).toMatchObject({ epoch: 3, fenced: false })
  })

  test('a broker behind its own registration stays fenced', () => {
    const controller = new ControllerUnderTest()
    const { brokerEpoch } = controller.call('registerBroker', registration(1))
    const behind = controller.call('brokerHeartbeat', heartbeat(1, brokerEpoch, brokerEpoch - 1))
    expect(behind).toMatchObject({ errorCode: 0, isCaughtUp: false, isFenced: true })
    const stale = controller.call('brokerHeartbeat', heartbeat(1, brokerEpoch - 1, brokerEpoch))
    expect(stale.errorCode).toBe(77)
  })

  test('a new incarnation takes leadership away and gets it back in a higher leader epoch', () => {
    const controller = new ControllerUnderTest()
    controller.startBroker(1)
    controller.call('createTopics', createRequest(newTopic('t', 2)))
    const { brokerEpoch } = controller.call('registerBroker', registration(1))
    const between = controller.image().topicsByName.get('t')!.partitions[0]!
    expect(between).toMatchObject({ leader: -1, isr: [1], leaderEpoch: 1, partitionEpoch: 1 })
    controller.call('brokerHeartbeat', heartbeat(1, brokerEpoch, brokerEpoch))
    const after = controller.image().topicsByName.get('t')!.partitions[1]!
    expect(after).toMatchObject({ leader: 1, isr: [1], leaderEpoch: 2, partitionEpoch: 2 })
  })

  test('the epoch of a broker is the offset of its registration', () => {
    const controller = new ControllerUnderTest()
    controller.startBroker(1)
    controller.call('createTopics', createRequest(newTopic('t', 2)))
    const { brokerEpoch } = controller.call('registerBroker', registration(1))
    expect(controller.records[brokerEpoch]!.name).toBe('RegisterBrokerRecord')
  })

  test('leadership moves to another member of the ISR; the last member is kept', () => {
    const controller = new ControllerUnderTest()
    const first = controller.startBroker(1)
    const second = controller.startBroker(2)
    controller.call('createTopics', createRequest(newTopic('t', 4, 2)))
    const fence = (id: number, epoch: number) =>
      controller.call('brokerHeartbeat', { ...heartbeat(id, epoch, epoch), wantFence: true })
    fence(1, first)
    for (const partition of controller.image().topicsByName.get('t')!.partitions) {
      expect(partition).toMatchObject({ leader: 2, isr: [2] })
    }
    fence(2, second)
    for (const partition of controller.image().topicsByName.get('t')!.partitions) {
      expect(partition).toMatchObject({ leader: -1, isr: [2] })
    }
    // Broker 1 is not in the ISR: it must not lead.
    controller.call('brokerHeartbeat', heartbeat(1, first, controller.records.length))
    expect(controller.image().topicsByName.get('t')!.partitions[0]!.leader).toBe(-1)
  })

  test("an unclean election is the topic's own choice, and leaves a recovering leader", () => {
    const controller = new ControllerUnderTest()
    const first = controller.startBroker(1)
    const second = controller.startBroker(2)
    const configs = [{ name: 'unclean.leader.election.enable', value: 'true' }]
    controller.call('createTopics', createRequest({ ...newTopic('t', 1, 2), configs }))
    for (const [id, epoch] of [
      [1, first],
      [2, second],
    ] as const) {
      controller.call('brokerHeartbeat', { ...heartbeat(id, epoch, epoch), wantFence: true })
    }
    controller.call('brokerHeartbeat', heartbeat(1, first, controller.records.length))
    const [partition] = controller.image().topicsByName.get('t')!.partitions
    expect(partition).toMatchObject({ leader: 1, isr: [1], leaderRecoveryState: 1 })
  })

  test('controlled shutdown moves leadership first, then fences', () => {
    const controller = new ControllerUnderTest()
    const epoch = controller.startBroker(1)
    controller.call('createTopics', createRequest(newTopic('t')))
    const wish = { ...heartbeat(1, epoch, 99), wantShutDown: true }
    expect(controller.call('brokerHeartbeat', wish)).toMatchObject({ shouldShutDown: false })
    expect(controller.image().brokers.get(1)).toMatchObject({ inControlledShutdown: true })
    expect(controller.call('brokerHeartbeat', wish)).toMatchObject({ shouldShutDown: true })
    expect(controller.image().brokers.get(1)).toMatchObject({ fenced: true })
  })

  test.each([
    ['another cluster id', { clusterId: 'x' }, 104],
    ['no directory', { logDirs: [] }, 119],
    ['a reserved directory', { logDirs: ['AAAAAAAAAAAAAAAAAAAAAQ'] }, 119],
    ['the directory of another broker', { brokerId: 3 }, 119],
    ['no metadata.version', { features: [] }, 119],
    [
      'a range without the finalized level',
      { features: [{ name: 'metadata.version', minSupportedVersion: 7, maxSupportedVersion: 20 }] },
      35,
    ],
    ['a live twin', { brokerId: 2, logDirs: ['xtSHvXVP-7_CZqwgaj6yiB'] }, 101],
  ])('a registration with %s is refused', (_what, change, code) => {
    const controller = new ControllerUnderTest()
    controller.startBroker(1)
    controller.startBroker(2)
    const before = controller.records.length
    const request = { ...registration(1), ...change }
    expect(controller.call('registerBroker', request)).toMatchObject({ errorCode: code })
    expect(controller.records.length).toBe(before)
  })

  test('producer ids come in blocks of 1000 for a broker with the right epoch', () => {
    const controller = new ControllerUnderTest()
    const brokerEpoch = controller.startBroker(1)
    const ask = (epoch: number) =>
      controller.call('allocateProducerIds', { brokerId: 1, brokerEpoch: epoch })
    expect(ask(brokerEpoch)).toMatchObject({ producerIdStart: 0, producerIdLen: 1000 })
    expect(ask(brokerEpoch)).toMatchObject({ producerIdStart: 1000 })
    expect(ask(brokerEpoch + 1).errorCode).toBe(77)
  })
})
