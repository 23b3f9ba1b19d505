import { expect, test } from 'vitest'
import { validateBrokerConfigs } from '../../src/config/dynamic.ts'
import { groupConfig, validateGroupConfigs } from '../../src/config/group.ts'
import { type ConfigLayers, effectiveValue, staticLayers } from '../../src/config/layers.ts'
import { loadConfig } from '../../src/config/load.ts'
import { topicConfig, validateTopicConfig, validateTopicConfigs } from '../../src/config/topic.ts'

function layers(set: string[], more: Partial<ConfigLayers> = {}): ConfigLayers {
  return { ...staticLayers(loadConfig({ set: ['samsa.profile=kafka', ...set] })), ...more }
}

const none = new Map<string, string>()

test('without any value a topic has the defaults of Apache Kafka', () => {
  const config = topicConfig(layers([]), none)
  expect(config['retention.ms']).toBe(604_800_000)
  expect(config['segment.ms']).toBe(604_800_000)
  expect(config['cleanup.policy']).toEqual(['delete'])
  expect(config['flush.ms']).toBe(Infinity)
  expect(config['max.message.bytes']).toBe(1_048_588)
  expect(config['remote.storage.enable']).toBe(false)
})

test('broker keys stand in, in their order and with their units', () => {
  expect(topicConfig(layers(['log.retention.hours=2']), none)['retention.ms']).toBe(7_200_000)
  const both = ['log.retention.hours=2', 'log.retention.minutes=3']
  expect(topicConfig(layers(both), none)['retention.ms']).toBe(180_000)
  expect(topicConfig(layers([...both, 'log.retention.ms=4']), none)['retention.ms']).toBe(4)
  expect(topicConfig(layers(['log.retention.hours=-1']), none)['retention.ms']).toBe(-1)
})

test('the topic wins over this broker, this broker over all brokers, they over the file', () => {
  const below = layers(['log.segment.bytes=1048576'], {
    clusterOverrides: new Map([['log.segment.bytes', '2000000']]),
  })
  expect(topicConfig(below, none)['segment.bytes']).toBe(2_000_000)
  const middle = { ...below, brokerOverrides: new Map([['log.segment.bytes', '3000000']]) }
  expect(topicConfig(middle, none)['segment.bytes']).toBe(3_000_000)
  expect(effectiveValue(middle, 'log.segment.bytes')).toBe(3_000_000)
  const top = new Map([['segment.bytes', '4000000']])
  expect(topicConfig(middle, top)['segment.bytes']).toBe(4_000_000)
})

test('a stored value that does not parse any more counts as not set', () => {
  expect(topicConfig(layers([]), new Map([['segment.bytes', 'big']]))['segment.bytes']).toBe(
    1_073_741_824,
  )
})

test.each([
  ['retention.ms', '86400000', undefined],
  ['cleanup.policy', 'compact,delete', undefined],
  ['cleanup.policy', '', undefined],
  ['cleanup.policy', 'shrink', /cleanup\.policy.*compact or delete/],
  ['segment.bytes', '1', /segment\.bytes.*1048576/],
  ['leader.replication.throttled.replicas', '0:1,1:2', undefined],
  ['leader.replication.throttled.replicas', 'all', /partition:broker/],
  [
    'retention.mss',
    '1',
    /Unknown topic config name: retention\.mss \(did you mean retention\.ms\?\)/,
  ],
])('%s=%s is judged', (name, value, sentence) => {
  const found = validateTopicConfig(name, value)
  if (sentence === undefined) expect(found).toBeUndefined()
  else expect(found).toMatch(sentence)
})

test('the shortest compaction lag may not exceed the longest', () => {
  const wrong = new Map([
    ['min.compaction.lag.ms', '5'],
    ['max.compaction.lag.ms', '4'],
  ])
  expect(validateTopicConfigs(layers([]), wrong)).toMatch(/min\.compaction\.lag\.ms \(5\)/)
  expect(
    validateTopicConfigs(layers([]), new Map([['min.compaction.lag.ms', '5']])),
  ).toBeUndefined()
})

test('group values come from the group, then from the broker, inside its bounds', () => {
  const given = layers(['group.consumer.session.timeout.ms=50000'])
  expect(groupConfig(given, none)['consumer.session.timeout.ms']).toBe(50_000)
  expect(groupConfig(given, none)['streams.assignor.name']).toBe('sticky')
  const low = new Map([['consumer.session.timeout.ms', '1000']])
  expect(groupConfig(given, low)['consumer.session.timeout.ms']).toBe(45_000)
})

test.each([
  [[['consumer.session.timeout.ms', '50000']], undefined],
  [[['consumer.session.timeout.ms', '1']], /in the range 45000 to 60000 inclusive/],
  [[['streams.num.standby.replicas', '3']], /less than or equal to 2/],
  [[['streams.assignor.name', 'other']], /one of sticky/],
  [[['share.auto.offset.reset', 'by_duration:PT1H']], undefined],
  [[['share.auto.offset.reset', 'by_duration:1h']], /by_duration/],
  [[['errors.deadletterqueue.topic.name', '__x']], /must not start with __/],
] as [[string, string][], RegExp | undefined][])(
  'group values %j are judged',
  (values, sentence) => {
    const found = validateGroupConfigs(layers([]), new Map(values))
    if (sentence === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(sentence)
  },
)

test.each([
  ['log.cleaner.threads', '2', true, undefined],
  ['log.cleaner.threads', '2', false, undefined],
  ['log.cleaner.threads', 'x', false, /whole number/],
  ['log.dirs', '/x', true, /Cannot update these configs dynamically/],
  ['sasl.enabled.mechanisms', 'PLAIN', false, /broker id must be specified/],
  ['ssl.keystore.location', '/x', true, /only for one listener/],
  ['listener.name.external.ssl.keystore.location', '/x', true, undefined],
  ['listener.name.external.ssl.keystore.location', '/x', false, /broker id must be specified/],
  ['listener.name.external.max.connections', '5', false, undefined],
  ['some.plugin.key', 'x', false, undefined],
])('broker value %s=%s (per broker: %s) is judged', (name, value, isPerBroker, sentence) => {
  const found = validateBrokerConfigs(new Map([[name, value]]), isPerBroker)
  if (sentence === undefined) expect(found).toBeUndefined()
  else expect(found).toMatch(sentence)
})
