// One raw connection to a broker: sends any API at any version, pipelined if asked, and gives back the
// decoded answer with its bytes, or says that the broker closed the connection or kept silent.
import { connect, type Socket } from 'node:net'
import type { Endpoint } from '../apache/cluster.ts'
import { decodeReply, encodeRequest, frame, type ApiName, type Message } from './codec.ts'

export type Outcome =
  | { readonly kind: 'reply'; readonly body: Message; readonly bytes: Buffer; readonly ms: number }
  | { readonly kind: 'closed' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'sent' }
  | { readonly kind: 'undecodable'; readonly bytes: Buffer; readonly why: string }

export interface CallOptions {
  readonly clientId?: string | null
  readonly timeoutMs?: number
  /** The version put in the header when it differs from the body's (unknown versions). */
  readonly headerVersion?: number
  /** The version of the answer, when the broker answers in another one (ApiVersions). */
  readonly replyVersion?: number
  /** acks=0: nothing comes back; resolves once written. */
  readonly noReply?: boolean
}

interface Waiting {
  readonly api: ApiName
  readonly version: number
  readonly sentAt: number
  readonly settle: (outcome: Outcome) => void
}

export class RawClient {
  readonly #socket: Socket
  readonly #waiting: Waiting[] = []
  #received: Buffer = Buffer.alloc(0)
  #correlation = 0
  #isClosed = false
  #onClosed: (() => void)[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('error', () => this.#closed())
    socket.on('close', () => this.#closed())
  }

  static open({ host, port }: Endpoint): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host)
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.removeListener('error', reject)
        resolve(new RawClient(socket))
      })
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  call(
    api: ApiName,
    version: number,
    request: Message,
    options: CallOptions = {},
  ): Promise<Outcome> {
    const correlationId = this.#correlation++
    const bytes = encodeRequest(api, version, request, {
      correlationId,
      clientId: options.clientId === undefined ? 'oracle' : options.clientId,
      ...(options.headerVersion === undefined ? {} : { headerVersion: options.headerVersion }),
    })
    return this.sendFrame(api, options.replyVersion ?? version, frame(bytes), options)
  }

  /** Any bytes at all, for malformed frames; the answer is read as `api` at `version`. */
  sendFrame(
    api: ApiName,
    version: number,
    bytes: Uint8Array,
    options: CallOptions = {},
  ): Promise<Outcome> {
    if (this.#isClosed) return Promise.resolve({ kind: 'closed' })
    return new Promise((resolve) => {
      if (options.noReply === true) {
        this.#socket.write(bytes, () => resolve({ kind: 'sent' }))
        return
      }
      const waiting: Waiting = {
        api,
        version,
        sentAt: performance.now(),
        settle: (outcome) => {
          clearTimeout(timer)
          resolve(outcome)
        },
      }
      // After silence nothing on this connection can be told apart: it ends.
      const timer = setTimeout(() => {
        resolve({ kind: 'silent' })
        this.close()
      }, options.timeoutMs ?? 8000)
      this.#waiting.push(waiting)
      this.#socket.write(bytes)
    })
  }

  /** Whether the broker closes the connection within that time. */
  closes(withinMs: number): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(true)
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), withinMs)
      this.#onClosed.push(() => {
        clearTimeout(timer)
        resolve(true)
      })
    })
  }

  close(): void {
    this.#socket.destroy()
    this.#closed()
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readInt32BE(0)
      if (this.#received.length < end) return
      const body = Buffer.from(this.#received.subarray(4, end))
      this.#received = this.#received.subarray(end)
      const waiting = this.#waiting.shift()
      if (waiting === undefined) return
      waiting.settle(reply(waiting, body))
    }
  }

  #closed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const waiting of this.#waiting.splice(0)) waiting.settle({ kind: 'closed' })
    for (const run of this.#onClosed.splice(0)) run()
  }
}

function reply({ api, version, sentAt }: Waiting, bytes: Buffer): Outcome {
  const ms = performance.now() - sentAt
  try {
    return { kind: 'reply', body: decodeReply(api, version, bytes), bytes, ms }
  } catch (error) {
    return { kind: 'undecodable', bytes, why: String(error) }
  }
}
