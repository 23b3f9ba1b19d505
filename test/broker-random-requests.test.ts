// Requests that make no sense: of every API and version, from a printed seed, whole and damaged.
// Each is answered or its connection closed for a reason, and nothing that was not expected
// happens.
import { expect, test } from 'vitest'
import { below, type Random, seededRandom } from '../base/random.ts'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { FindCoordinator } from '../protocol/api/10-find-coordinator.ts'
import { encode } from '../protocol/schema/codec.ts'
import { isPresent, type Member } from '../protocol/schema/kind.ts'
import type { Handler } from '../src/handlers/handler.ts'
import { handlers } from '../src/handlers/index.ts'
import { versionsOf } from './handlers/group-bench.ts'
import { randomValue } from './protocol/random-value.ts'
import { batchOf } from './support/batches.ts'
import { BrokerBench } from './support/broker-bench.ts'
import type { RawLink } from './support/raw-link.ts'
import { append, createTopic, readAll } from './support/requests.ts'
import { seedsOf } from './support/seeds.ts'

const ROUNDS = 6
const MIXED_ROUNDS = 400
/** As they fit into the smallest integer of the protocol. */
const EXTREMES = [127, -128]
const UUID_LENGTH = 22
/** What the broker says when the fault is its own. */
const FAULTS = /^ERROR|its request failed|could not be written/

interface Known {
  readonly strings: readonly string[]
  readonly topicId: string
}

/** Puts known names, small numbers and true batches in some of the places, so that more happens. */
class Sense {
  readonly #random: Random
  readonly #known: Known
  readonly #version: number

  constructor(random: Random, known: Known, version: number) {
    this.#random = random
    this.#known = known
    this.#version = version
  }

  struct(value: unknown, members: readonly Member[]): Record<string, unknown> {
    const fields = value as Record<string, unknown>
    const entries = members.map((member): [string, unknown] => {
      const field = fields[member.name]
      const isThere = isPresent(member, this.#version) && field !== null
      return [member.name, isThere ? this.#field(field, member) : field]
    })
    return Object.fromEntries(entries)
  }

  #field(value: unknown, { name, kind }: Member): unknown {
    const members = kind.members()
    if (Array.isArray(value)) {
      return value.map((item) =>
        members === undefined ? this.#scalar(item, name) : this.struct(item, members),
      )
    }
    return members === undefined ? this.#scalar(value, name) : this.struct(value, members)
  }

  #scalar(value: unknown, name: string): unknown {
    const random = this.#random
    if (name.endsWith('Ms')) return below(random, 1000)
    if (below(random, 3) === 0) return value
    if (name === 'records') return batchOf(['x', 'y'])
    const { strings, topicId } = this.#known
    if (name.endsWith('Id') && typeof value === 'string' && value.length === UUID_LENGTH) {
      return topicId
    }
    if (typeof value === 'string') return strings[below(random, strings.length)]
    if (typeof value !== 'number') return value
    return below(random, 12) === 0 ? EXTREMES[below(random, EXTREMES.length)] : below(random, 8) - 2
  }
}

/** A broker with a topic and a group, and a way to send it anything. */
class Trial {
  readonly bench: BrokerBench
  readonly #random: Random
  readonly #known: Known
  #link: RawLink

  private constructor(bench: BrokerBench, known: Known, seed: number) {
    this.bench = bench
    this.#known = known
    this.#random = seededRandom(seed)
    this.#link = bench.link()
  }

  static async start(seed: number): Promise<Trial> {
    const bench = await BrokerBench.start({ seed })
    const link = bench.link()
    const topicId = createTopic(link, 'letters', { partitions: 2 })
    link.ask(FindCoordinator, 4, { coordinatorKeys: ['g'] })
    append(link, 'letters', ['a'])
    const strings = ['letters', 'g', '__consumer_offsets', 'retention.ms', '1', '', 'delete', 'new']
    return new Trial(bench, { strings, topicId }, seed)
  }

  any(): void {
    const handler = handlers[below(this.#random, handlers.length)]!
    const versions = versionsOf(handler)
    this.play(handler, versions[below(this.#random, versions.length)]!)
  }

  /** A request with bytes changed, left out or added somewhere in its body. */
  mangled(): void {
    const random = this.#random
    const { api, min, max } = handlers[below(random, handlers.length)]!
    const version = min + below(random, max - min + 1)
    let body: Uint8Array = this.#body(api, version).body
    for (let changes = 1 + below(random, 4); changes > 0; changes--) {
      const at = below(random, body.length + 1)
      const bytes = random.bytes(below(random, 5))
      const rest = body.subarray(at + below(random, 6))
      body = Buffer.concat([body.subarray(0, at), bytes, rest])
    }
    this.#send(api, version, { body, what: Buffer.from(body).toString('hex') })
  }

  play({ api }: Handler, version: number): void {
    const { body, draft } = this.#body(api, version)
    this.#send(api, version, { body, what: JSON.stringify(draft) })
  }

  #body(api: Handler['api'], version: number) {
    const value = randomValue(this.#random, api.request, version)
    const sense = new Sense(this.#random, this.#known, version)
    const draft = sense.struct(value, api.request.kind.members() ?? [])
    return { draft, body: encode(api.request, version, draft as never) }
  }

  #send(
    api: Handler['api'],
    version: number,
    { body, what }: { body: Uint8Array; what: string },
  ): void {
    const sent = this.#link.exchange(api, version, body)
    this.bench.advance(1500)
    if (sent.reply === undefined) {
      // A parked join, a Produce with acks=0, or a refusal.
      this.#link.close()
      this.#link = this.bench.link()
    }
    const faults = this.bench.lines.filter((line) => FAULTS.test(line))
    expect(faults, `${api.name} v${version}: ${what}`).toEqual([])
    expect(this.bench.failures).toEqual([])
  }

  /** The broker serves, and starts again on what all that left. */
  async check(): Promise<void> {
    const { bench } = this
    let link = bench.link()
    expect(link.ask(Metadata, 12, { topics: [] }).brokers).toHaveLength(1)
    createTopic(link, 'still-here')
    append(link, 'still-here', ['a'])
    bench.crash()
    await bench.start()
    link = bench.link()
    expect(readAll(link, 'still-here')).toEqual(['a'])
    this.#link = link
  }
}

test.each(handlers)('$api.name takes anything', async (handler) => {
  const trial = await Trial.start(handler.api.key + 1)
  for (const version of versionsOf(handler)) {
    for (let round = 0; round < ROUNDS; round++) trial.play(handler, version)
  }
  await trial.check()
})

test.each(seedsOf(1, 5))('seed %i: all of them mixed leave a broker that serves', async (seed) => {
  const trial = await Trial.start(seed)
  for (let round = 0; round < MIXED_ROUNDS; round++) trial.any()
  await trial.check()
})

test.each(seedsOf(1, 3))('seed %i: requests with damaged bytes harm nobody', async (seed) => {
  const trial = await Trial.start(seed)
  for (let round = 0; round < MIXED_ROUNDS; round++) trial.mangled()
  await trial.check()
})
