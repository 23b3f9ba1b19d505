import { expect, test } from 'vitest'
import { LeaveGroup } from '../../protocol/api/13-leave-group.ts'
import { errors } from '../../protocol/errors.ts'
import { leaveGroup } from '../../src/handlers/13-leave-group.ts'
import { GroupBench, versionsOf } from './group-bench.ts'
import { stableGroup } from './group-members.ts'

test.each([0, 1, 2])('version %i names one member and has one error', (version) => {
  const bench = new GroupBench()
  const body = { groupId: 'g', memberId: stableGroup(bench) }
  expect(bench.now(leaveGroup, LeaveGroup, version, body).errorCode).toBe(errors.NONE)
  const { errorCode } = bench.now(leaveGroup, LeaveGroup, version, body)
  expect(errorCode).toBe(errors.UNKNOWN_MEMBER_ID)
})

test.each(versionsOf(leaveGroup, 3))('version %i has a result for each member', (version) => {
  const bench = new GroupBench()
  const memberId = stableGroup(bench)
  const members = [{ memberId }, { memberId: 'gone' }]
  const reply = bench.now(leaveGroup, LeaveGroup, version, { groupId: 'g', members })
  expect(reply).toMatchObject({
    errorCode: errors.NONE,
    members: [
      { memberId, errorCode: errors.NONE },
      { memberId: 'gone', errorCode: errors.UNKNOWN_MEMBER_ID },
    ],
  })
})

test.each([
  ['', errors.INVALID_GROUP_ID],
  ['g', errors.NOT_COORDINATOR],
])('a request that reaches no group %j has one error', (groupId, errorCode) => {
  const bench = new GroupBench({}, false)
  const request = { groupId, members: [{ memberId: 'm' }] }
  const reply = bench.now(leaveGroup, LeaveGroup, 5, request)
  expect(reply).toMatchObject({ errorCode, members: [] })
})
