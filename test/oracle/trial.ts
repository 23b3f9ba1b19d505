// One run of one scenario against one cluster: gives the scenario its own names and connections, and
// writes down every answer in order. It does not know which broker answers; two transcripts of the same
// scenario are compared afterwards (play.ts).
import { RawClient, type CallOptions, type Outcome } from './raw-client.ts'
import type { Endpoint } from '../apache/cluster.ts'
import { apiName, encodeReply, type ApiName, type Message } from './codec.ts'
import { listAt, numberAt, show } from './pick.ts'
import { newNames, normalise, TOPIC_PREFIX, type Json } from './normalise.ts'

export interface Entry {
  readonly label: string
  readonly api: string
  readonly version: number
  readonly request: unknown
  readonly result: Json
}

export interface Scenario {
  readonly name: string
  readonly run: (t: Trial) => Promise<void>
}

/** The advertised range of one API, on both sides of the comparison. */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

export interface TrialOptions {
  readonly scenario: string
  readonly endpoint: Endpoint
  /** What both clusters advertise: the versions a scenario goes through. */
  readonly shared: ReadonlyMap<string, VersionRange>
  /** Unique per run, so that a cluster can be used again. */
  readonly run: string
  /** A planted fault: alters a decoded answer before it is written down. */
  readonly fault?: (api: string, body: Message) => void
}

export class Trial {
  readonly entries: Entry[] = []
  /** Answers that did not re-encode to their own bytes. */
  readonly unfaithful: string[] = []
  readonly prefix: string
  readonly #options: TrialOptions
  readonly #names
  readonly #open: RawClient[] = []
  #main: RawClient | undefined

  constructor(options: TrialOptions) {
    this.#options = options
    this.prefix = `${TOPIC_PREFIX}${options.run}-${options.scenario}-`
    this.#names = newNames(this.prefix)
  }

  /** A topic or group name of this scenario's own; the same on both clusters. */
  named(name: string): string {
    return this.prefix + name
  }

  has(api: ApiName): boolean {
    return this.#options.shared.has(api)
  }

  /** Every version both clusters advertise, within the given bounds. */
  versions(api: ApiName, from = 0, to = 1000): number[] {
    const range = this.#options.shared.get(api)
    if (range === undefined) return []
    const [min, max] = [Math.max(range.min, from), Math.min(range.max, to)]
    return Array.from({ length: Math.max(0, max - min + 1) }, (_, i) => min + i)
  }

  newest(api: ApiName, atMost = 1000): number {
    return this.versions(api, 0, atMost).at(-1) ?? -1
  }

  /** A further connection; a scenario's calls go to its first one unless they name another. */
  async connect(): Promise<RawClient> {
    const client = await RawClient.open(this.#options.endpoint)
    this.#open.push(client)
    return client
  }

  /** Sends, writes the answer down, and returns it. A closed connection is opened anew. */
  async call(
    api: ApiName,
    version: number,
    request: Message,
    options: CallOptions & { on?: RawClient; label?: string } = {},
  ): Promise<Outcome> {
    let client = options.on
    if (client === undefined) {
      if (this.#main === undefined || this.#main.isClosed) this.#main = await this.connect()
      client = this.#main
    }
    const outcome = await client.call(api, version, request, options)
    this.note(options.label ?? '', { api, version, request, outcome })
    return outcome
  }

  /** As call, but the scenario goes on with the answer's body; throws when there is none. */
  async ask(
    api: ApiName,
    version: number,
    request: Message,
    options: CallOptions & { on?: RawClient; label?: string } = {},
  ): Promise<Message> {
    const outcome = await this.call(api, version, request, options)
    if (outcome.kind !== 'reply') throw new Error(`${api} v${version}: ${outcome.kind}`)
    return outcome.body
  }

  /** Asks without writing down, until `done` says so: coordinators that are still loading. */
  async poll(
    api: ApiName,
    version: number,
    request: Message,
    done: (body: Message) => boolean,
  ): Promise<Message> {
    const client = await this.connect()
    const deadline = performance.now() + 5000
    for (;;) {
      const outcome = await client.call(api, version, request)
      if (outcome.kind === 'reply' && done(outcome.body)) {
        client.close()
        return outcome.body
      }
      if (performance.now() > deadline || outcome.kind !== 'reply') {
        throw new Error(
          `${api} v${version} never became ready: ${show(outcome.kind === 'reply' ? outcome.body : outcome)}`,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Writes an outcome down; for frames that a scenario built itself. */
  note(
    label: string,
    seen: { api: ApiName; version: number; request?: unknown; outcome: Outcome },
  ): void {
    const { api, version, outcome, request } = seen
    let result: Json = `<${outcome.kind}>`
    if (outcome.kind === 'reply') {
      const again = encodeReply(api, version, outcome.body)
      if (!again.equals(outcome.bytes.subarray(4)))
        this.unfaithful.push(`${api} v${version} ${label}`)
      this.#options.fault?.(api, outcome.body)
      result = normalise(api, this.#shared(api, outcome.body), this.#names)
    }
    this.entries.push({ label, api, version, request, result })
  }

  /** ApiVersions without the APIs that only one side has: the table at the end names those. */
  #shared(api: ApiName, body: Message): Message {
    if (api !== 'ApiVersions') return body
    const apiKeys = listAt(body, 'apiKeys').filter((range) =>
      this.#options.shared.has(apiName(numberAt(range, 'apiKey'))),
    )
    return { ...body, apiKeys }
  }

  /** Writes down a fact that is no answer: how long a poll took, which of two came first. */
  fact(label: string, value: Json): void {
    this.entries.push({ label, api: '', version: -1, request: undefined, result: value })
  }

  close(): void {
    for (const client of this.#open) client.close()
  }
}
