// DescribeConfigs, AlterConfigs, IncrementalAlterConfigs, ListConfigResources: sources, synonyms, types,
// documentation; append, subtract and delete; topics, brokers, the cluster default, groups.
import type { Message } from '../codec.ts'
import { makeTopic } from '../steps.ts'
import type { Scenario, Trial } from '../trial.ts'

const TOPIC = 2
const BROKER = 4
const LOGGER = 8
const CLIENT_METRICS = 16
const GROUP = 32
const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3] as const

function describe(t: Trial, label: string, version: number, resource: Message): Promise<unknown> {
  const request = {
    resources: [{ configurationKeys: null, ...resource }],
    includeSynonyms: true,
    ...(version >= 3 ? { includeDocumentation: true } : {}),
  }
  return t.call('DescribeConfigs', version, request, { label })
}

export const describeTopicConfigs: Scenario = {
  name: '32-describe-topic-configs',
  async run(t) {
    const topic = await makeTopic(t, 'a', 1, {
      'retention.ms': '1000',
      'cleanup.policy': 'compact',
    })
    for (const version of t.versions('DescribeConfigs')) {
      const resource = { resourceType: TOPIC, resourceName: topic.name }
      await describe(t, 'all', version, resource)
      await describe(t, 'two', version, {
        ...resource,
        configurationKeys: ['retention.ms', 'segment.bytes', 'no.such.key'],
      })
      await describe(t, 'no keys', version, { ...resource, configurationKeys: [] })
      await describe(t, 'unknown', version, { ...resource, resourceName: t.named('missing') })
      await describe(t, 'bad name', version, { ...resource, resourceName: 'a b' })
      await describe(t, 'empty name', version, { ...resource, resourceName: '' })
      const plain = { resources: [{ ...resource, configurationKeys: ['retention.ms'] }] }
      await t.call('DescribeConfigs', version, plain, { label: 'without synonyms' })
      for (const resourceType of [0, 1, 3, 7, 64, -1]) {
        await describe(t, `type ${resourceType}`, version, { resourceType, resourceName: '1' })
      }
    }
  },
}

/** Keys that both brokers are started with, so that values can be compared too. */
const BROKER_KEYS = [
  'log.retention.ms',
  'log.retention.hours',
  'log.segment.bytes',
  'num.partitions',
  'default.replication.factor',
  'min.insync.replicas',
  'auto.create.topics.enable',
  'message.max.bytes',
  'log.cleanup.policy',
  'node.id',
  'broker.id',
  'offsets.topic.replication.factor',
  'group.initial.rebalance.delay.ms',
  'max.connections.per.ip.overrides',
  'ssl.keystore.password',
  'no.such.key',
]

export const describeBrokerConfigs: Scenario = {
  name: '32-describe-broker-configs',
  async run(t) {
    for (const version of t.versions('DescribeConfigs')) {
      for (const resourceName of ['1', '', '2', 'x', '-1']) {
        const some = { resourceType: BROKER, resourceName, configurationKeys: BROKER_KEYS }
        await describe(t, `broker "${resourceName}"`, version, some)
      }
      const empty = { resourceType: BROKER, resourceName: '', configurationKeys: null }
      await describe(t, 'the cluster default', version, empty)
      const logger = { resourceType: LOGGER, resourceName: '2', configurationKeys: null }
      await describe(t, 'a logger elsewhere', version, logger)
      for (const resourceType of [CLIENT_METRICS, GROUP]) {
        const missing = { resourceType, resourceName: t.named('missing') }
        await describe(t, `type ${resourceType}, unknown`, version, missing)
        await describe(t, `type ${resourceType}, empty`, version, { ...missing, resourceName: '' })
      }
    }
  },
}

export const incrementalAlter: Scenario = {
  name: '44-incremental-alter-configs',
  async run(t) {
    for (const version of t.versions('IncrementalAlterConfigs')) {
      const topic = await makeTopic(t, `v${version}`, 1, { 'retention.ms': '1000' })
      const resource = { resourceType: TOPIC, resourceName: topic.name }
      const alter = async (
        label: string,
        configs: readonly (readonly [string, number, string | null])[],
        fields: Message = {},
        validateOnly = false,
      ) => {
        const listed = configs.map(([name, configOperation, value]) => ({
          name,
          configOperation,
          value,
        }))
        const resources = [{ ...resource, ...fields, configs: listed }]
        const request = { resources, validateOnly }
        await t.call('IncrementalAlterConfigs', version, request, { label })
        await settled(t)
        const keys = ['retention.ms', 'cleanup.policy', 'segment.bytes', 'max.message.bytes']
        await describe(t, `after ${label}`, t.newest('DescribeConfigs'), {
          ...resource,
          configurationKeys: keys,
        })
      }
      await alter('set', [['retention.ms', SET, '2000']])
      await alter('validate', [['retention.ms', SET, '3000']], {}, true)
      await alter('delete', [['retention.ms', DELETE, null]])
      await alter('delete again', [['retention.ms', DELETE, null]])
      await alter('append', [['cleanup.policy', APPEND, 'compact']])
      await alter('append again', [['cleanup.policy', APPEND, 'compact']])
      await alter('subtract', [['cleanup.policy', SUBTRACT, 'delete']])
      await alter('subtract what is not there', [['cleanup.policy', SUBTRACT, 'delete']])
      await alter('append to no list', [['retention.ms', APPEND, '1']])
      await alter('append nonsense', [['cleanup.policy', APPEND, 'burn']])
      await alter('operation 7', [['retention.ms', 7, '1']])
      await alter('null value', [['retention.ms', SET, null]])
      await alter('unknown key', [['no.such.key', SET, '1']])
      await alter('bad value', [['retention.ms', SET, 'soon']])
      await alter('out of range', [['max.message.bytes', SET, '-1']])
      await alter('twice the same key', [
        ['retention.ms', SET, '1'],
        ['retention.ms', SET, '2'],
      ])
      await alter('good and bad', [
        ['retention.ms', SET, '4000'],
        ['segment.bytes', SET, 'x'],
      ])
      await alter('nothing', [])
      await alter('unknown topic', [['retention.ms', SET, '1']], { resourceName: t.named('x') })
      await alter('empty topic', [['retention.ms', SET, '1']], { resourceName: '' })
      await alter('type 0', [['retention.ms', SET, '1']], { resourceType: 0 })
      await alter('type 64', [['retention.ms', SET, '1']], { resourceType: 64 })
      const twice = [
        { ...resource, configs: [] },
        { ...resource, configs: [] },
      ]
      await t.call('IncrementalAlterConfigs', version, { resources: twice }, { label: 'twice' })
    }
  },
}

export const alterConfigs: Scenario = {
  name: '33-alter-configs',
  async run(t) {
    for (const version of t.versions('AlterConfigs')) {
      const topic = await makeTopic(t, `v${version}`, 1, { 'retention.ms': '1000' })
      const resource = { resourceType: TOPIC, resourceName: topic.name }
      const alter = async (
        label: string,
        configs: readonly { name: string; value: string | null }[],
        fields: Message = {},
      ) => {
        const { validateOnly = false, ...rest } = fields
        const request = { resources: [{ ...resource, ...rest, configs }], validateOnly }
        await t.call('AlterConfigs', version, request, { label })
        await settled(t)
        const keys = ['retention.ms', 'cleanup.policy', 'segment.bytes']
        await describe(t, `after ${label}`, t.newest('DescribeConfigs'), {
          ...resource,
          configurationKeys: keys,
        })
      }
      await alter('validate', [{ name: 'segment.bytes', value: '1048576' }], { validateOnly: true })
      await alter('replace', [{ name: 'segment.bytes', value: '1048576' }])
      await alter('bad value', [{ name: 'segment.bytes', value: 'x' }])
      await alter('null value', [{ name: 'segment.bytes', value: null }])
      await alter('unknown key', [{ name: 'no.such.key', value: '1' }])
      await alter('unknown topic', [], { resourceName: t.named('missing') })
      await alter('type 0', [], { resourceType: 0 })
      await alter('clear', [])
    }
  },
}

export const alterBrokerConfigs: Scenario = {
  name: '44-alter-broker-configs',
  async run(t) {
    const version = t.newest('IncrementalAlterConfigs')
    if (version < 0) return
    const alter = async (label: string, resourceName: string, config: Message) => {
      const resources = [{ resourceType: BROKER, resourceName, configs: [config] }]
      await t.call('IncrementalAlterConfigs', version, { resources }, { label })
      await settled(t)
      for (const shown of ['1', '']) {
        await describe(t, `after ${label}`, t.newest('DescribeConfigs'), {
          resourceType: BROKER,
          resourceName: shown,
          configurationKeys: ['log.cleaner.backoff.ms', 'log.cleaner.threads'],
        })
      }
    }
    const set = (name: string, value: string) => ({ name, configOperation: SET, value })
    const unset = (name: string) => ({ name, configOperation: DELETE, value: null })
    await alter('a default', '', set('log.cleaner.backoff.ms', '16000'))
    await alter('one broker', '1', set('log.cleaner.backoff.ms', '17000'))
    await alter('not the broker', '1', unset('log.cleaner.backoff.ms'))
    await alter('not the default', '', unset('log.cleaner.backoff.ms'))
    await alter('read only', '1', set('node.id', '7'))
    await alter('read only default', '', set('log.dirs', '/x'))
    await alter('unknown key', '1', set('no.such.key', '7'))
    await alter('bad value', '1', set('log.cleaner.backoff.ms', 'x'))
    await alter('another broker', '2', set('log.cleaner.backoff.ms', '16000'))
    await alter('no number', 'x', set('log.cleaner.backoff.ms', '16000'))
    await alter('out of range', '', set('log.cleaner.threads', '-4'))
  },
}

export const listConfigResources: Scenario = {
  name: '74-list-config-resources',
  async run(t) {
    await makeTopic(t, 'a')
    for (const version of t.versions('ListConfigResources')) {
      const lists =
        version === 0 ? [[]] : [[], [TOPIC], [BROKER], [GROUP], [CLIENT_METRICS], [0], [99]]
      for (const resourceTypes of lists) {
        const label = `types ${resourceTypes.join(' ')}`
        await t.call('ListConfigResources', version, { resourceTypes }, { label })
      }
      if (version > 0) {
        await t.call('ListConfigResources', version, { resourceTypes: [TOPIC, BROKER] })
        await t.call('ListConfigResources', version, { resourceTypes: [TOPIC, 77] })
      }
    }
  },
}

/** A change is answered before the broker's own view has it: one more round through the metadata. */
async function settled(t: Trial): Promise<void> {
  void t
  await new Promise((resolve) => setTimeout(resolve, 60))
}
