import { beforeEach, expect, test } from 'vitest'
import { errors } from '../../protocol/errors.ts'
import { describeConfigs } from '../../src/handlers/32-describe-configs.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import {
  TOPIC,
  BROKER,
  TOPIC_CONFIG,
  DYNAMIC_BROKER,
  CLUSTER_DEFAULT,
  DEFAULT,
  describeConfigsOf,
  valueOf,
  changeConfig,
} from '../support/configs.ts'
import type { RawLink } from '../support/raw-link.ts'
import { createTopic } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

let bench: BrokerBench
let link: RawLink

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
  createTopic(link, 'letters', { configs: { 'retention.ms': '1000' } })
})

test.each(versionsOf(describeConfigs))('version %i tells a value and its source', (version) => {
  const reply = describeConfigsOf(link, 'letters', { keys: ['retention.ms'], version })
  expect(reply).toMatchObject({ errorCode: 0, resourceName: 'letters', resourceType: TOPIC })
  expect(reply.configs).toMatchObject([
    { name: 'retention.ms', value: '1000', configSource: TOPIC_CONFIG, isSensitive: false },
  ])
})

test('no keys, or an empty list of them, means all', () => {
  const all = describeConfigsOf(link, 'letters').configs.map(({ name }) => name)
  expect(all).toContain('cleanup.policy')
  expect(all.length).toBeGreaterThan(20)
  expect(describeConfigsOf(link, 'letters', { keys: [] }).configs).toHaveLength(all.length)
})

test('synonyms and documentation are told only when asked', () => {
  const keys = ['retention.ms']
  const [plain] = describeConfigsOf(link, 'letters', { keys }).configs
  expect(plain).toMatchObject({ synonyms: [], documentation: null })
  const flags = { includeSynonyms: true, includeDocumentation: true }
  const [full] = describeConfigsOf(link, 'letters', { keys, flags }).configs
  expect(full!.synonyms[0]).toEqual({ name: 'retention.ms', value: '1000', source: TOPIC_CONFIG })
  expect(full!.documentation!.length).toBeGreaterThan(20)
  const [policy] = describeConfigsOf(link, 'letters', { keys: ['cleanup.policy'], flags }).configs
  expect(policy!.synonyms).toEqual([
    { name: 'log.cleanup.policy', value: 'delete', source: DEFAULT },
  ])
})

test('unknown resources are told as such', () => {
  expect(describeConfigsOf(link, 'nowhere').errorCode).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
  expect(describeConfigsOf(link, 'a/b').errorCode).toBe(errors.INVALID_TOPIC_EXCEPTION)
  expect(describeConfigsOf(link, '9', { type: BROKER }).errorCode).toBe(errors.INVALID_REQUEST)
  expect(describeConfigsOf(link, 'x', { type: 99 }).errorCode).toBe(errors.INVALID_REQUEST)
  expect(describeConfigsOf(link, '1', { type: BROKER }).errorCode).toBe(errors.NONE)
})

test('a broker beats the cluster default, and both beat the default', async () => {
  const key = 'message.max.bytes'
  expect(valueOf(link, '1', key, BROKER).source).toBe(DEFAULT)
  expect(changeConfig(link, '', key, { type: BROKER, text: '5000' })).toBe(errors.NONE)
  expect(valueOf(link, '1', key, BROKER)).toEqual({ value: '5000', source: CLUSTER_DEFAULT })
  expect(changeConfig(link, '1', key, { type: BROKER, text: '6000' })).toBe(errors.NONE)
  expect(valueOf(link, '1', key, BROKER)).toEqual({ value: '6000', source: DYNAMIC_BROKER })
  expect(valueOf(link, 'letters', 'max.message.bytes').value).toBe('6000')
  await bench.stop()
  await bench.start()
  link = bench.link()
  expect(valueOf(link, '1', key, BROKER)).toEqual({ value: '6000', source: DYNAMIC_BROKER })
})
