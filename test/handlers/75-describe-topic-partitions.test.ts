import { beforeEach, expect, test } from 'vitest'
import { DescribeTopicPartitions } from '../../protocol/api/75-describe-topic-partitions.ts'
import { errors } from '../../protocol/errors.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { createTopic } from '../support/requests.ts'

interface Cursor {
  readonly topicName: string
  readonly partitionIndex: number
}

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
  for (const name of ['c', 'a', 'b']) createTopic(link, name, { partitions: 3 })
})

function ask(
  names: readonly string[],
  { limit = 2000, cursor = null as Cursor | null } = {},
): { found: string[]; nextCursor: Cursor | null; codes: number[] } {
  const topics = names.map((name) => ({ name }))
  const draft = { topics, responsePartitionLimit: limit, cursor }
  const reply = link.ask(DescribeTopicPartitions, 0, draft)
  return {
    found: reply.topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => `${name}-${partition.partitionIndex}`),
    ),
    nextCursor: reply.nextCursor,
    codes: reply.topics.map(({ errorCode }) => errorCode),
  }
}

test('no names means all topics, in the order of their names', () => {
  const { found, nextCursor } = ask([])
  expect(found).toEqual(['a-0', 'a-1', 'a-2', 'b-0', 'b-1', 'b-2', 'c-0', 'c-1', 'c-2'])
  expect(nextCursor).toBeNull()
})

test('following the cursor gives every partition once', () => {
  const all: string[] = []
  let cursor: Cursor | null = null
  for (let pages = 1; ; pages++) {
    const page = ask([], { limit: 2, cursor })
    expect(page.found.length).toBeLessThanOrEqual(2)
    all.push(...page.found)
    cursor = page.nextCursor
    if (cursor === null) break
    expect(pages).toBeLessThan(10)
  }
  expect(all).toEqual(ask([]).found)
})

test('unknown and impossible names are told as such', () => {
  expect(ask(['a', 'nowhere']).codes).toEqual([errors.NONE, errors.UNKNOWN_TOPIC_OR_PARTITION])
  expect(ask(['a/b']).codes).toEqual([errors.INVALID_TOPIC_EXCEPTION])
})

test('a partition is described with its leader and epoch', () => {
  const draft = { topics: [{ name: 'a' }], responsePartitionLimit: 1, cursor: null }
  const [topic] = link.ask(DescribeTopicPartitions, 0, draft).topics
  expect(topic!.partitions).toMatchObject([
    { errorCode: 0, leaderId: 1, leaderEpoch: 0, replicaNodes: [1], isrNodes: [1] },
  ])
})
