// One connection for the trials of directories: asks until a freshly started broker is ready to answer,
// and takes every other error as the end of the trial.
import type { Endpoint } from '../../apache/cluster.ts'
import type { Message } from '../../oracle/codec.ts'
import { RawClient } from '../../oracle/raw-client.ts'
import { list } from '../ask.ts'
import { sleep } from '../trial.ts'

export { list, type Message }

/** "Not yet", in the first moments of a broker: loading, electing, creating an internal topic. */
const NOT_YET = new Set([3, 5, 6, 7, 14, 15, 16, 79])
const PATIENCE_MS = 30_000

export class Wire {
  readonly #client: RawClient

  readonly #clientId: string

  private constructor(client: RawClient, clientId: string) {
    this.#client = client
    this.#clientId = clientId
  }

  static async open(endpoint: Endpoint, clientId = 'directories'): Promise<Wire> {
    return new Wire(await RawClient.open(endpoint), clientId)
  }

  /** The answer, whatever it says. */
  async ask(api: string, version: number, request: Message): Promise<Message> {
    const options = { clientId: this.#clientId, timeoutMs: 30_000 }
    const outcome = await this.#client.call(api, version, request, options)
    if (outcome.kind === 'reply') return outcome.body
    const why = outcome.kind === 'undecodable' ? outcome.why : outcome.kind
    throw new Error(`${api} v${version}: ${why}`)
  }

  /** The answer when no error code of it is set; `fatal` are those not to wait out. */
  async done(
    api: string,
    version: number,
    request: Message,
    fatal: readonly number[] = [],
  ): Promise<Message> {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      const reply = await this.ask(api, version, request)
      const codes = errorCodes(reply)
      if (codes.length === 0) return reply
      const isEarly = codes.every((code) => NOT_YET.has(code) && !fatal.includes(code))
      if (!isEarly || performance.now() > deadline) {
        throw new Error(`${api} v${version}: error ${codes.join(', ')}: ${text(reply)}`)
      }
      await sleep(50)
    }
  }

  close(): void {
    this.#client.close()
  }
}

/** Every errorCode in an answer that is not 0, at any depth. */
export function errorCodes(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(errorCodes)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return []
  return Object.entries(value).flatMap(([name, member]) =>
    name.endsWith('rrorCode') && typeof member === 'number' && member !== 0
      ? [member]
      : errorCodes(member),
  )
}

function text(reply: Message): string {
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
  return JSON.stringify(reply, plain).slice(0, 600)
}
