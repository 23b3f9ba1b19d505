import { beforeEach, expect, test } from 'vitest'
import { DescribeClientQuotas } from '../../protocol/api/48-describe-client-quotas.ts'
import { errors } from '../../protocol/errors.ts'
import { describeClientQuotas } from '../../src/handlers/48-describe-client-quotas.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { versionsOf } from './group-bench.ts'

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
})

test.each(versionsOf(describeClientQuotas))('version %i says that there are none', (version) => {
  const reply = link.ask(DescribeClientQuotas, version, { components: [], strict: false })
  expect(reply).toMatchObject({ errorCode: errors.NONE, entries: [] })
})

test('what no quota can be of is refused', () => {
  const ask = (entityType: string, matchType: number, match: string | null) => {
    const components = [{ entityType, matchType, match }]
    return link.ask(DescribeClientQuotas, 1, { components, strict: false }).errorCode
  }
  expect(ask('user', 0, 'ann')).toBe(errors.NONE)
  expect(ask('user', 0, null)).toBe(errors.INVALID_REQUEST)
  expect(ask('user', 7, null)).toBe(errors.INVALID_REQUEST)
  expect(ask('', 1, null)).toBe(errors.INVALID_REQUEST)
  expect(ask('planet', 1, null)).toBe(errors.UNSUPPORTED_VERSION)
})
