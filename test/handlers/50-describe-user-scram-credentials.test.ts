import { beforeEach, expect, test } from 'vitest'
import { DescribeUserScramCredentials } from '../../protocol/api/50-describe-user-scram-credentials.ts'
import { errors } from '../../protocol/errors.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
})

test('nobody has any, and a user is named once', () => {
  const ask = (names: readonly string[] | null) => {
    const users = names?.map((name) => ({ name })) ?? null
    return link.ask(DescribeUserScramCredentials, 0, { users })
  }
  expect(ask(null)).toMatchObject({ errorCode: errors.NONE, results: [] })
  expect(ask(['ann']).results).toMatchObject([
    { user: 'ann', errorCode: errors.RESOURCE_NOT_FOUND, credentialInfos: [] },
  ])
  expect(ask(['ann', 'ann']).results).toMatchObject([{ errorCode: errors.DUPLICATE_RESOURCE }])
})
