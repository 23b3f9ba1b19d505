// kill -9 at many moments of a mixed workload, and power failures.
import { expect, test } from 'vitest'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { BrokerBench } from './support/broker-bench.ts'
import { CrashModel } from './support/crash-model.ts'
import { append, createTopic, deleteTopic, read } from './support/requests.ts'
import { seedsOf } from './support/seeds.ts'

const SEEDS = seedsOf(1, 5)
const ROUNDS = 20

test.each(SEEDS)('seed %i: nothing acknowledged is gone after any of many kills', async (seed) => {
  const model = await CrashModel.start(seed, 'kill')
  for (let round = 0; round < ROUNDS; round++) await model.round()
  expect(model.crashes).toBeGreaterThanOrEqual(ROUNDS)
})

test.each(SEEDS)(
  'seed %i: no power failure takes a topic, or opens a hole in a log',
  async (seed) => {
    const model = await CrashModel.start(seed, 'power failure')
    for (let round = 0; round < ROUNDS; round++) await model.round()
    expect(model.crashes).toBeGreaterThanOrEqual(ROUNDS)
  },
)

test('a power failure leaves the topics that were acknowledged, and logs that open', async () => {
  const bench = await BrokerBench.start()
  let link = bench.link()
  createTopic(link, 'letters')
  createTopic(link, 'gone')
  deleteTopic(link, 'gone')
  append(link, 'letters', ['a', 'b'])
  // The data directory itself was there before.
  bench.crash((path) => (path === '' ? 'written' : 'synced'))
  await bench.start()
  link = bench.link()
  const { topics } = link.ask(Metadata, 12, { topics: null })
  expect(topics.map(({ name }) => name)).toEqual(['letters'])
  // Records wait for the page cache, as in Apache Kafka: all of them, or none from some point on.
  expect([[], ['a', 'b']]).toContainEqual(read(link, 'letters'))
  append(link, 'letters', ['c'])
  expect(read(link, 'letters').at(-1)).toBe('c')
})

test('a power failure that tears the last writes is survived', async () => {
  const bench = await BrokerBench.start()
  for (let round = 0; round < 5; round++) {
    const link = bench.link()
    if (round === 0) createTopic(link, 'letters')
    append(link, 'letters', [`${round}`.repeat(1000)])
    bench.crash((path) => (path.endsWith('.log') ? 'torn' : 'written'))
    await bench.start()
    append(bench.link(), 'letters', ['end'])
    expect(read(bench.link(), 'letters').at(-1)).toBe('end')
  }
})
