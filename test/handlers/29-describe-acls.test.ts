import { beforeEach, expect, test } from 'vitest'
import { DescribeAcls } from '../../protocol/api/29-describe-acls.ts'
import { errors } from '../../protocol/errors.ts'
import { describeAcls } from '../../src/handlers/29-describe-acls.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { versionsOf } from './group-bench.ts'

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
})

test.each(versionsOf(describeAcls))('version %i says that security is disabled', (version) => {
  const any = { resourceTypeFilter: 1, resourceNameFilter: null, patternTypeFilter: 1 }
  const who = { principalFilter: null, hostFilter: null, operation: 1, permissionType: 1 }
  const reply = link.ask(DescribeAcls, version, { ...any, ...who })
  expect(reply).toMatchObject({ errorCode: errors.SECURITY_DISABLED, resources: [] })
  expect(reply.errorMessage).toContain('authorizer')
})
