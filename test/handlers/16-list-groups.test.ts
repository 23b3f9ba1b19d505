import { expect, test } from 'vitest'
import { ListGroups } from '../../protocol/api/16-list-groups.ts'
import { errors } from '../../protocol/errors.ts'
import { listGroups } from '../../src/handlers/16-list-groups.ts'
import { GroupBench, versionsOf } from './group-bench.ts'
import { stableGroup } from './group-members.ts'

test.each(versionsOf(listGroups))('version %i lists a group', (version) => {
  const bench = new GroupBench()
  stableGroup(bench)
  const reply = bench.now(listGroups, ListGroups, version, {})
  expect(reply.errorCode).toBe(errors.NONE)
  expect(reply.groups).toEqual([
    {
      groupId: 'g',
      protocolType: 'consumer',
      groupState: version >= 4 ? 'Stable' : '',
      groupType: version >= 5 ? 'classic' : '',
    },
  ])
})

test.each([
  [{ statesFilter: ['STABLE'] }, 1],
  [{ statesFilter: ['Empty'] }, 0],
  [{ typesFilter: ['Classic'] }, 1],
  [{ typesFilter: ['share', 'nonsense'] }, 0],
])('a filter chooses (%j)', (filter, count) => {
  const bench = new GroupBench()
  stableGroup(bench)
  expect(bench.now(listGroups, ListGroups, 5, filter).groups).toHaveLength(count)
})

test('a broker that leads no partition lists nothing', () => {
  const reply = new GroupBench({}, false).now(listGroups, ListGroups, 5, {})
  expect(reply).toMatchObject({ errorCode: errors.NONE, groups: [] })
})
