import { beforeEach, expect, test } from 'vitest'
import { OffsetForLeaderEpoch } from '../../protocol/api/23-offset-for-leader-epoch.ts'
import { errors } from '../../protocol/errors.ts'
import { offsetForLeaderEpoch } from '../../src/handlers/23-offset-for-leader-epoch.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { append, createTopic } from '../support/requests.ts'
import { versionsOf } from './group-bench.ts'

let bench: BrokerBench
let link: RawLink

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
  createTopic(link, 'letters')
})

async function restart(): Promise<void> {
  await bench.stop()
  await bench.start()
  link = bench.link()
}

function ask(leaderEpoch: number, fields: Record<string, number> = {}, version = 4) {
  const partitions = [{ partition: 0, leaderEpoch, ...fields }]
  const topics = [{ topic: 'letters', partitions }]
  const reply = link.ask(OffsetForLeaderEpoch, version, { topics })
  return reply.topics[0]!.partitions[0]!
}

test.each(versionsOf(offsetForLeaderEpoch))('version %i tells where an epoch ends', (version) => {
  append(link, 'letters', ['a', 'b'])
  const found = ask(0, {}, version)
  expect(found).toEqual({ errorCode: 0, partition: 0, leaderEpoch: 0, endOffset: 2 })
})

test('each restart begins an epoch, and earlier ones keep their ends', async () => {
  append(link, 'letters', ['a', 'b'])
  await restart()
  append(link, 'letters', ['c'])
  await restart()
  append(link, 'letters', ['d'])
  const latest = ask(1000)
  expect(latest).toMatchObject({ leaderEpoch: -1, endOffset: -1 })
  const ends = Array.from({ length: 12 }, (_, epoch) => ask(epoch))
  const known = ends.filter(({ leaderEpoch, endOffset }) => leaderEpoch !== -1 && endOffset !== -1)
  expect(new Set(known.map(({ endOffset }) => endOffset))).toEqual(new Set([2, 3, 4]))
  // An epoch without records is answered with the one before it.
  for (const { leaderEpoch, endOffset } of known) expect(ask(leaderEpoch).endOffset).toBe(endOffset)
})

test('the epoch of the asker is checked', () => {
  expect(ask(0, { currentLeaderEpoch: 0 }).errorCode).toBe(errors.NONE)
  expect(ask(0, { currentLeaderEpoch: 9 }).errorCode).toBe(errors.UNKNOWN_LEADER_EPOCH)
})

test('the epoch of before a restart is fenced', async () => {
  await restart()
  expect(ask(0, { currentLeaderEpoch: 0 }).errorCode).toBe(errors.FENCED_LEADER_EPOCH)
})

test('what is not there is unknown', () => {
  expect(ask(0, { partition: 9 }).errorCode).toBe(errors.UNKNOWN_TOPIC_OR_PARTITION)
})
