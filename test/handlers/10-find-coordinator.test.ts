import { beforeEach, expect, test } from 'vitest'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import { FindCoordinator } from '../../protocol/api/10-find-coordinator.ts'
import { errors } from '../../protocol/errors.ts'
import { findCoordinator } from '../../src/handlers/10-find-coordinator.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { versionsOf } from './group-bench.ts'

const TRANSACTION = 1
const SHARE = 2

let bench: BrokerBench
let link: RawLink

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
})

function ask(version: number, key: string, keyType = 0) {
  const type = version === 0 ? {} : { keyType }
  const keys = version < 4 ? { key } : { coordinatorKeys: [key] }
  const reply = link.ask(FindCoordinator, version, { ...type, ...keys })
  return version < 4 ? reply : reply.coordinators[0]!
}

test.each(versionsOf(findCoordinator))('version %i finds the coordinator of a group', (version) => {
  expect(ask(version, 'g')).toMatchObject({ errorCode: 0, nodeId: 1, port: 9092 })
})

test('the first to ask makes __consumer_offsets, as a compacted topic', () => {
  const topics = [{ name: '__consumer_offsets' }]
  const before = link.ask(Metadata, 12, { topics, allowAutoTopicCreation: false })
  expect(before.topics[0]!.errorCode).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
  ask(4, 'g')
  const after = link.ask(Metadata, 12, { topics, allowAutoTopicCreation: false })
  expect(after.topics[0]!.partitions).toHaveLength(3)
})

test('several groups are found at once', () => {
  const coordinatorKeys = ['a', 'b', 'a']
  const { coordinators } = link.ask(FindCoordinator, 4, { coordinatorKeys })
  expect(coordinators.map(({ key, errorCode }) => [key, errorCode])).toEqual([
    ['a', 0],
    ['b', 0],
    ['a', 0],
  ])
})

test('a coordinator of transactions is not available, which one log line says', () => {
  for (let i = 0; i < 3; i++) {
    for (const version of [1, 4, 6]) {
      expect(ask(version, 'txn', TRANSACTION)).toMatchObject({
        errorCode: errors.COORDINATOR_NOT_AVAILABLE,
        nodeId: -1,
        port: -1,
      })
    }
  }
  expect(bench.lines.filter((line) => line.includes('transactions'))).toHaveLength(1)
})

test('other kinds of coordinators do not exist', () => {
  expect(ask(6, 'g:t:0', SHARE).errorCode).toBe(errors.INVALID_REQUEST)
  expect(ask(4, 'g', 9).errorCode).toBe(errors.INVALID_REQUEST)
})
