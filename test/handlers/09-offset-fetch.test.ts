import { expect, test } from 'vitest'
import { OffsetCommit } from '../../protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../protocol/api/09-offset-fetch.ts'
import { errors } from '../../protocol/errors.ts'
import { offsetCommit } from '../../src/handlers/08-offset-commit.ts'
import { offsetFetch } from '../../src/handlers/09-offset-fetch.ts'
import { GroupBench, ORDERS_ID, versionsOf } from './group-bench.ts'

function benchWithOffsets(): GroupBench {
  const bench = new GroupBench()
  for (const groupId of ['a', 'b']) {
    const partitions = [{ partitionIndex: 0, committedOffset: 7, committedMetadata: null }]
    const topics = [{ name: 'orders', partitions }]
    bench.now(offsetCommit, OffsetCommit, 9, { groupId, topics })
  }
  return bench
}

test.each(versionsOf(offsetFetch, 8))('version %i asks for several groups', (version) => {
  const topic = version >= 10 ? { topicId: ORDERS_ID } : { name: 'orders' }
  const groups = [
    { groupId: 'a', topics: [{ ...topic, partitionIndexes: [0, 1] }] },
    { groupId: 'b', topics: null },
    { groupId: 'none', topics: null },
  ]
  const reply = benchWithOffsets().now(offsetFetch, OffsetFetch, version, { groups })
  expect(reply.groups.map(({ groupId }) => groupId)).toEqual(['a', 'b', 'none'])
  const [named, all, none] = reply.groups.map((group) => group.topics)
  expect(named?.[0]).toMatchObject(topic)
  expect(named?.[0]?.partitions.map((one) => one.committedOffset)).toEqual([7, -1])
  expect(all?.[0]).toMatchObject(topic)
  expect(all?.[0]?.partitions.map((one) => one.committedOffset)).toEqual([7])
  expect(none).toEqual([])
})

test.each([1, 2, 3, 4, 5, 6, 7])('version %i asks for one group', (version) => {
  const request = { groupId: 'a', topics: [{ name: 'orders', partitionIndexes: [0] }] }
  const reply = benchWithOffsets().now(offsetFetch, OffsetFetch, version, request)
  expect(reply.topics).toMatchObject([{ name: 'orders', partitions: [{ committedOffset: 7 }] }])
  if (version === 1) return
  const all = benchWithOffsets().now(offsetFetch, OffsetFetch, version, {
    groupId: 'a',
    topics: null,
  })
  expect(all.topics).toEqual(reply.topics)
})

test('an unknown topic id fails its topic only', () => {
  const unknown = 'bm8tc3VjaC10b3BpYy1pZA'
  const topics = [unknown, ORDERS_ID].map((topicId) => ({ topicId, partitionIndexes: [0] }))
  const groups = [{ groupId: 'a', topics }]
  const reply = benchWithOffsets().now(offsetFetch, OffsetFetch, 10, { groups })
  expect(reply.groups[0]?.topics).toMatchObject([
    { topicId: ORDERS_ID, partitions: [{ errorCode: errors.NONE }] },
    { topicId: unknown, partitions: [{ errorCode: errors.UNKNOWN_TOPIC_ID }] },
  ])
})

test.each([1, 7, 8])('version %i says where it can that this is not the coordinator', (version) => {
  const bench = new GroupBench({}, false)
  const group = { groupId: 'a', topics: [{ name: 'orders', partitionIndexes: [0] }] }
  const request = version >= 8 ? { groups: [group] } : group
  const reply = bench.now(offsetFetch, OffsetFetch, version, request)
  const errorCode = errors.NOT_COORDINATOR
  if (version === 1) expect(reply.topics).toMatchObject([{ partitions: [{ errorCode }] }])
  if (version === 7) expect(reply).toMatchObject({ errorCode, topics: [] })
  if (version === 8) expect(reply.groups).toEqual([{ groupId: 'a', topics: [], errorCode }])
})
