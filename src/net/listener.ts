// Accepts connections on one named listener and keeps those that live. Bound before the broker is
// ready (so that port 0 is known), it reads nothing until open(). It does not know what is served.
import type { Alarm } from '../../base/clock.ts'
import { Connection } from './connection.ts'
import type { ConnectionContext } from './connection.ts'
import type { Address, Listening, Network, Socket, SocketEvents } from './network.ts'

/** How long close() waits for peers to take their last replies before it cuts them off. */
const CLOSE_GRACE_MS = 2000

/** Counts connections of all listeners of a broker against max.connections and its like. */
export class ConnectionCount {
  readonly #maxConnections: number
  readonly #maxPerHost: (host: string) => number
  readonly #byHost = new Map<string, number>()
  #total = 0

  /** `maxPerHost` answers max.connections.per.ip and its overrides. */
  constructor(maxConnections: number, maxPerHost: (host: string) => number) {
    this.#maxConnections = maxConnections
    this.#maxPerHost = maxPerHost
  }

  /** Takes a place; a string is the reason why there is none. */
  enter(host: string): string | undefined {
    const count = this.#byHost.get(host) ?? 0
    if (this.#total >= this.#maxConnections) return `max.connections is ${this.#maxConnections}`
    const allowed = this.#maxPerHost(host)
    if (count >= allowed) return `max.connections.per.ip is ${allowed} for ${host}`
    this.#byHost.set(host, count + 1)
    this.#total++
    return undefined
  }

  leave(host: string): void {
    const count = this.#byHost.get(host) ?? 0
    if (count > 1) this.#byHost.set(host, count - 1)
    else this.#byHost.delete(host)
    this.#total--
  }

  total(): number {
    return this.#total
  }
}

export interface ListenerOptions {
  /** As in `listeners`: PLAINTEXT, CONTROLLER, ... */
  readonly name: string
  readonly address: Address
  readonly network: Network
  readonly count: ConnectionCount
  readonly context: ConnectionContext
  /** Told of every connection that has closed. */
  readonly closed?: (connection: Connection) => void
}

type State = 'bound' | 'open' | 'closing' | 'closed'

export class Listener {
  readonly name: string
  readonly connections = new Set<Connection>()
  readonly #options: ListenerOptions
  #state: State = 'bound'
  #listening: Listening | null = null
  #emptied: (() => void) | null = null

  private constructor(options: ListenerOptions) {
    this.name = options.name
    this.#options = options
  }

  /** Binds; rejects with Node's own `code` (EADDRINUSE, EACCES, EADDRNOTAVAIL, ...). */
  static async bind(options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(options)
    listener.#listening = await options.network.listen(options.address, (socket) =>
      listener.#accept(socket),
    )
    return listener
  }

  /** Where it really listens: the host as configured, the port as bound. */
  address(): Address {
    return this.#listening!.address
  }

  /** Begins to serve; peers that connected before are read now. */
  open(): void {
    if (this.#state !== 'bound') return
    this.#state = 'open'
    for (const connection of this.connections) connection.socket.resume()
  }

  /** Accepts no more, lets started requests be answered, then closes. The caller answers what it
   * has parked before or after the call; who takes too long is cut off. */
  async close(): Promise<void> {
    if (this.#state === 'closing' || this.#state === 'closed') return
    this.#state = 'closing'
    const closed = this.#listening!.close()
    for (const connection of this.connections) connection.stop()
    await this.#whenEmpty()
    await closed
    this.#state = 'closed'
  }

  #whenEmpty(): Promise<void> {
    if (this.connections.size === 0) return Promise.resolve()
    const { clock } = this.#options.context
    return new Promise((resolve) => {
      const grace: Alarm = clock.at(clock.monotonic() + CLOSE_GRACE_MS, () => {
        for (const connection of this.connections) connection.socket.destroy()
      })
      this.#emptied = () => {
        grace.cancel()
        resolve()
      }
    })
  }

  #accept(socket: Socket): SocketEvents | undefined {
    const { count, context, name } = this.#options
    if (this.#state === 'closing' || this.#state === 'closed') return undefined
    const host = socket.remote.host
    const refusal = count.enter(host)
    if (refusal !== undefined) {
      context.log.line('warn', host, `connection from ${host} on ${name} refused: ${refusal}`)
      return undefined
    }
    const connection = new Connection(socket, name, context)
    this.connections.add(connection)
    connection.whenClosed(() => {
      count.leave(host)
      this.connections.delete(connection)
      this.#options.closed?.(connection)
      if (this.connections.size === 0) this.#emptied?.()
    })
    if (this.#state === 'bound') socket.pause()
    return connection
  }
}
