// The network inside one process: the same contract as TCP, windows and back-pressure included.
// Bytes move at the end of a turn, connections are made and closed there too, so that with a
// virtual clock everything happens in one known order. Lost and late messages are not its affair.
import type { Clock } from '../../base/clock.ts'
import type { Part } from '../../protocol/wire/part.ts'
import type {
  Address,
  Listening,
  Network,
  ReadableRegion,
  Socket,
  SocketEvents,
} from './network.ts'

type Accept = (socket: Socket) => SocketEvents | undefined

export interface MemoryNetworkOptions {
  /** What a direction holds on its way, as the buffers of an operating system do. */
  readonly windowBytes?: number
  /** Delivered pieces are at most this long. */
  readonly chunkBytes?: number
}

export function memoryNetwork(clock: Clock, options: MemoryNetworkOptions = {}): Network {
  return new MemoryNetwork(clock, options)
}

class MemoryNetwork implements Network {
  readonly #clock: Clock
  readonly #options: Required<MemoryNetworkOptions>
  readonly #listeners = new Map<number, { readonly address: Address; readonly accept: Accept }>()
  #nextPort = 20_000
  #nextId = 1

  constructor(clock: Clock, options: MemoryNetworkOptions) {
    this.#clock = clock
    this.#options = {
      windowBytes: options.windowBytes ?? 1024 * 1024,
      chunkBytes: options.chunkBytes ?? 256 * 1024,
    }
  }

  listen(wanted: Address, accept: Accept): Promise<Listening> {
    const port = wanted.port === 0 ? this.#nextPort++ : wanted.port
    if (this.#listeners.has(port)) {
      return Promise.reject(networkError('EADDRINUSE', `port ${port} is taken`))
    }
    const address = { host: wanted.host, port }
    this.#listeners.set(port, { address, accept })
    const close = () => {
      this.#listeners.delete(port)
      return Promise.resolve()
    }
    return Promise.resolve({ address, close })
  }

  connect(address: Address, events: SocketEvents, connected: (result: Socket | Error) => void) {
    this.#clock.endOfTurn(() => {
      const listener = this.#listeners.get(address.port)
      if (listener === undefined) {
        connected(networkError('ECONNREFUSED', `nobody listens on port ${address.port}`))
        return
      }
      const near = { host: '127.0.0.1', port: this.#nextPort++ }
      const far = { host: '127.0.0.1', port: address.port }
      const client = new MemorySocket(this.#nextId++, { local: near, remote: far }, this.#clock)
      const server = new MemorySocket(this.#nextId++, { local: far, remote: near }, this.#clock)
      client.join(server, this.#options)
      server.join(client, this.#options)
      const receiver = listener.accept(server)
      if (receiver === undefined) {
        connected(networkError('ECONNRESET', 'the connection was refused'))
        return
      }
      server.attach(receiver)
      client.attach(events)
      connected(client)
    })
  }
}

interface Sending {
  readonly parts: readonly Part[]
  readonly sent: (() => void) | undefined
}

class MemorySocket implements Socket {
  readonly id: number
  readonly local: Address
  readonly remote: Address
  unsent = 0
  readonly #clock: Clock
  #options: Required<MemoryNetworkOptions> | null = null
  #peer: MemorySocket | null = null
  #events: SocketEvents | null = null
  #queue: Sending[] = []
  #partIndex = 0
  #partFrom = 0
  /** On their way to us: pieces the peer handed over, and how many bytes they are. */
  #arriving: Buffer[] = []
  #arrivingBytes = 0
  #isPaused = false
  #isScheduled = false
  #owesDrained = false
  /** This side will send no more. */
  #isEnding = false
  /** The peer's end was told. */
  #sawEnd = false
  #isClosed = false

  constructor(id: number, ends: { local: Address; remote: Address }, clock: Clock) {
    this.id = id
    this.local = ends.local
    this.remote = ends.remote
    this.#clock = clock
  }

  join(peer: MemorySocket, options: Required<MemoryNetworkOptions>): void {
    this.#peer = peer
    this.#options = options
  }

  attach(events: SocketEvents): void {
    this.#events = events
    this.#schedule()
  }

  send(parts: readonly Part[], sent?: () => void): void {
    if (this.#isClosed || this.#isEnding) {
      sent?.()
      return
    }
    for (const part of parts) this.unsent += part.byteLength
    this.#queue.push({ parts, sent })
    this.#fillWindow()
    if (this.unsent > 0) this.#owesDrained = true
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#schedule()
  }

  end(): void {
    this.#isEnding = true
    this.#schedule()
    this.#peer!.#schedule()
  }

  destroy(): void {
    this.#fail(null)
    // What was sent before still arrives; then the peer sees the end, and nobody to write to.
    this.#peer!.#schedule()
  }

  #fail(error: Error | null): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#arriving = []
    this.#arrivingBytes = 0
    this.unsent = 0
    const queue = this.#queue
    this.#queue = []
    for (const { sent } of queue) sent?.()
    this.#clock.endOfTurn(() => this.#events?.closed(error))
  }

  /** Hands over to the peer's side of the wire as much as its window takes. */
  #fillWindow(): void {
    const peer = this.#peer!
    if (peer.#isClosed) {
      this.#fail(networkError('EPIPE', 'the peer has closed the connection'))
      return
    }
    while (this.#queue.length > 0) {
      const { parts, sent } = this.#queue[0]!
      while (this.#partIndex < parts.length) {
        const room = this.#options!.windowBytes - peer.#arrivingBytes
        const part = parts[this.#partIndex]!
        const length = Math.min(room, part.byteLength - this.#partFrom)
        if (length <= 0 && part.byteLength > 0) return
        if (!this.#handOver(part, length)) return
        if (this.#partFrom < part.byteLength) continue
        this.#partIndex++
        this.#partFrom = 0
      }
      this.#queue.shift()
      this.#partIndex = 0
      sent?.()
    }
  }

  #handOver(part: Part, length: number): boolean {
    if (length === 0) return true
    let piece: Buffer
    if (part instanceof Uint8Array) {
      piece = Buffer.from(part.subarray(this.#partFrom, this.#partFrom + length))
    } else {
      piece = Buffer.allocUnsafe(length)
      const failure = readPiece(part as ReadableRegion, piece, this.#partFrom)
      if (failure !== null) {
        this.#fail(failure)
        this.#peer!.#schedule()
        return false
      }
    }
    this.#partFrom += piece.length
    this.unsent -= piece.length
    const peer = this.#peer!
    peer.#arriving.push(piece)
    peer.#arrivingBytes += piece.length
    peer.#schedule()
    return true
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isClosed || this.#events === null) return
    this.#isScheduled = true
    this.#clock.endOfTurn(() => {
      this.#isScheduled = false
      this.#turn()
    })
  }

  #turn(): void {
    if (this.#isClosed) return
    this.#deliver()
    if (this.#isClosed) return
    const peer = this.#peer!
    if (this.#arrivingBytes === 0 && !this.#sawEnd && !this.#isPaused) {
      if (peer.#isClosed || (peer.#isEnding && peer.unsent === 0)) this.#seeEnd()
    }
    if (this.#isClosed) return
    if (this.#owesDrained && this.unsent === 0) {
      this.#owesDrained = false
      this.#events!.drained()
    }
    if (this.#isEnding && this.unsent === 0) this.destroy()
  }

  /** One chunk per turn, as an event loop reads a socket. */
  #deliver(): void {
    if (this.#isPaused || this.#arrivingBytes === 0) return
    const all = this.#arriving.length === 1 ? this.#arriving[0]! : Buffer.concat(this.#arriving)
    const chunk = all.subarray(0, this.#options!.chunkBytes)
    const rest = all.subarray(chunk.length)
    this.#arriving = rest.length === 0 ? [] : [rest]
    this.#arrivingBytes = rest.length
    this.#events!.bytes(chunk)
    // Whoever kept a view of a borrowed chunk shall notice.
    chunk.fill(0xdd)
    const peer = this.#peer!
    if (!peer.#isClosed && peer.unsent > 0) peer.#fillWindow()
    if (peer.unsent === 0) peer.#schedule()
    this.#schedule()
  }

  #seeEnd(): void {
    this.#sawEnd = true
    const events = this.#events!
    if (events.ended === undefined) this.end()
    else events.ended()
  }
}

function readPiece(region: ReadableRegion, piece: Buffer, from: number): Error | null {
  try {
    region.readInto(piece, 0, from, piece.length)
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function networkError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
