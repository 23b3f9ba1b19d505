import { expect, test } from 'vitest'
import { ZERO_UUID } from '../../base/uuid.ts'
import { OffsetCommit } from '../../protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../protocol/api/09-offset-fetch.ts'
import { errors } from '../../protocol/errors.ts'
import { offsetCommit } from '../../src/handlers/08-offset-commit.ts'
import { offsetFetch } from '../../src/handlers/09-offset-fetch.ts'
import { GroupBench, ORDERS_ID, versionsOf } from './group-bench.ts'

function commitBody(version: number, partitions: readonly number[], topic = 'orders') {
  const id = topic === 'orders' ? ORDERS_ID : 'bm8tc3VjaC10b3BpYy1pZA'
  return {
    groupId: 'g',
    topics: [
      {
        ...(version >= 10 ? { topicId: id } : { name: topic }),
        partitions: partitions.map((partitionIndex) => ({
          partitionIndex,
          committedOffset: 40 + partitionIndex,
          committedMetadata: 'note',
        })),
      },
    ],
  }
}

test.each(versionsOf(offsetCommit))('version %i commits what exists', (version) => {
  const bench = new GroupBench()
  const reply = bench.now(offsetCommit, OffsetCommit, version, commitBody(version, [0, 1, 7]))
  expect(reply.topics).toHaveLength(1)
  expect(reply.topics[0]).toMatchObject(
    version >= 10 ? { topicId: ORDERS_ID } : { name: 'orders', topicId: ZERO_UUID },
  )
  expect(reply.topics[0]?.partitions).toEqual([
    { partitionIndex: 7, errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION },
    { partitionIndex: 0, errorCode: errors.NONE },
    { partitionIndex: 1, errorCode: errors.NONE },
  ])
  const request = { groupId: 'g', topics: [{ name: 'orders', partitionIndexes: [1] }] }
  const fetched = bench.now(offsetFetch, OffsetFetch, 7, request)
  expect(fetched.topics[0]?.partitions[0]).toMatchObject({ committedOffset: 41, metadata: 'note' })
})

test.each([
  [9, errors.UNKNOWN_TOPIC_OR_PARTITION],
  [10, errors.UNKNOWN_TOPIC_ID],
])('version %i answers %i for a topic that does not exist', (version, errorCode) => {
  const reply = new GroupBench().now(
    offsetCommit,
    OffsetCommit,
    version,
    commitBody(version, [0], 'nothing'),
  )
  expect(reply.topics[0]?.partitions).toEqual([{ partitionIndex: 0, errorCode }])
})

test('without a coordinator every valid partition has its error', () => {
  const bench = new GroupBench({}, false)
  const reply = bench.now(offsetCommit, OffsetCommit, 9, commitBody(9, [0, 7]))
  expect(reply.topics[0]?.partitions).toEqual([
    { partitionIndex: 7, errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION },
    { partitionIndex: 0, errorCode: errors.NOT_COORDINATOR },
  ])
})
