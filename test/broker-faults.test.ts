// One whole broker whose files or handlers fail: whoever is not concerned notices nothing.
import { expect, test } from 'vitest'
import { Fetch } from '../protocol/api/01-fetch.ts'
import { errors } from '../protocol/errors.ts'
import { BrokerBench, DATA } from './support/broker-bench.ts'
import { append, createTopic, fetchDraft, fetched, read, sendFetch } from './support/requests.ts'

test('a partition whose file cannot be read is answered, and the other one is read', async () => {
  const bench = await BrokerBench.start()
  const link = bench.link()
  createTopic(link, 'letters', { partitions: 2 })
  append(link, 'letters', ['a'], 0)
  append(link, 'letters', ['b'], 1)
  await bench.stop()
  await bench.start()
  bench.files.decide(({ kind, path }) =>
    kind === 'read' && path.includes('letters-0') ? { kind: 'fail', code: 'EIO' } : undefined,
  )
  const again = bench.link()
  const both = { ...fetchDraft('letters') }
  both.topics = [0, 1].map((partition) => fetchDraft('letters', { partition }).topics[0]!)
  const found = again.ask(Fetch, 12, both).responses.flatMap(({ partitions }) => partitions)
  expect(found.map(({ errorCode }) => errorCode)).toEqual([errors.KAFKA_STORAGE_ERROR, errors.NONE])
  expect(read(again, 'letters', { partition: 1 })).toEqual(['b'])
})

test('a parked Fetch is answered when its partition fails', async () => {
  const bench = await BrokerBench.start()
  const link = bench.link()
  createTopic(link, 'letters')
  append(link, 'letters', ['a'])
  const parked = sendFetch(link, 'letters', { offset: 1, maxWaitMs: 60_000 })
  bench.settle()
  bench.files.decide(({ kind, path }) =>
    kind === 'write' && path.includes('letters-0') ? { kind: 'fail', code: 'ENOSPC' } : undefined,
  )
  expect(() => append(bench.link(), 'letters', ['b'])).toThrow()
  bench.settle()
  expect(fetched(parked.reply).errorCode).toBe(errors.KAFKA_STORAGE_ERROR)
})

test('a checkpoint that cannot be written is said and harms nobody', async () => {
  const bench = await BrokerBench.start()
  const link = bench.link()
  createTopic(link, 'letters')
  append(link, 'letters', ['a'])
  bench.files.decide(({ kind, path }) =>
    kind === 'open' && path.includes('checkpoint.tmp')
      ? { kind: 'fail', code: 'ENOSPC' }
      : undefined,
  )
  bench.advance(6000)
  expect(bench.lines.join('\n')).toContain('offset checkpoints were not written')
  expect(append(link, 'letters', ['b'])).toBe(1)
  bench.files.decide(() => undefined)
  bench.advance(6000)
  const file = bench.files.open(`${DATA}/replication-offset-checkpoint`, 'read')
  const text = Buffer.alloc(file.size())
  file.read(text, 0, text.length, 0)
  expect(String(text)).toBe('0\n1\nletters 0 2\n')
})
