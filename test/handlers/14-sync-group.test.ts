import { expect, test } from 'vitest'
import { SyncGroup } from '../../protocol/api/14-sync-group.ts'
import { errors } from '../../protocol/errors.ts'
import { syncGroup } from '../../src/handlers/14-sync-group.ts'
import { GroupBench, versionsOf } from './group-bench.ts'
import { stableGroup } from './group-members.ts'

test.each(versionsOf(syncGroup))('version %i fetches the assignment', (version) => {
  const bench = new GroupBench()
  const memberId = stableGroup(bench)
  const names = version >= 5 ? { protocolType: 'consumer', protocolName: 'range' } : {}
  const body = { groupId: 'g', generationId: 1, memberId, assignments: [], ...names }
  const reply = bench.now(syncGroup, SyncGroup, version, body)
  expect(reply).toMatchObject({ errorCode: errors.NONE, assignment: Buffer.from('p0') })
  expect(reply.protocolName).toBe(version >= 5 ? 'range' : null)
})

test.each([
  [{ protocolType: null }, errors.INCONSISTENT_GROUP_PROTOCOL],
  [{ protocolName: null, groupId: '' }, errors.INCONSISTENT_GROUP_PROTOCOL],
  [{ groupId: '' }, errors.INVALID_GROUP_ID],
  [{}, errors.NOT_COORDINATOR],
])('version 5 checks in order (%j)', (change, errorCode) => {
  const bench = new GroupBench({}, false)
  const names = { protocolType: 'consumer', protocolName: 'range' }
  const body = { groupId: 'g', generationId: 1, memberId: 'm', assignments: [], ...names }
  const reply = bench.now(syncGroup, SyncGroup, 5, { ...body, ...change })
  expect(reply).toMatchObject({ errorCode, assignment: Buffer.alloc(0) })
})
