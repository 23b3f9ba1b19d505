import { beforeEach, expect, test } from 'vitest'
import { InitProducerId } from '../../protocol/api/22-init-producer-id.ts'
import { errors } from '../../protocol/errors.ts'
import { initProducerId } from '../../src/handlers/22-init-producer-id.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { versionsOf } from './group-bench.ts'

let bench: BrokerBench
let link: RawLink

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
})

function ask(version = 4, fields: Record<string, number | string | null> = {}) {
  const draft = { transactionalId: null, transactionTimeoutMs: 1000, ...fields }
  return link.ask(InitProducerId, version, draft)
}

test.each(versionsOf(initProducerId))('version %i gives an id and epoch 0', (version) => {
  const first = ask(version)
  expect(first).toMatchObject({ errorCode: errors.NONE, producerEpoch: 0 })
  expect(ask(version).producerId).toBeGreaterThan(first.producerId)
})

test('an id is given once, also across stops, crashes and more than one block', async () => {
  const seen = new Set<number>()
  const take = (count: number): void => {
    const sent = Array.from({ length: count }, () =>
      link.send(InitProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1000 }),
    )
    bench.settle()
    for (const { reply } of sent) {
      expect(reply!.errorCode).toBe(errors.NONE)
      seen.add(reply!.producerId)
    }
  }
  take(1100)
  await bench.stop()
  await bench.start()
  link = bench.link()
  take(10)
  for (let crashes = 0; crashes < 3; crashes++) {
    bench.crash()
    await bench.start()
    link = bench.link()
    take(10)
  }
  expect(seen.size).toBe(1140)
})

test('many requests that wait for one block all get their own id', () => {
  const links = Array.from({ length: 20 }, () => bench.link())
  const draft = { transactionalId: null, transactionTimeoutMs: 1000 }
  const sent = links.map((one) => one.send(InitProducerId, 4, draft))
  bench.settle()
  expect(new Set(sent.map(({ reply }) => reply!.producerId)).size).toBe(20)
})

test('an id without an epoch, or an empty transactional id, is a wrong request', () => {
  expect(ask(4, { producerId: 5 }).errorCode).toBe(errors.INVALID_REQUEST)
  expect(ask(4, { producerEpoch: 5 }).errorCode).toBe(errors.INVALID_REQUEST)
  expect(ask(4, { transactionalId: '' }).errorCode).toBe(errors.INVALID_REQUEST)
})

test('the coordinator of a transactional id is not available', () => {
  expect(ask(4, { transactionalId: 't' })).toMatchObject({
    errorCode: errors.COORDINATOR_NOT_AVAILABLE,
    producerId: -1,
    producerEpoch: -1,
  })
})
