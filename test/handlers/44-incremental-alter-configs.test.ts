import { beforeEach, expect, test } from 'vitest'
import { IncrementalAlterConfigs } from '../../protocol/api/44-incremental-alter-configs.ts'
import { errors } from '../../protocol/errors.ts'
import { incrementalAlterConfigs } from '../../src/handlers/44-incremental-alter-configs.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import {
  TOPIC,
  SET,
  DELETE,
  APPEND,
  SUBTRACT,
  TOPIC_CONFIG,
  DEFAULT,
  valueOf,
  changeConfig,
} from '../support/configs.ts'
import type { RawLink } from '../support/raw-link.ts'
import { createTopic } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
  createTopic(link, 'letters', { configs: { 'retention.ms': '1000' } })
})

test.each(versionsOf(incrementalAlterConfigs))('version %i sets and unsets a value', (version) => {
  const play = (configOperation: number, text: string | null) => {
    const configs = [{ name: 'retention.ms', configOperation, value: text }]
    const resources = [{ resourceType: TOPIC, resourceName: 'letters', configs }]
    return link.ask(IncrementalAlterConfigs, version, { resources, validateOnly: false })
  }
  expect(play(SET, '2000').responses).toMatchObject([{ errorCode: 0, resourceName: 'letters' }])
  expect(valueOf(link, 'letters', 'retention.ms')).toEqual({ value: '2000', source: TOPIC_CONFIG })
  play(DELETE, null)
  expect(valueOf(link, 'letters', 'retention.ms')).toEqual({ value: '604800000', source: DEFAULT })
})

test('lists can be added to and taken from', () => {
  expect(
    changeConfig(link, 'letters', 'cleanup.policy', { operation: APPEND, text: 'compact' }),
  ).toBe(0)
  expect(valueOf(link, 'letters', 'cleanup.policy').value).toBe('delete,compact')
  expect(
    changeConfig(link, 'letters', 'cleanup.policy', { operation: SUBTRACT, text: 'delete' }),
  ).toBe(0)
  expect(valueOf(link, 'letters', 'cleanup.policy').value).toBe('compact')
  const wrong = changeConfig(link, 'letters', 'retention.ms', { operation: APPEND, text: '1' })
  expect(wrong).toBe(errors.INVALID_CONFIG)
})

test('a value that cannot be is refused, and nothing changes', () => {
  expect(changeConfig(link, 'letters', 'retention.ms', { text: 'soon' })).toBe(
    errors.INVALID_CONFIG,
  )
  expect(changeConfig(link, 'letters', 'no.such.key', { text: '1' })).toBe(errors.INVALID_CONFIG)
  expect(changeConfig(link, 'nowhere', 'retention.ms', { text: '1' })).toBe(
    errors.UNKNOWN_TOPIC_OR_PARTITION,
  )
  expect(valueOf(link, 'letters', 'retention.ms').value).toBe('1000')
})

test('validateOnly changes nothing', () => {
  expect(changeConfig(link, 'letters', 'retention.ms', { text: '5', validateOnly: true })).toBe(
    errors.NONE,
  )
  expect(valueOf(link, 'letters', 'retention.ms').value).toBe('1000')
})
