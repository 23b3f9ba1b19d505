// What a scenario is given, and how it disagrees.
import { isDeepStrictEqual } from 'node:util'
import type { Endpoint } from '../../apache/cluster.ts'
import { ask, createTopics, list } from '../ask.ts'
import { sleep } from '../trial.ts'
import { ClientFailure, type Driver } from './driver.ts'
import { untilServed } from './raw-log.ts'
import type { WireRecord } from './wire-record.ts'

export interface Scenario {
  readonly name: string
  /** For the reader of the compatibility page: what is shown. */
  readonly about: string
  /** Abilities (README.md) without which there is nothing to show. */
  readonly needs: readonly string[]
  /** Throws where what happened is not what has to happen. */
  run(stage: Stage): Promise<void>
}

export class Disagreement extends Error {}

/** One scenario with one client (some need a second) at one cluster. */
export class Stage {
  readonly at: Endpoint
  readonly client: Driver
  /** Another library in the same group. */
  readonly partner: Driver
  readonly #prefix: string

  constructor(at: Endpoint, client: Driver, partner: Driver, prefix: string) {
    this.at = at
    this.client = client
    this.partner = partner
    this.#prefix = prefix
  }

  /** A name nobody else uses at this cluster. */
  name(what: string): string {
    return `${this.#prefix}.${what}`
  }

  /** A new topic, made without the client. */
  async topic(what: string, partitions = 1): Promise<string> {
    const topic = this.name(what)
    await createTopics(this.at, [topic], partitions)
    await untilServed(this.at, topic, partitions)
    return topic
  }

  /** A new topic, made by the client, and known to every part of the broker. */
  async topicByClient(
    what: string,
    partitions: number,
    configs: Readonly<Record<string, string>>,
  ): Promise<string> {
    const topic = this.name(what)
    await this.client.ask('createTopic', { topic, partitions, configs })
    await untilServed(this.at, topic, partitions)
    return topic
  }

  lacks(ability: string): boolean {
    return this.client.greeting.lacks[ability] !== undefined
  }

  equal(what: string, found: unknown, expected: unknown): void {
    if (isDeepStrictEqual(plain(found), plain(expected))) return
    throw new Disagreement(`${what}: ${shown(found)} instead of ${shown(expected)}`)
  }

  holds(what: string, isTrue: boolean, found?: unknown): void {
    if (!isTrue) throw new Disagreement(found === undefined ? what : `${what}: ${shown(found)}`)
  }

  /** The library refuses, with Kafka's number where it gives numbers. */
  async refused(what: string, code: number, attempt: Promise<unknown>): Promise<void> {
    try {
      await attempt
    } catch (error) {
      if (!(error instanceof ClientFailure)) throw error
      if (error.code === undefined && this.lacks('error.code')) return
      this.equal(`${what}: error code (${error.message})`, error.code, code)
      return
    }
    throw new Disagreement(`${what}: it was not refused`)
  }

  /** Polls until it is so; Kafka's answers about groups and topics come in their own time. */
  async until(what: string, isSo: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
    const deadline = performance.now() + timeoutMs
    while (!(await isSo())) {
      if (performance.now() > deadline) throw new Disagreement(`${timeoutMs} ms without ${what}`)
      await sleep(50)
    }
  }

  async committedBy(group: string, topic: string): Promise<unknown[]> {
    const groups = [{ groupId: group, topics: null }]
    const reply = await ask(this.at, 'OffsetFetch', 8, { groups, requireStable: false })
    const found = list(list(reply, 'groups')[0]!, 'topics').find(({ name }) => name === topic)
    if (found === undefined) return []
    return list(found, 'partitions')
      .map((one) => [one['partitionIndex'], one['committedOffset'], one['metadata'] ?? ''])
      .sort((left, right) => Number(left[0]) - Number(right[0]))
  }
}

/** The answer of `consume` and `poll`, in order of partition and offset. */
export function recordsOf(answer: Readonly<Record<string, unknown>>): WireRecord[] {
  const records = answer['records'] as WireRecord[]
  return records.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset)
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown)
}

function shown(value: unknown): string {
  const said = JSON.stringify(value) ?? 'nothing'
  return said.length > 400 ? `${said.slice(0, 400)} ...` : said
}
