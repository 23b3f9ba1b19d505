import { beforeEach, expect, test } from 'vitest'
import { AlterConfigs } from '../../protocol/api/33-alter-configs.ts'
import { alterConfigs } from '../../src/handlers/33-alter-configs.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import { TOPIC, DEFAULT, valueOf } from '../support/configs.ts'
import type { RawLink } from '../support/raw-link.ts'
import { createTopic } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
  createTopic(link, 'letters', { configs: { 'retention.ms': '1000' } })
})

test.each(versionsOf(alterConfigs))('version %i replaces the whole configuration', (version) => {
  const configs = [{ name: 'segment.ms', value: '7000' }]
  const resources = [{ resourceType: TOPIC, resourceName: 'letters', configs }]
  const reply = link.ask(AlterConfigs, version, { resources, validateOnly: false })
  expect(reply.responses).toMatchObject([{ errorCode: 0, resourceName: 'letters' }])
  expect(valueOf(link, 'letters', 'segment.ms').value).toBe('7000')
  expect(valueOf(link, 'letters', 'retention.ms').source).toBe(DEFAULT)
})
