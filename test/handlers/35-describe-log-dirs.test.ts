import { beforeEach, expect, test } from 'vitest'
import { DescribeLogDirs } from '../../protocol/api/35-describe-log-dirs.ts'
import { describeLogDirs } from '../../src/handlers/35-describe-log-dirs.ts'
import { batchOf } from '../support/batches.ts'
import { BrokerBench, DATA } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { append, createTopic } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
  createTopic(link, 'letters', { partitions: 2 })
  createTopic(link, 'numbers')
  append(link, 'letters', ['a', 'b'], 1)
})

test.each(versionsOf(describeLogDirs))('version %i tells the sizes of partitions', (version) => {
  const reply = link.ask(DescribeLogDirs, version, { topics: null })
  expect(reply.errorCode).toBe(0)
  expect(reply.results).toHaveLength(1)
  const [directory] = reply.results
  expect(directory).toMatchObject({ errorCode: 0, logDir: DATA })
  expect(directory!.totalBytes).toBe(version >= 4 ? 2 ** 40 : -1)
  const sizes = directory!.topics.flatMap(({ name, partitions }) =>
    partitions.map((one) => `${name}-${one.partitionIndex}: ${one.partitionSize}`),
  )
  expect(sizes.toSorted()).toEqual([
    'letters-0: 0',
    `letters-1: ${batchOf(['a', 'b']).length}`,
    'numbers-0: 0',
  ])
  const [first] = directory!.topics[0]!.partitions
  expect(first).toMatchObject({ offsetLag: 0, isFutureKey: false })
})

test('only the partitions that were asked for are told', () => {
  const ask = (topics: { topic: string; partitions: number[] }[]) =>
    link.ask(DescribeLogDirs, 4, { topics }).results[0]!.topics
  expect(ask([{ topic: 'letters', partitions: [1, 7] }])).toMatchObject([
    { name: 'letters', partitions: [{ partitionIndex: 1 }] },
  ])
  expect(ask([])).toEqual([])
  expect(ask([{ topic: 'nowhere', partitions: [0] }])).toEqual([])
})
