import { describe, expect, test } from 'vitest'
import { ControllerUnderTest, createRequest, newTopic } from './harness.ts'

const SET = 0
const DELETE = 1
const APPEND = 2
const SUBTRACT = 3

function withTopic(): ControllerUnderTest {
  const controller = new ControllerUnderTest()
  controller.startBroker(1)
  controller.call('createTopics', createRequest(newTopic('t')))
  return controller
}

function alter(
  controller: ControllerUnderTest,
  changes: [string, number, string | null][],
  resource: [number, string] = [2, 't'],
): number {
  const [resourceType, resourceName] = resource
  const configs = changes.map(([name, configOperation, value]) => ({
    name,
    configOperation,
    value,
  }))
  const resources = [{ resourceType, resourceName, configs }]
  const request = { resources, validateOnly: false }
  return controller.call('incrementalAlterConfigs', request).responses[0]!.errorCode
}

describe('incremental changes', () => {
  test('set, append, subtract and delete', () => {
    const controller = withTopic()
    expect(alter(controller, [['retention.ms', SET, '7']])).toBe(0)
    expect(alter(controller, [['cleanup.policy', APPEND, 'compact']])).toBe(0)
    const config = () => Object.fromEntries(controller.image().config(2, 't'))
    expect(config()).toEqual({ 'retention.ms': '7', 'cleanup.policy': 'delete,compact' })
    expect(controller.last!.delta.configs).toEqual([{ type: 2, name: 't' }])
    expect(alter(controller, [['cleanup.policy', SUBTRACT, 'delete']])).toBe(0)
    expect(alter(controller, [['retention.ms', DELETE, null]])).toBe(0)
    expect(config()).toEqual({ 'cleanup.policy': 'compact' })
  })

  test('what changes nothing writes nothing', () => {
    const controller = withTopic()
    alter(controller, [['retention.ms', SET, '7']])
    const before = controller.records.length
    expect(alter(controller, [['retention.ms', SET, '7']])).toBe(0)
    expect(controller.records.length).toBe(before)
  })

  test.each<[string, [string, number, string | null][], [number, string], number]>([
    ['appending to what is no list', [['retention.ms', APPEND, '7']], [2, 't'], 40],
    ['an illegal value', [['retention.ms', SET, 'bad']], [2, 't'], 40],
    ['a value over 32767 characters', [['x', SET, 'x'.repeat(32_768)]], [2, 't'], 40],
    ['an unknown topic', [['retention.ms', SET, '7']], [2, 'nope'], 3],
    ['another broker', [['log.retention.ms', SET, '7']], [4, '9'], 42],
    ['a broker that is no number', [['log.retention.ms', SET, '7']], [4, 'x'], 42],
    ['the topic without a name', [['retention.ms', SET, '7']], [2, ''], 42],
    ['an illegal topic name', [['retention.ms', SET, '7']], [2, 'a b'], 17],
    ['the group without a name', [['x', SET, '7']], [32, ''], 42],
    ['an unknown resource type', [['x', SET, '7']], [77, 't'], 42],
    ['a logger', [['x', SET, '7']], [8, '1'], 42],
    ['a null to set', [['retention.ms', SET, null]], [2, 't'], 42],
    ['a key named twice', [['flush.ms', SET, '7']], [2, 't'], 42],
    ['an unknown operation on a topic', [['retention.ms', 9, '7']], [2, 't'], -1],
    ['an unknown operation on a broker', [['log.retention.ms', 9, '7']], [4, '1'], 42],
  ])('%s is refused and changes nothing', (_what, changes, resource, code) => {
    const controller = withTopic()
    const before = controller.records.length
    expect(alter(controller, [['flush.ms', SET, '1'], ...changes], resource)).toBe(code)
    expect(controller.records.length).toBe(before)
  })

  test('the cluster default and a broker take values', () => {
    const controller = withTopic()
    expect(alter(controller, [['log.retention.ms', SET, '7']], [4, ''])).toBe(0)
    expect(alter(controller, [['log.retention.ms', SET, '8']], [4, '1'])).toBe(0)
    expect([...controller.image().configNames(4)].toSorted()).toEqual(['', '1'])
  })
})

test('the old form deletes what it does not name', () => {
  const controller = withTopic()
  alter(controller, [
    ['retention.ms', SET, '7'],
    ['flush.ms', SET, '1'],
  ])
  const configs = [{ name: 'flush.ms', value: '2' }]
  const resources = [{ resourceType: 2, resourceName: 't', configs }]
  const nothing = [{ resourceType: 2, resourceName: 't', configs: [{ name: 'a', value: null }] }]
  const refused = controller.call('alterConfigs', { resources: nothing, validateOnly: false })
  expect(refused.responses[0]!.errorCode).toBe(42)
  const reply = controller.call('alterConfigs', { resources, validateOnly: false })
  expect(reply.responses[0]!.errorCode).toBe(0)
  expect(Object.fromEntries(controller.image().config(2, 't'))).toEqual({ 'flush.ms': '2' })
})

test('a resource named twice is refused twice, in the order of the request', () => {
  const controller = withTopic()
  const resource = { resourceType: 2, resourceName: 't', configs: [] }
  const request = { resources: [resource, resource], validateOnly: false }
  const { responses } = controller.call('alterConfigs', request)
  expect(responses.map(({ errorCode }) => errorCode)).toEqual([42, 42])
})

describe('feature levels', () => {
  function update(maxVersionLevel: number, upgradeType = 1, feature = 'metadata.version') {
    const controller = withTopic()
    const each = { feature, maxVersionLevel, allowDowngrade: false, upgradeType }
    const request = { timeoutMs: 1000, featureUpdates: [each], validateOnly: false }
    const { errorCode } = controller.call('updateFeatures', request)
    return [errorCode, controller.image().features.get('metadata.version')]
  }

  test.each([
    ['the same level', update(21), [0, 21]],
    ['a level nobody implements', update(22), [95, 21]],
    ['a lower level without saying so', update(20), [95, 21]],
    ['a lower level that loses nothing', update(20, 2), [0, 20]],
    ['a lower level that loses records', update(16, 3), [95, 21]],
    ['a feature nobody knows', update(1, 1, 'share.version'), [95, 21]],
    ['an unknown kind of change', update(21, 9), [95, 21]],
  ])('%s', (_what, outcome, expected) => {
    expect(outcome).toEqual(expected)
  })
})
