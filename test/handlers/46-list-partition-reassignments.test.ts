import { beforeEach, expect, test } from 'vitest'
import { ListPartitionReassignments } from '../../protocol/api/46-list-partition-reassignments.ts'
import { errors } from '../../protocol/errors.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { createTopic } from '../support/requests.ts'

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
  createTopic(link, 'letters')
})

test('nothing moves, whatever is asked for', () => {
  const ask = (topics: { name: string; partitionIndexes: number[] }[] | null) =>
    link.ask(ListPartitionReassignments, 0, { timeoutMs: 1000, topics })
  const nothing = { errorCode: errors.NONE, errorMessage: null, topics: [] }
  expect(ask(null)).toMatchObject(nothing)
  expect(ask([{ name: 'letters', partitionIndexes: [0, 9] }])).toMatchObject(nothing)
  expect(ask([{ name: 'nowhere', partitionIndexes: [0] }])).toMatchObject(nothing)
})
