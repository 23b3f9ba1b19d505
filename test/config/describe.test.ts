import { expect, test } from 'vitest'
import {
  CONFIG_SOURCE,
  type DescribedConfig,
  describeBrokerConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
} from '../../src/config/describe.ts'
import { staticLayers } from '../../src/config/layers.ts'
import { loadConfig } from '../../src/config/load.ts'

const none = new Map<string, string>()

function layers(...set: string[]) {
  return staticLayers(loadConfig({ set: ['samsa.profile=kafka', ...set] }))
}

function pick(entries: DescribedConfig[], name: string): DescribedConfig {
  return entries.find((entry) => entry.name === name)!
}

test('a topic lists the keys that are not internal, in alphabetical order', () => {
  const names = describeTopicConfigs(layers(), none).map((entry) => entry.name)
  expect(names).toHaveLength(37)
  expect(names).toEqual([...names].sort())
  expect(names).not.toContain('internal.segment.bytes')
})

test('retention.ms of a topic without a value anywhere has no synonym: its default is null', () => {
  const entry = pick(describeTopicConfigs(layers(), none), 'retention.ms')
  expect(entry).toMatchObject({ value: '604800000', source: CONFIG_SOURCE.default, type: 5 })
  expect(entry.synonyms).toEqual([])
})

test('synonyms of retention.ms name the units that have a value, from the first one on', () => {
  const entry = pick(describeTopicConfigs(layers('log.retention.ms=7'), none), 'retention.ms')
  expect(entry.synonyms).toEqual([
    { name: 'log.retention.ms', value: '7', source: 4 },
    { name: 'log.retention.hours', value: '168', source: 5 },
  ])
})

test('a value on the topic comes first among the synonyms', () => {
  const entry = pick(
    describeTopicConfigs(
      layers('log.segment.bytes=2000000'),
      new Map([['segment.bytes', '3000000']]),
    ),
    'segment.bytes',
  )
  expect(entry).toMatchObject({ value: '3000000', source: CONFIG_SOURCE.topic, isReadOnly: false })
  expect(entry.synonyms).toEqual([
    { name: 'segment.bytes', value: '3000000', source: 1 },
    { name: 'log.segment.bytes', value: '2000000', source: 4 },
    { name: 'log.segment.bytes', value: '1073741824', source: 5 },
  ])
})

test('a key without broker synonym has none, and its source is the default', () => {
  const entry = pick(describeTopicConfigs(layers(), none), 'remote.storage.enable')
  expect(entry).toMatchObject({ value: 'false', source: CONFIG_SOURCE.default, synonyms: [] })
})

test('a broker lists every visible key, read-only where it cannot be altered', () => {
  const entries = describeBrokerConfigs(layers('log.retention.hours=1'), true)
  expect(pick(entries, 'log.retention.hours')).toMatchObject({
    value: '1',
    source: CONFIG_SOURCE.static,
    isReadOnly: true,
  })
  expect(pick(entries, 'log.cleaner.threads')).toMatchObject({
    value: '1',
    source: CONFIG_SOURCE.default,
    isReadOnly: false,
  })
  expect(entries.some((entry) => entry.name === 'unstable.api.versions.enable')).toBe(false)
})

test('secrets are never shown, nor values of keys that nobody knows', () => {
  const entries = describeBrokerConfigs(layers('ssl.key.password=hush', 'rsm.config.token=x'), true)
  for (const name of ['ssl.key.password', 'rsm.config.token']) {
    const entry = pick(entries, name)
    expect(entry).toMatchObject({ value: null, isSensitive: true, source: CONFIG_SOURCE.static })
    expect(JSON.stringify(entry)).not.toMatch(/hush|"x"/)
  }
})

test('the cluster default lists only what was altered', () => {
  const changed = { ...layers(), clusterOverrides: new Map([['log.cleaner.threads', '3']]) }
  expect(describeBrokerConfigs(changed, false)).toMatchObject([
    { name: 'log.cleaner.threads', value: '3', source: CONFIG_SOURCE.clusterDefault },
  ])
})

test('a group falls back to the broker and to its own default', () => {
  const entries = describeGroupConfigs(
    layers(),
    new Map([['share.isolation.level', 'read_committed']]),
  )
  expect(pick(entries, 'share.isolation.level').synonyms).toEqual([
    { name: 'share.isolation.level', value: 'read_committed', source: 8 },
    { name: 'share.isolation.level', value: 'read_uncommitted', source: 5 },
  ])
  expect(pick(entries, 'consumer.session.timeout.ms').synonyms).toEqual([
    { name: 'group.consumer.session.timeout.ms', value: '45000', source: 5 },
  ])
})
