import { expect, test } from 'vitest'
import { OffsetCommit } from '../../protocol/api/08-offset-commit.ts'
import { OffsetDelete } from '../../protocol/api/47-offset-delete.ts'
import { errors } from '../../protocol/errors.ts'
import { offsetCommit } from '../../src/handlers/08-offset-commit.ts'
import { offsetDelete } from '../../src/handlers/47-offset-delete.ts'
import { GroupBench } from './group-bench.ts'
import { stableGroup } from './group-members.ts'

function deleteBody(groupId: string) {
  const partitions = [{ partitionIndex: 0 }, { partitionIndex: 7 }]
  const topics = ['orders', 'nothing'].map((name) => ({ name, partitions }))
  return { groupId, topics }
}

test('partitions that do not exist are told apart from those that do', () => {
  const bench = new GroupBench()
  const partitions = [{ partitionIndex: 0, committedOffset: 7, committedMetadata: null }]
  const topics = [{ name: 'orders', partitions }]
  bench.now(offsetCommit, OffsetCommit, 9, { groupId: 'simple', topics })
  const reply = bench.now(offsetDelete, OffsetDelete, 0, deleteBody('simple'))
  const unknown = errors.UNKNOWN_TOPIC_OR_PARTITION
  expect(reply).toMatchObject({
    errorCode: errors.NONE,
    topics: [
      {
        name: 'orders',
        partitions: [
          { partitionIndex: 7, errorCode: unknown },
          { partitionIndex: 0, errorCode: errors.NONE },
        ],
      },
      {
        name: 'nothing',
        partitions: [
          { partitionIndex: 0, errorCode: unknown },
          { partitionIndex: 7, errorCode: unknown },
        ],
      },
    ],
  })
})

test('what a live consumer group subscribes to stays', () => {
  const bench = new GroupBench()
  stableGroup(bench)
  const reply = bench.now(offsetDelete, OffsetDelete, 0, deleteBody('g'))
  expect(reply.topics[0]?.partitions[1]).toEqual({
    partitionIndex: 0,
    errorCode: errors.GROUP_SUBSCRIBED_TO_TOPIC,
  })
})

test.each([
  ['', true, errors.INVALID_GROUP_ID],
  ['none', true, errors.GROUP_ID_NOT_FOUND],
  ['g', false, errors.NOT_COORDINATOR],
])('a group that cannot lose offsets (%j) has one error', (groupId, elected, errorCode) => {
  const bench = new GroupBench({}, elected)
  const reply = bench.now(offsetDelete, OffsetDelete, 0, deleteBody(groupId))
  expect(reply).toMatchObject({ errorCode, topics: [] })
})
