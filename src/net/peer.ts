// The asking side of one connection: connects, numbers requests, pipelines them, pairs replies with
// them in order, and gives up in time. For followers, raft, forwarding and the client. It knows no
// API; whom to ask, and what to do when the peer is gone, is the owner's affair: a Peer connects
// once.
import { assert } from '../../base/assert.ts'
import type { Clock } from '../../base/clock.ts'
import type { Deadline, Deadlines } from '../../base/deadlines.ts'
import { reader, writer } from '../../protocol/schema/codec.ts'
import type { DraftOf, Read, Shape } from '../../protocol/schema/field.ts'
import type { Api } from '../../protocol/schema/message.ts'
import { beginFrame, endFrame } from '../../protocol/wire/frame.ts'
import {
  readResponseHeader,
  responseHeaderVersion,
  writeRequestHeader,
} from '../../protocol/wire/header.ts'
import type { Part } from '../../protocol/wire/part.ts'
import { Reader } from '../../protocol/wire/reader.ts'
import { Writer } from '../../protocol/wire/writer.ts'
import type { BufferPool } from './buffer-pool.ts'
import { FrameCutter } from './frames.ts'
import type { Address, Network, Socket, SocketEvents } from './network.ts'

export type PeerErrorCode =
  | 'CONNECT_FAILED'
  | 'CONNECTION_LOST'
  | 'REQUEST_TIMED_OUT'
  | 'MALFORMED_REPLY'
  | 'TOO_MANY_REQUESTS'
  | 'CLOSED'

/** Why there is no reply. After any but TOO_MANY_REQUESTS the peer is closed. */
export class PeerError extends Error {
  override readonly name = 'PeerError'
  readonly code: PeerErrorCode

  constructor(code: PeerErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.code = code
  }
}

export interface PeerOptions {
  readonly network: Network
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly pool: BufferPool
  readonly address: Address
  readonly clientId: string | null
  /** For connecting, and for a request that does not say otherwise, milliseconds. */
  readonly requestTimeoutMs: number
  readonly maxFrameBytes: number
  /** Requests without reply at one time. */
  readonly maxInFlight: number
}

export type Replied<Reply> = { readonly reply: Reply } | Error

/** One request. `Q` and `R` are the shapes of the API's messages. */
export interface Call<Q extends Shape, R extends Shape> {
  readonly api: Api<Q, R>
  readonly version: number
  readonly draft: DraftOf<Q>
  readonly timeoutMs?: number
  /** The reply's bytes are copied, so that it may be kept; otherwise they are borrowed. */
  readonly isKept?: boolean
  /** Reads the body in place of the schema's reader (ApiVersions answers in an older version). */
  readonly read?: (reader: Reader) => Read<R>
}

interface Pending {
  readonly correlationId: number
  readonly what: string
  readonly headerVersion: 0 | 1
  readonly isKept: boolean
  readonly read: (reader: Reader) => unknown
  readonly done: (result: Replied<unknown>) => void
  readonly deadline: Deadline
}

type State = 'new' | 'connecting' | 'open' | 'closed'

export class Peer implements SocketEvents {
  readonly address: Address
  readonly #options: PeerOptions
  readonly #cutter: FrameCutter
  readonly #writer = new Writer(8 * 1024)
  readonly #reader = new Reader(Buffer.alloc(0))
  #state: State = 'new'
  #socket: Socket | null = null
  /** In the order of the requests, which is the order of the replies. */
  readonly #pending: Pending[] = []
  /** Written during this turn, or before the connection was there. */
  #unsent: Part[] = []
  #isFlushing = false
  #nextCorrelationId = 1
  #connectDeadline: Deadline | null = null
  #whenClosed: ((reason: PeerError) => void)[] = []

  constructor(options: PeerOptions) {
    this.#options = options
    this.address = options.address
    this.#cutter = new FrameCutter(options.pool, options.maxFrameBytes)
  }

  state(): State {
    return this.#state
  }

  /** `run` is called once when the peer is closed, whoever closed it. */
  whenClosed(run: (reason: PeerError) => void): void {
    this.#whenClosed.push(run)
  }

  /** Sends a request, connecting first if need be. `done` is called once, never synchronously. A
   * draft that the version cannot carry throws Unencodable. */
  request<Q extends Shape, R extends Shape>(
    api: Api<Q, R>,
    version: number,
    draft: DraftOf<Q>,
    done: (result: Replied<Read<R>>) => void,
  ): void {
    this.call({ api, version, draft }, done)
  }

  /** As request(), with all that can be said about a request. */
  call<Q extends Shape, R extends Shape>(
    call: Call<Q, R>,
    done: (result: Replied<Read<R>>) => void,
  ): void {
    const { api, version } = call
    const { clock, deadlines, maxInFlight, requestTimeoutMs } = this.#options
    if (this.#state === 'closed' || this.#pending.length >= maxInFlight) {
      const error = this.#refusal()
      clock.endOfTurn(() => done(error))
      return
    }
    const correlationId = this.#write(call)
    const timeoutMs = call.timeoutMs ?? requestTimeoutMs
    const what = `${api.name} v${version}`
    this.#pending.push({
      correlationId,
      what,
      headerVersion: responseHeaderVersion(api.key, version),
      isKept: call.isKept ?? false,
      read: call.read ?? reader(api.response, version),
      done: done as (result: Replied<unknown>) => void,
      deadline: deadlines.set(clock.monotonic() + timeoutMs, () =>
        this.#fail('REQUEST_TIMED_OUT', `no reply to ${what} within ${timeoutMs} ms`),
      ),
    })
  }

  /** Sends a request that has no reply (Produce with acks=0). */
  send<Q extends Shape, R extends Shape>(api: Api<Q, R>, version: number, draft: DraftOf<Q>): void {
    if (this.#state !== 'closed') this.#write({ api, version, draft })
  }

  /** Closes at once; what has no reply fails with CLOSED. */
  close(): void {
    this.#fail('CLOSED', 'the connection was closed on this side')
  }

  // Events of the socket.

  bytes(chunk: Buffer): void {
    if (this.#state !== 'open') return
    this.#cutter.offer(chunk)
    for (;;) {
      const cut = this.#cutter.next()
      if (cut === 'refused') this.#fail('MALFORMED_REPLY', 'the length of a reply is out of bounds')
      if (cut !== 'frame') break
      const { buffer, start, end } = this.#cutter
      this.#cutter.consume()
      this.#replied(buffer, start, end)
      if (this.state() !== 'open') return
    }
    if (this.state() === 'open') this.#cutter.keep()
  }

  drained(): void {
    // What is in flight is bounded by maxInFlight; nothing waits for room.
  }

  ended(): void {
    this.#fail('CONNECTION_LOST', 'the peer closed the connection')
  }

  closed(error: Error | null): void {
    this.#fail('CONNECTION_LOST', error?.message ?? 'the connection was closed', error)
  }

  #write<Q extends Shape, R extends Shape>(call: Call<Q, R>): number {
    const { api, version } = call
    const correlationId = this.#nextCorrelationId
    this.#nextCorrelationId = correlationId === 0x7fffffff ? 0 : correlationId + 1
    const target = this.#writer
    try {
      const mark = beginFrame(target)
      const head = { apiKey: api.key, apiVersion: version, clientId: this.#options.clientId }
      writeRequestHeader(target, { ...head, correlationId })
      writer(api.request, version)(target, call.draft)
      endFrame(target, mark)
    } catch (error) {
      target.reset()
      throw error
    }
    for (const part of target.take()) this.#unsent.push(part)
    if (this.#state === 'new') this.#connect()
    else this.#flushLater()
    return correlationId
  }

  #connect(): void {
    const { network, clock, deadlines, address, requestTimeoutMs } = this.#options
    this.#state = 'connecting'
    this.#connectDeadline = deadlines.set(clock.monotonic() + requestTimeoutMs, () =>
      this.#fail('CONNECT_FAILED', `no connection within ${requestTimeoutMs} ms`),
    )
    network.connect(address, this, (result) => {
      if (result instanceof Error) this.#fail('CONNECT_FAILED', result.message, result)
      else if (this.#state === 'closed') result.destroy()
      else this.#connected(result)
    })
  }

  #connected(socket: Socket): void {
    assert(this.#state === 'connecting', 'a peer connects once')
    this.#options.deadlines.cancel(this.#connectDeadline!)
    this.#state = 'open'
    this.#socket = socket
    this.#flushLater()
  }

  /** One write per turn for all requests of the turn. */
  #flushLater(): void {
    if (this.#isFlushing || this.#state !== 'open' || this.#unsent.length === 0) return
    this.#isFlushing = true
    this.#options.clock.endOfTurn(() => {
      this.#isFlushing = false
      const parts = this.#unsent
      this.#unsent = []
      if (this.#state === 'open') this.#socket!.send(parts)
    })
  }

  #replied(buffer: Buffer, start: number, end: number): void {
    const pending = this.#pending.shift()
    if (pending === undefined) {
      this.#fail('MALFORMED_REPLY', 'a reply came that nobody asked for')
      return
    }
    this.#options.deadlines.cancel(pending.deadline)
    const reply = this.#decode(pending, buffer, start, end)
    pending.done(reply)
    if (reply instanceof Error) this.#fail('MALFORMED_REPLY', reply.message, reply)
  }

  #decode(
    pending: Pending,
    ...[buffer, start, end]: [buffer: Buffer, start: number, end: number]
  ): Replied<unknown> {
    const source = this.#reader
    if (pending.isKept) source.reset(Buffer.from(buffer.subarray(start, end)))
    else source.reset(buffer, start, end)
    try {
      const correlationId = readResponseHeader(source, pending.headerVersion)
      if (correlationId !== pending.correlationId) {
        const wanted = pending.correlationId
        const message = `reply ${correlationId} in place of ${wanted} (${pending.what})`
        return new PeerError('MALFORMED_REPLY', message)
      }
      const reply = pending.read(source)
      source.expectEnd(pending.what)
      return { reply }
    } catch (error) {
      return new PeerError('MALFORMED_REPLY', `${pending.what}: ${String(error)}`, error)
    }
  }

  #refusal(): PeerError {
    if (this.#state === 'closed') return this.#error('CLOSED', 'the connection is closed')
    const { maxInFlight } = this.#options
    return this.#error('TOO_MANY_REQUESTS', `${maxInFlight} requests are without a reply already`)
  }

  #fail(code: PeerErrorCode, message: string, cause?: unknown): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    const { deadlines, clock } = this.#options
    if (this.#connectDeadline !== null) deadlines.cancel(this.#connectDeadline)
    this.#socket?.destroy()
    this.#cutter.drop()
    this.#unsent = []
    const error = this.#error(code, message, cause)
    const pending = this.#pending.splice(0)
    const waiting = this.#whenClosed
    this.#whenClosed = []
    for (const { deadline } of pending) deadlines.cancel(deadline)
    clock.endOfTurn(() => {
      for (const { done } of pending) done(error)
      for (const run of waiting) run(error)
    })
  }

  #error(code: PeerErrorCode, message: string, cause?: unknown): PeerError {
    const { host, port } = this.address
    return new PeerError(code, `${host}:${port}: ${message}`, cause)
  }
}
