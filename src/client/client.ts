// A small client: finds brokers, speaks the versions they have, and knows who leads what. For the
// command line, tests and tools. Groups, transactions and retries of a producer are not its affair.
import type { Clock } from '../../base/clock.ts'
import { Deadlines } from '../../base/deadlines.ts'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import type { DraftOf, Read, Shape } from '../../protocol/schema/field.ts'
import type { Api, ResponseOf } from '../../protocol/schema/message.ts'
import { BufferPool } from '../net/buffer-pool.ts'
import type { Address, Network } from '../net/network.ts'
import { ClientError, KafkaError } from './errors.ts'
import { Link } from './link.ts'
import { errors } from '../../protocol/errors.ts'

export interface ClientOptions {
  readonly network: Network
  readonly clock: Clock
  readonly bootstrap: readonly Address[]
  /** Default 'samsa'. */
  readonly clientId?: string
  /** Default 30,000. */
  readonly requestTimeoutMs?: number
}

export interface SendOptions {
  /** Default: the highest that both sides know. */
  readonly version?: number
  /** Node id, 'controller', or 'any' (default). */
  readonly to?: number | 'any' | 'controller'
  readonly timeoutMs?: number
}

export type TopicMetadata = ResponseOf<typeof Metadata>['topics'][number]
export type ClusterMetadata = ResponseOf<typeof Metadata>

/** Replies are at most this long: fetch.max.bytes and what stands around it. */
const MAX_REPLY_BYTES = 256 * 1024 * 1024
const RETRY_MS = 50

/** Connects to the first bootstrap address that answers. Rejects with ClientError NO_BROKER. */
export async function connectClient(options: ClientOptions): Promise<Client> {
  const client = new Client(options)
  await client.bootstrap()
  return client
}

export class Client {
  readonly clock: Clock
  readonly requestTimeoutMs: number
  readonly #options: ClientOptions
  readonly #deadlines: Deadlines
  readonly #pool = new BufferPool(1024 * 1024)
  readonly #links = new Map<string, Promise<Link>>()
  #brokers = new Map<number, Address>()
  #controllerId = -1
  readonly #topics = new Map<string, TopicMetadata>()
  #isClosed = false

  constructor(options: ClientOptions) {
    this.#options = options
    this.clock = options.clock
    this.requestTimeoutMs = options.requestTimeoutMs ?? 30_000
    this.#deadlines = new Deadlines(options.clock)
  }

  async bootstrap(): Promise<Link> {
    if (this.#isClosed) throw new ClientError('CLOSED', 'the client is closed')
    const failures: string[] = []
    for (const address of [...this.#brokers.values(), ...this.#options.bootstrap]) {
      try {
        return await this.#link(address)
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error))
      }
    }
    throw new ClientError('NO_BROKER', `no broker answers (${failures.join('; ')})`)
  }

  /** One request and its reply. Error codes inside the reply are the caller's affair. Rejects with
   * PeerError or ClientError. */
  async send<Q extends Shape, R extends Shape>(
    api: Api<Q, R>,
    draft: DraftOf<Q>,
    options: SendOptions = {},
  ): Promise<Read<R>> {
    const link = await this.link(options.to)
    const { version, timeoutMs } = options
    return link.call({
      api,
      draft,
      ...(version === undefined ? {} : { version }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    })
  }

  /** The connection to a node; made if it is not there. */
  async link(to: SendOptions['to'] = 'any'): Promise<Link> {
    if (to === 'any') return this.bootstrap()
    if (!this.#brokers.has(to === 'controller' ? this.#controllerId : to)) await this.metadata([])
    const nodeId = to === 'controller' ? this.#controllerId : to
    const address = this.#brokers.get(nodeId)
    if (address === undefined) throw new ClientError('NO_BROKER', `no broker has node id ${nodeId}`)
    return this.#link(address)
  }

  /** Asks for metadata of these topics (null: all, []: none) and remembers it. */
  async metadata(
    topics: readonly string[] | null,
    allowAutoTopicCreation = false,
  ): Promise<ClusterMetadata> {
    const named = topics?.map((name) => ({ name })) ?? null
    const reply = await this.send(Metadata, { topics: named, allowAutoTopicCreation })
    this.#brokers = new Map(reply.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]))
    this.#controllerId = reply.controllerId
    for (const topic of reply.topics) {
      if (topic.name === null) continue
      if (topic.errorCode === errors.NONE) this.#topics.set(topic.name, topic)
      else this.#topics.delete(topic.name)
    }
    return reply
  }

  /** A topic whose partitions all have a leader; asks again until the request timeout. Rejects with
   * KafkaError. */
  async topic(name: string, allowAutoTopicCreation = false): Promise<TopicMetadata> {
    const known = this.#topics.get(name)
    if (known !== undefined) return known
    const deadline = this.clock.monotonic() + this.requestTimeoutMs
    for (;;) {
      const reply = await this.metadata([name], allowAutoTopicCreation)
      const found = reply.topics.find((topic) => topic.name === name)
      const code = found === undefined ? errors.UNKNOWN_TOPIC_OR_PARTITION : problemOf(found)
      if (found !== undefined && code === errors.NONE) return found
      this.forget(name)
      const error = new KafkaError(code, `topic ${name}`)
      const isHopeless = !error.isRetriable || (isUnknown(code) && !allowAutoTopicCreation)
      if (isHopeless || this.clock.monotonic() > deadline) throw error
      await this.sleep(RETRY_MS)
    }
  }

  /** What is remembered of a topic was wrong; the next use asks again. */
  forget(topic: string): void {
    this.#topics.delete(topic)
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.at(this.clock.monotonic() + ms, resolve))
  }

  /** Closes every connection; requests without a reply fail with CLOSED. */
  async close(): Promise<void> {
    this.#isClosed = true
    const links = await Promise.allSettled(this.#links.values())
    for (const link of links) if (link.status === 'fulfilled') link.value.peer.close()
    this.#links.clear()
  }

  #link(address: Address): Promise<Link> {
    const key = `${address.host}:${address.port}`
    const known = this.#links.get(key)
    if (known !== undefined) return known
    const opened = Link.open({
      network: this.#options.network,
      clock: this.clock,
      deadlines: this.#deadlines,
      pool: this.#pool,
      address,
      clientId: this.#options.clientId ?? 'samsa',
      requestTimeoutMs: this.requestTimeoutMs,
      maxFrameBytes: MAX_REPLY_BYTES,
      maxInFlight: 1000,
    })
    this.#links.set(key, opened)
    opened.then(
      (link) => link.peer.whenClosed(() => this.#links.delete(key)),
      () => this.#links.delete(key),
    )
    return opened
  }
}

function problemOf(topic: TopicMetadata): number {
  if (topic.errorCode !== errors.NONE) return topic.errorCode
  const isLed = topic.partitions.every(({ leaderId }) => leaderId >= 0)
  return isLed && topic.partitions.length > 0 ? errors.NONE : errors.LEADER_NOT_AVAILABLE
}

function isUnknown(code: number): boolean {
  return code === errors.UNKNOWN_TOPIC_OR_PARTITION || code === errors.UNKNOWN_TOPIC_ID
}
