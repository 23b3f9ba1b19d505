// Random requests of every API and version to one whole broker: each is answered or its connection
// closed as the peer's fault; nothing throws, and the broker serves on.
import { expect, test } from 'vitest'
import { below, type Random, seededRandom } from '../base/random.ts'
import { encode } from '../protocol/schema/codec.ts'
import { beginFrame, endFrame } from '../protocol/wire/frame.ts'
import { writeRequestHeader } from '../protocol/wire/header.ts'
import { Writer } from '../protocol/wire/writer.ts'
import { handlers } from '../src/handlers/index.ts'
import { randomValue } from './protocol/random-value.ts'
import { batchOf } from './support/batches.ts'
import { BrokerBench } from './support/broker-bench.ts'
import { append, createTopic, read } from './support/requests.ts'

const NAMES = ['t', 'u', 'new', 'g', 'member', '', '__consumer_offsets', 'range', 'consumer', '1']
const NUMBERS = [0, 1, 2, 3, -1, -2, 10_000, 2 ** 31 - 1, -(2 ** 31)]

/** The same value with what a broker may know in many of its places. */
function likely(random: Random, value: unknown, ids: readonly string[]): unknown {
  if (value instanceof Uint8Array) return below(random, 3) > 0 ? batchOf(['x']) : value
  if (Array.isArray(value)) return value.map((one) => likely(random, one, ids))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, likely(random, one, ids)]),
    )
  }
  if (below(random, 3) === 0) return value
  if (typeof value === 'string' && value.length === 22) return ids[below(random, ids.length)]
  if (typeof value === 'string') return NAMES[below(random, NAMES.length)]
  if (typeof value === 'number') return NUMBERS[below(random, NUMBERS.length)]
  return value
}

function encoded(
  random: Random,
  api: (typeof handlers)[number]['api'],
  version: number,
  ids: string[],
) {
  for (;;) {
    const value = likely(random, randomValue(random, api.request, version), ids)
    try {
      return encode(api.request, version, value as never)
    } catch {
      // A number that its field cannot carry.
      continue
    }
  }
}

/** Over a connection of its own, and whatever comes back is dropped. */
function send(bench: BrokerBench, apiKey: number, apiVersion: number, body: Uint8Array): void {
  const out = new Writer(64 + body.length)
  const mark = beginFrame(out)
  writeRequestHeader(out, { apiKey, apiVersion, correlationId: 1, clientId: 'fuzz' })
  out.raw(body)
  endFrame(out, mark)
  const nothing = { bytes: () => undefined, drained: () => undefined, closed: () => undefined }
  bench.network.connect({ host: 'localhost', port: 9092 }, nothing, (result) => {
    if (result instanceof Error) throw result
    result.send([out.toBuffer()])
  })
  bench.settle()
}

const FAULTS = /^ERROR|its request failed|could not be written|failed that should not/
const SEED = Number(process.env['SEED'] ?? 1)
const ROUNDS = Number(process.env['ROUNDS'] ?? 10)

test('random requests are answered or refused, and the broker serves on', async () => {
  const random = seededRandom(SEED)
  const bench = await BrokerBench.start({ seed: SEED })
  const ids = [createTopic(bench.link(), 't', { partitions: 3 }), 'AAAAAAAAAAAAAAAAAAAAAA']
  createTopic(bench.link(), 'safe')
  let said = 0
  for (let round = 0; round < ROUNDS; round++) {
    for (const { api, min, max } of handlers) {
      for (let version = min; version <= max; version++) {
        const before = bench.lines.length
        const body = encoded(random, api, version, ids)
        send(bench, api.key, version, body)
        // What is said of one address is limited by the minute.
        if (bench.lines.length - said > 4 || below(random, 10) === 0) {
          said = bench.lines.length
          bench.advance(bench.lines.length > before ? 61_000 : below(random, 2000))
        }
        const wrong = bench.lines.slice(before).filter((line) => FAULTS.test(line))
        expect(wrong, `${api.name} ${version} ${body.toString('hex')}`).toEqual([])
      }
    }
  }
  bench.advance(60_000)
  expect(bench.failures).toEqual([])
  createTopic(bench.link(), 'after')
  append(bench.link(), 'after', ['still here'])
  expect(read(bench.link(), 'after')).toEqual(['still here'])
})
