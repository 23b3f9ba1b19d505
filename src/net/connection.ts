// One accepted connection: cuts requests out of the bytes, starts them in order, sends the replies
// in order, and bounds what a peer can make us hold. It does not know what a request means, but
// for one fact of the protocol: Produce requests may overtake the *answers* of earlier ones.
//
// Order of effects: a request starts only when the one before it on its connection is answered
// (Apache Kafka mutes the channel), except a Produce behind Produce requests whose order their
// append has fixed. What is behind waits here as bytes.
import { assert } from '../../base/assert.ts'
import type { Clock } from '../../base/clock.ts'
import type { Deadline, Deadlines } from '../../base/deadlines.ts'
import { MalformedFrame } from '../../protocol/wire/reader.ts'
import type { BufferPool } from './buffer-pool.ts'
import type { FlushQueue } from './flush-queue.ts'
import { FrameCutter, recognise } from './frames.ts'
import type { Socket, SocketEvents } from './network.ts'
import type { PeerLog } from './peer-log.ts'
import type { Holder, ReceiveBudget } from './receive-budget.ts'
import { ReplyQueue } from './reply-queue.ts'
import { ReplySlot } from './reply-slot.ts'

const PRODUCE_KEY = 0
/** After end() a peer that takes nothing any more is cut off. */
const LINGER_MS = 5000
/** How long a parked request waits for its answer after the peer ended its side. */
const HALF_CLOSED_MS = 100
/** Requests of one connection that start in one turn: the event loop reads megabytes at once, and
 * all their replies would stand in memory while everyone else waits. */
const MAX_STARTS_PER_TURN = 256

/** 'answered': the slot was filled, skipped or refused during the call; 'pending': later;
 * 'pending-order-fixed': later, but a following Produce may start now. */
export type Started = 'answered' | 'pending' | 'pending-order-fixed'

/** Starts one request, frame[start..end), borrowed for the call; the connection is
 * `slot.connection`. What it throws closes the connection. */
export type OnRequest = (
  slot: ReplySlot<Connection>,
  frame: Buffer,
  start: number,
  end: number,
) => Started

export interface ConnectionLimits {
  /** socket.request.max.bytes */
  readonly maxFrameBytes: number
  /** Received bytes that may wait behind a request that is not answered. */
  readonly maxQueuedBytes: number
  /** Unsent reply bytes above which no request is started and nothing is read. */
  readonly maxUnsentBytes: number
  /** Unanswered Produce requests in a row. */
  readonly maxPendingRequests: number
  /** connections.max.idle.ms; Infinity or negative: never. */
  readonly maxIdleMs: number
}

/** What all connections of a broker share. */
export interface ConnectionContext {
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly pool: BufferPool
  readonly flushQueue: FlushQueue
  readonly budget: ReceiveBudget
  readonly log: PeerLog
  readonly limits: ConnectionLimits
  readonly onRequest: OnRequest
}

/** open: serving; peer-ended: serving what was received; stopping: only the answers of started
 * requests leave; ending: the socket sends its last bytes; closed: the socket is gone. */
type State = 'open' | 'peer-ended' | 'stopping' | 'ending' | 'closed'

export class Connection implements SocketEvents, Holder {
  readonly socket: Socket
  readonly listenerName: string
  /** As the last request header said. */
  clientId: string | null = null
  /** As ApiVersions said; 'unknown' until then. */
  softwareName = 'unknown'
  softwareVersion = 'unknown'
  readonly #context: ConnectionContext
  readonly #cutter: FrameCutter
  #state: State = 'open'
  readonly #replies = new ReplyQueue<Connection>()
  #startsInTurn = 0
  /** Unanswered slots whose order is fixed. */
  #fixedPending = 0
  /** The unanswered request that holds what is behind it. */
  #blockedBy: ReplySlot<Connection> | null = null
  #isPumping = false
  #isEnlisted = false
  #isReading = true
  /** The next request may not start (its turn, unsent replies, throttling). */
  #isStalled = false
  #heldBytes = 0
  #lastActiveMs: number
  #mutedUntilMs = 0
  #idle: Deadline | null = null
  #linger: Deadline | null = null
  /** Until when a peer that ended its side may still want answers. */
  #patience: Deadline | null = null
  #whenClosed: ((connection: Connection) => void)[] = []

  constructor(socket: Socket, listenerName: string, context: ConnectionContext) {
    this.socket = socket
    this.listenerName = listenerName
    this.#context = context
    this.#cutter = new FrameCutter(context.pool, context.limits.maxFrameBytes)
    this.#lastActiveMs = context.clock.monotonic()
    this.#armIdle()
  }

  /** As Apache Kafka names connections: local address, peer's address, a number. */
  describe(): string {
    const { local, remote, id } = this.socket
    return `${local.host}:${local.port}-${remote.host}:${remote.port}-${id}`
  }

  /** False once nothing is served any more: a reply would go nowhere. */
  isServing(): boolean {
    return this.#state !== 'ending' && this.#state !== 'closed'
  }

  /** `run` is called when the connection has closed; at once if it has. */
  whenClosed(run: (connection: Connection) => void): void {
    if (this.#state === 'closed') run(this)
    else this.#whenClosed.push(run)
  }

  /** No request starts for `ms` milliseconds (a quota was exceeded); replies still leave. */
  throttle(ms: number): void {
    const { clock, deadlines } = this.#context
    this.#mutedUntilMs = Math.max(this.#mutedUntilMs, clock.monotonic() + ms)
    deadlines.set(this.#mutedUntilMs, () => this.#enlist())
  }

  /** Starts no further request; closes when the started ones are answered and sent. */
  stop(): void {
    if (this.#state !== 'open' && this.#state !== 'peer-ended') return
    this.#state = 'stopping'
    this.#enlist()
  }

  /** Closes at once, with a log line. */
  refuse(reason: string): void {
    if (!this.isServing()) return
    this.#logClosing(reason)
    this.#letGo()
    this.socket.destroy()
  }

  // Events of the socket.

  bytes(chunk: Buffer): void {
    if (this.#state !== 'open' && this.#state !== 'peer-ended') return
    this.#lastActiveMs = this.#context.clock.monotonic()
    try {
      this.#cutter.offer(chunk)
      this.#pump()
    } catch (error) {
      this.#failed(error)
    }
  }

  drained(): void {
    try {
      this.#pump()
    } catch (error) {
      this.#failed(error)
    }
  }

  ended(): void {
    if (this.#state !== 'open') return
    this.#state = 'peer-ended'
    if (this.#replies.hasParked()) this.#armPatience()
    this.#enlist()
  }

  closed(error: Error | null): void {
    if (this.#state === 'closed') return
    if (error !== null) {
      const line = `connection ${this.describe()}: ${error.message}`
      this.#context.log.line('debug', this.socket.remote.host, line)
    }
    if (this.isServing()) this.#letGo()
    this.#state = 'closed'
    if (this.#linger !== null) this.#context.deadlines.cancel(this.#linger)
    const waiting = this.#whenClosed
    this.#whenClosed = []
    for (const run of waiting) run(this)
  }

  // Events of the slots, the budget and the end of the turn.

  answered(slot: ReplySlot<Connection>): void {
    if (slot.state === 'refused') this.#refuseAfter(slot)
    this.#replies.answered(slot)
    if (slot === this.#blockedBy) this.#blockedBy = null
    if (slot.isOrderFixed) this.#fixedPending--
    this.#enlist()
  }

  mayReadAgain(): void {
    this.#updateReading()
  }

  tooSlow(): void {
    this.refuse(`it holds ${this.#heldBytes} bytes of requests that do not finish`)
  }

  /** Sends the replies that are ready, in order, and starts what they held. */
  flush(): void {
    this.#isEnlisted = false
    this.#startsInTurn = 0
    if (!this.isServing()) return
    try {
      this.#sendReady()
      this.#pump()
    } catch (error) {
      this.#failed(error)
    }
  }

  /** What goes wrong with one connection is its end, and nobody else's. */
  #failed(error: unknown): void {
    this.refuse(this.#reasonOf(error))
  }

  #pump(): void {
    if (this.#isPumping || !this.isServing()) return
    this.#isPumping = true
    try {
      while (this.#startNext());
    } finally {
      this.#isPumping = false
    }
    if (!this.isServing()) return
    if (this.#state === 'stopping') this.#cutter.drop()
    else this.#cutter.keep()
    this.#countHeld(this.#cutter.heldBytes())
    this.#updateReading()
    this.#endWhenServed()
  }

  /** Starts the next request if there is one and it may; false: that is all for now. */
  #startNext(): boolean {
    this.#isStalled = !this.#mayStart()
    if (this.#isStalled) return false
    const cut = this.#cutter.next()
    if (cut === 'more') return false
    if (cut === 'refused') {
      this.#refuseBytes()
      return false
    }
    const { buffer, start, end } = this.#cutter
    if (this.#fixedPending > 0 && !isProduce(buffer, start, end)) {
      this.#isStalled = true
      return false
    }
    this.#cutter.consume()
    this.#start(buffer, start, end)
    return this.#state === 'open' || this.#state === 'peer-ended'
  }

  #mayStart(): boolean {
    const { limits, clock } = this.#context
    if (this.#state !== 'open' && this.#state !== 'peer-ended') return false
    if (this.#blockedBy !== null) return false
    if (this.#fixedPending >= limits.maxPendingRequests) return false
    if (this.socket.unsent + this.#replies.readyBytes() > limits.maxUnsentBytes) return false
    if (this.#startsInTurn >= MAX_STARTS_PER_TURN) {
      this.#enlist()
      return false
    }
    return this.#mutedUntilMs === 0 || clock.monotonic() >= this.#mutedUntilMs
  }

  #start(buffer: Buffer, start: number, end: number): void {
    const slot = new ReplySlot<Connection>(this)
    this.#replies.add(slot)
    this.#startsInTurn++
    const started = this.#run(slot, buffer, start, end)
    if (slot.state !== 'waiting' || !this.isServing()) return
    assert(started !== 'answered', 'an answered request has a reply')
    if (started === 'pending-order-fixed') {
      slot.isOrderFixed = true
      this.#fixedPending++
    } else {
      this.#blockedBy = slot
      if (this.#state === 'peer-ended') this.#armPatience()
    }
  }

  #run(slot: ReplySlot<Connection>, buffer: Buffer, start: number, end: number): Started {
    try {
      return this.#context.onRequest(slot, buffer, start, end)
    } catch (error) {
      const reason = this.#reasonOf(error)
      if (slot.state === 'waiting') slot.closeConnection(reason)
      else this.refuse(reason)
      return 'answered'
    }
  }

  /** Bad bytes are the peer's fault; anything else is ours, and worth its stack. */
  #reasonOf(error: unknown): string {
    if (error instanceof MalformedFrame) return error.message
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#context.log.line('error', this.socket.remote.host, `a request failed: ${stack}`)
    return 'its request failed'
  }

  #refuseBytes(): void {
    const first = this.#cutter.firstBytes()
    const known = recognise(first)
    const { maxFrameBytes } = this.#context.limits
    const what =
      known ?? `a request of ${first.readInt32BE(0)} bytes (allowed are 0 to ${maxFrameBytes})`
    this.#logClosing(`it sent ${what}`)
    this.#cutter.drop()
    this.#state = 'stopping'
    this.#enlist()
  }

  #refuseAfter(slot: ReplySlot<Connection>): void {
    this.#logClosing(slot.reason)
    if (this.isServing()) this.#state = 'stopping'
  }

  #sendReady(): void {
    const { parts, release, isEnd } = this.#replies.takeReady()
    if (parts !== null) {
      this.#lastActiveMs = this.#context.clock.monotonic()
      this.socket.send(parts, release ?? undefined)
    } else release?.()
    if (isEnd) this.#end()
  }

  #endWhenServed(): void {
    if (!this.#replies.isEmpty()) return
    if (this.#state === 'stopping' || (this.#state === 'peer-ended' && !this.#isStalled)) {
      this.#end()
    }
  }

  #end(): void {
    const { clock, deadlines } = this.#context
    this.#letGo()
    this.#linger = deadlines.set(clock.monotonic() + LINGER_MS, () => this.socket.destroy())
    this.socket.end()
  }

  #updateReading(): void {
    const wanted = this.#wantsBytes()
    if (wanted === this.#isReading || !this.isServing()) return
    this.#isReading = wanted
    if (wanted) this.socket.resume()
    else this.socket.pause()
  }

  #wantsBytes(): boolean {
    if (this.#state === 'stopping') return false
    const { limits, budget } = this.#context
    if (this.socket.unsent > limits.maxUnsentBytes) return false
    if (this.#isStalled) return this.#heldBytes < limits.maxQueuedBytes && !budget.isOver()
    return budget.mayRead(this, this.#heldBytes)
  }

  #countHeld(bytes: number): void {
    if (bytes === this.#heldBytes) return
    const before = this.#heldBytes
    this.#heldBytes = bytes
    this.#context.budget.changed(this, before, bytes)
  }

  /** The peer has ended its side. If it only shut down sending, answers that come soon are still
   * welcome; if it is gone, what is parked must not stay. */
  #armPatience(): void {
    if (this.#patience !== null) return
    const { clock, deadlines } = this.#context
    this.#patience = deadlines.set(clock.monotonic() + HALF_CLOSED_MS, () => {
      this.#patience = null
      if (!this.isServing()) return
      this.#blockedBy = null
      this.#replies.abandonParked()
      this.#enlist()
    })
  }

  #enlist(): void {
    if (this.#isEnlisted || !this.isServing()) return
    this.#isEnlisted = true
    this.#context.flushQueue.enlist(this)
  }

  #armIdle(): void {
    const { clock, deadlines, limits } = this.#context
    if (limits.maxIdleMs < 0 || limits.maxIdleMs === Number.POSITIVE_INFINITY) return
    this.#idle = deadlines.set(this.#lastActiveMs + limits.maxIdleMs, () => {
      if (clock.monotonic() - this.#lastActiveMs < limits.maxIdleMs) this.#armIdle()
      else if (this.isServing()) {
        this.#letGo()
        this.socket.destroy()
      }
    })
  }

  /** Gives back all that it holds; what is unanswered is abandoned. */
  #letGo(): void {
    this.#state = 'ending'
    if (this.#idle !== null) this.#context.deadlines.cancel(this.#idle)
    if (this.#patience !== null) this.#context.deadlines.cancel(this.#patience)
    this.#cutter.drop()
    this.#countHeld(0)
    this.#blockedBy = null
    this.#replies.abandonAll()
  }

  #logClosing(reason: string): void {
    const { host, port } = this.socket.remote
    const who = this.clientId === null ? '' : ` (${printable(this.clientId)})`
    this.#context.log.line('warn', host, `connection from ${host}:${port}${who} closed: ${reason}`)
  }
}

/** Reads the API key of a request: the first two bytes of its header. */
function isProduce(buffer: Buffer, start: number, end: number): boolean {
  return end - start >= 2 && buffer.readInt16BE(start) === PRODUCE_KEY
}

/** What a peer says of itself, fit for one line of a log. */
function printable(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?')
}
