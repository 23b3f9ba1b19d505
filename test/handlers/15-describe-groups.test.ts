import { expect, test } from 'vitest'
import { DescribeGroups } from '../../protocol/api/15-describe-groups.ts'
import { errors } from '../../protocol/errors.ts'
import { describeGroups } from '../../src/handlers/15-describe-groups.ts'
import { GroupBench, versionsOf } from './group-bench.ts'
import { stableGroup } from './group-members.ts'

test.each(versionsOf(describeGroups))('version %i describes live and dead groups', (version) => {
  const bench = new GroupBench()
  const memberId = stableGroup(bench)
  const request = { groups: ['none', 'g'], includeAuthorizedOperations: version >= 3 }
  const [none, group] = bench.now(describeGroups, DescribeGroups, version, request).groups
  expect(none).toMatchObject({ groupId: 'none', groupState: 'Dead', members: [] })
  expect(none?.errorCode).toBe(version >= 6 ? errors.GROUP_ID_NOT_FOUND : errors.NONE)
  expect(none?.errorMessage).toBe(version >= 6 ? 'Group none not found.' : null)
  expect(group).toMatchObject({
    groupState: 'Stable',
    protocolType: 'consumer',
    protocolData: 'range',
    members: [{ memberId, clientId: 'app', clientHost: '/0:0:0:0:0:0:0:1' }],
  })
  // READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS and ALTER_CONFIGS (KIP-430).
  const operations = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11)
  expect(group?.authorizedOperations).toBe(version >= 3 ? operations : -(2 ** 31))
})

test('groups of another broker have an error each', () => {
  const bench = new GroupBench({}, false)
  const reply = bench.now(describeGroups, DescribeGroups, 5, { groups: ['a', 'b'] })
  expect(reply.groups).toMatchObject([
    { groupId: 'a', errorCode: errors.NOT_COORDINATOR, groupState: '' },
    { groupId: 'b', errorCode: errors.NOT_COORDINATOR, groupState: '' },
  ])
})
