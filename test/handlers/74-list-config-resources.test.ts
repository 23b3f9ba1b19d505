import { beforeEach, expect, test } from 'vitest'
import { ListConfigResources } from '../../protocol/api/74-list-config-resources.ts'
import { errors } from '../../protocol/errors.ts'
import { listConfigResources } from '../../src/handlers/74-list-config-resources.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { createTopic } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

const TOPIC = 2
const BROKER = 4
const BROKER_LOGGER = 8
const CLIENT_METRICS = 16

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
  createTopic(link, 'letters')
})

test.each(versionsOf(listConfigResources))('version %i answers', (version) => {
  const reply = link.ask(ListConfigResources, version, { resourceTypes: [] })
  expect(reply.errorCode).toBe(errors.NONE)
  const types = new Set(reply.configResources.map(({ resourceType }) => resourceType))
  // Version 0 knows client metrics only, and there are none.
  expect(types).toEqual(version === 0 ? new Set() : new Set([TOPIC, BROKER, BROKER_LOGGER]))
})

test('only the types that were asked for are listed', () => {
  const ask = (...resourceTypes: number[]) => link.ask(ListConfigResources, 1, { resourceTypes })
  expect(ask(TOPIC).configResources).toEqual([{ resourceName: 'letters', resourceType: TOPIC }])
  expect(ask(BROKER).configResources).toEqual([{ resourceName: '1', resourceType: BROKER }])
  expect(ask(CLIENT_METRICS).configResources).toEqual([])
  expect(ask(TOPIC, 99).errorCode).toBe(errors.UNSUPPORTED_VERSION)
})
