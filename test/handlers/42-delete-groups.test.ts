import { expect, test } from 'vitest'
import { OffsetCommit } from '../../protocol/api/08-offset-commit.ts'
import { DeleteGroups } from '../../protocol/api/42-delete-groups.ts'
import { errors } from '../../protocol/errors.ts'
import { offsetCommit } from '../../src/handlers/08-offset-commit.ts'
import { deleteGroups } from '../../src/handlers/42-delete-groups.ts'
import { GroupBench, versionsOf } from './group-bench.ts'
import { stableGroup } from './group-members.ts'

test.each(versionsOf(deleteGroups))('version %i deletes empty groups, once each', (version) => {
  const bench = new GroupBench()
  stableGroup(bench)
  const partitions = [{ partitionIndex: 0, committedOffset: 7, committedMetadata: null }]
  const topics = [{ name: 'orders', partitions }]
  bench.now(offsetCommit, OffsetCommit, 9, { groupId: 'simple', topics })
  const request = { groupsNames: ['simple', 'g', 'none', 'simple'] }
  const reply = bench.now(deleteGroups, DeleteGroups, version, request)
  expect(reply.results).toMatchObject([
    { groupId: 'simple', errorCode: errors.NONE },
    { groupId: 'g', errorCode: errors.NON_EMPTY_GROUP },
    { groupId: 'none', errorCode: errors.GROUP_ID_NOT_FOUND },
  ])
  expect(reply.results).toHaveLength(3)
})

test('groups of another broker are not deleted here', () => {
  const bench = new GroupBench({}, false)
  const reply = bench.now(deleteGroups, DeleteGroups, 2, { groupsNames: ['g'] })
  expect(reply.results).toMatchObject([{ groupId: 'g', errorCode: errors.NOT_COORDINATOR }])
})
