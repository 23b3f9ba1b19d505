import { expect, test } from 'vitest'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import { Codecs } from '../../protocol/records/index.ts'
import { connectClient } from '../../src/client/client.ts'
import type { Client } from '../../src/client/client.ts'
import { consume } from '../../src/client/consume.ts'
import type { ConsumedRecord, ConsumeOptions } from '../../src/client/consume.ts'
import { partitionOfKey } from '../../src/client/partitioner.ts'
import { produce } from '../../src/client/produce.ts'
import { FakeCluster } from './fake-cluster.ts'

async function start(nodes = 1) {
  const cluster = await FakeCluster.start(nodes)
  const client = await cluster.run(
    connectClient({
      network: cluster.network,
      clock: cluster.clock,
      bootstrap: [{ host: '127.0.0.1', port: 1 }, cluster.address()],
      requestTimeoutMs: 2000,
    }),
  )
  return { cluster, client }
}

function record(value: string, key: string | null = null) {
  return { key: key === null ? null : Buffer.from(key), value: Buffer.from(value) }
}

async function readAll(client: Client, topic: string, options: Omit<ConsumeOptions, 'codecs'>) {
  const found: ConsumedRecord[] = []
  for await (const records of consume(client, topic, { codecs: new Codecs(), ...options })) {
    found.push(...records)
  }
  return found
}

function texts(records: readonly ConsumedRecord[]): string[] {
  return records.map(({ value }) => Buffer.from(value!).toString())
}

test('a dead bootstrap address is passed over, and an old ApiVersions is understood', async () => {
  const { cluster, client } = await start()
  expect(cluster.asked).toEqual(['0 18v5', '0 18v4'])
  const reply = await cluster.run(client.send(Metadata, { topics: [] }))
  expect(reply.brokers).toHaveLength(1)
  expect(cluster.asked.at(-1)).toBe('0 3v13')
  await cluster.run(client.send(Metadata, { topics: [] }, { version: 4 }))
  expect(cluster.asked.at(-1)).toBe('0 3v4')
})

test('what is produced to partitions of several leaders is consumed in order', async () => {
  const { cluster, client } = await start(3)
  const partitions = cluster.topic('words', [0, 1, 2])
  const words = Array.from({ length: 300 }, (_, index) => record(`${index}`, `key ${index % 7}`))
  const produced = await cluster.run(produce(client, 'words', words))
  expect(produced.reduce((sum, { count }) => sum + count, 0)).toBe(300)
  expect(partitions.every(({ end }) => end > 0)).toBe(true)
  const found = await cluster.run(readAll(client, 'words', {}))
  expect(found).toHaveLength(300)
  for (const each of found) {
    expect(each.partition).toBe(partitionOfKey(each.key!, 3))
  }
  for (let partition = 0; partition < 3; partition++) {
    const mine = found.filter((each) => each.partition === partition)
    expect(mine.map(({ offset }) => offset)).toEqual(mine.map((_, index) => index))
    const numbers = texts(mine).map(Number)
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  }
})

test('many batches, the last of each reply cut, arrive whole and once', async () => {
  const { cluster, client } = await start()
  cluster.topic('t', [0])
  for (let i = 0; i < 10; i++) {
    await cluster.run(produce(client, 't', [record(`${i} a`), record(`${i} b`)]))
  }
  const from = new Map([[0, 5]])
  const found = await cluster.run(readAll(client, 't', { from }))
  expect(texts(found).slice(0, 2)).toEqual(['2 b', '3 a'])
  expect(found.map(({ offset }) => offset)).toEqual(Array.from({ length: 15 }, (_, i) => i + 5))
})

test('when the leader moves, producing and consuming follow it', async () => {
  const { cluster, client } = await start(2)
  const [partition] = cluster.topic('t', [0])
  await cluster.run(produce(client, 't', [record('before')]))
  partition!.leader = 1
  await cluster.run(produce(client, 't', [record('after')]))
  partition!.leader = 0
  const found = await cluster.run(readAll(client, 't', {}))
  expect(texts(found)).toEqual(['before', 'after'])
})

test('following goes on past the end until it is told to stop', async () => {
  const { cluster, client } = await start()
  cluster.topic('t', [0])
  const stop = new AbortController()
  const found: string[] = []
  const options = { codecs: new Codecs(), from: 'latest', follow: true } as const
  const reading = (async () => {
    for await (const records of consume(client, 't', { ...options, signal: stop.signal })) {
      found.push(...texts(records))
      if (found.length === 2) stop.abort()
    }
  })()
  await cluster.run(client.sleep(1000))
  await cluster.run(produce(client, 't', [record('one')]))
  await cluster.run(produce(client, 't', [record('two')], { acks: 0 }))
  await cluster.run(reading)
  expect(found).toEqual(['one', 'two'])
})

test('an unknown topic is a KafkaError with its name', async () => {
  const { cluster, client } = await start()
  await expect(cluster.run(client.topic('nothing'))).rejects.toMatchObject({
    name: 'KafkaError',
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
  })
})

test('a broker that is silent costs the request timeout, not more', async () => {
  const { cluster, client } = await start()
  cluster.isMute = true
  const before = cluster.clock.monotonic()
  await expect(cluster.run(client.metadata(null))).rejects.toMatchObject({
    code: 'REQUEST_TIMED_OUT',
  })
  expect(cluster.clock.monotonic() - before).toBeLessThan(2100)
  cluster.isMute = false
  await cluster.run(client.metadata(null))
})

test('after close nothing is sent, and what waits fails', async () => {
  const { cluster, client } = await start()
  cluster.isMute = true
  const waiting = client.metadata(null)
  await cluster.run(client.sleep(100))
  await client.close()
  await expect(cluster.run(waiting)).rejects.toMatchObject({ code: 'CLOSED' })
  await expect(client.metadata(null)).rejects.toMatchObject({ code: 'CLOSED' })
})
