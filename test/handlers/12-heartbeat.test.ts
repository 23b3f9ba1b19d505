import { expect, test } from 'vitest'
import { Heartbeat } from '../../protocol/api/12-heartbeat.ts'
import { errors } from '../../protocol/errors.ts'
import { heartbeat } from '../../src/handlers/12-heartbeat.ts'
import { MemoryShardLog } from '../coordinator/group/memory-shard-log.ts'
import { GroupBench, versionsOf } from './group-bench.ts'
import { stableGroup } from './group-members.ts'

test.each(versionsOf(heartbeat))('version %i keeps a member alive', (version) => {
  const bench = new GroupBench()
  const memberId = stableGroup(bench)
  const body = { groupId: 'g', generationId: 1, memberId }
  expect(bench.now(heartbeat, Heartbeat, version, body).errorCode).toBe(errors.NONE)
  const other = { ...body, generationId: 2 }
  expect(bench.now(heartbeat, Heartbeat, version, other).errorCode).toBe(errors.ILLEGAL_GENERATION)
})

test('an empty group id is invalid, another broker does not know the group', () => {
  const bench = new GroupBench({}, false)
  const body = { groupId: 'g', generationId: 1, memberId: 'm' }
  expect(bench.now(heartbeat, Heartbeat, 4, body).errorCode).toBe(errors.NOT_COORDINATOR)
  const empty = { ...body, groupId: '' }
  expect(bench.now(heartbeat, Heartbeat, 4, empty).errorCode).toBe(errors.INVALID_GROUP_ID)
})

test('while the shard loads, a heartbeat is welcome', () => {
  const bench = new GroupBench()
  const log = new MemoryShardLog()
  log.endOffset = () => 1
  // Time runs so fast that the first slice is over before the first read.
  let now = 0
  bench.clock.monotonic = () => (now += 10)
  bench.coordinator.elect(bench.coordinator.partitionOf('g'), log)
  const body = { groupId: 'g', generationId: 1, memberId: 'm' }
  expect(bench.now(heartbeat, Heartbeat, 4, body).errorCode).toBe(errors.NONE)
})
