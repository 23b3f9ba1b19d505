// The real network: the owner of node:net for brokers and clients. It accepts, connects and hands
// out TcpSockets; it knows nothing of frames.
import { createConnection, createServer } from 'node:net'
import type { Server, Socket as NodeSocket } from 'node:net'
import { BufferPool } from './buffer-pool.ts'
import type { Address, Listening, Network, Socket, SocketEvents } from './network.ts'
import { moveToScratch, SCRATCH_BYTES } from './scratch-socket.ts'
import { TcpSocket } from './tcp-socket.ts'

type Accept = (socket: Socket) => SocketEvents | undefined

export interface TcpNetworkOptions {
  /** How accepted sockets are read: into the shared scratch (default) or by 'data' events. */
  readonly reading?: 'scratch' | 'data'
  /** Where buffers of outgoing bytes come from. */
  readonly pool?: BufferPool
}

export function tcpNetwork(options: TcpNetworkOptions = {}): Network {
  return new TcpNetwork(options)
}

/** With port 0 the other loopback family may find the port taken: then another one is tried. */
const PORT_ATTEMPTS = 10

class TcpNetwork implements Network {
  readonly #reading: 'scratch' | 'data'
  readonly #pool: BufferPool
  #scratch: Buffer | null = null
  #nextId = 1

  constructor(options: TcpNetworkOptions) {
    this.#reading = options.reading ?? 'scratch'
    this.#pool = options.pool ?? new BufferPool()
  }

  async listen(address: Address, accept: Accept): Promise<Listening> {
    const hosts = address.host === 'localhost' ? ['127.0.0.1', '::1'] : [address.host]
    for (let attempt = 1; ; attempt++) {
      const first = await this.#listenOn(hosts[0]!, address.port, accept)
      const port = portOf(first)
      const servers = [first]
      try {
        for (const host of hosts.slice(1)) servers.push(await this.#listenOn(host, port, accept))
      } catch (error) {
        if (!isFamilyMissing(error)) {
          await closeAll(servers)
          const isChance = address.port === 0 && attempt < PORT_ATTEMPTS
          if (!isChance) throw error
          continue
        }
      }
      return { address: { host: address.host, port }, close: () => closeAll(servers) }
    }
  }

  connect(address: Address, events: SocketEvents, connected: (result: Socket | Error) => void) {
    const scratch = this.#scratchBuffer()
    let socket: TcpSocket | null = null
    const raw = createConnection({
      host: address.host,
      port: address.port,
      noDelay: true,
      allowHalfOpen: true,
      onread: {
        buffer: scratch,
        callback: (length) => {
          socket!.receive(scratch.subarray(0, length))
          return true
        },
      },
    })
    const failed = (error: Error) => connected(error)
    raw.once('error', failed)
    raw.once('connect', () => {
      raw.off('error', failed)
      socket = new TcpSocket(this.#nextId++, raw, this.#pool)
      socket.attach(events)
      connected(socket)
    })
  }

  #listenOn(host: string, port: number, accept: Accept): Promise<Server> {
    const server = createServer({ pauseOnConnect: true, noDelay: true, allowHalfOpen: true })
    server.on('connection', (accepted) => this.#accepted(accepted, accept))
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, ...(host === '' ? {} : { host }) }, () => {
        server.off('error', reject)
        // What fails later is one accept (too many open files); the listener goes on.
        server.on('error', () => undefined)
        resolve(server)
      })
    })
  }

  #accepted(accepted: NodeSocket, accept: Accept): void {
    const scratch = this.#scratchBuffer()
    let socket: TcpSocket | null = null
    const onBytes = (length: number) => socket!.receive(scratch.subarray(0, length))
    const moved =
      this.#reading === 'scratch' ? moveToScratch(accepted, { scratch, onBytes }) : undefined
    const raw = moved ?? accepted
    socket = new TcpSocket(this.#nextId++, raw, this.#pool)
    const events = accept(socket)
    if (events === undefined) {
      raw.on('error', () => undefined)
      raw.destroy()
      return
    }
    const receiver = socket
    receiver.attach(events)
    if (moved === undefined) raw.on('data', (chunk) => receiver.receive(chunk))
    receiver.begin()
  }

  #scratchBuffer(): Buffer {
    this.#scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES)
    return this.#scratch
  }
}

function portOf(server: Server): number {
  const bound = server.address()
  return bound !== null && typeof bound === 'object' ? bound.port : 0
}

function isFamilyMissing(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'EINVAL'
}

/** The ports are free when it returns; the servers' own 'close' would wait for their sockets. */
function closeAll(servers: readonly Server[]): Promise<void> {
  for (const server of servers) server.close()
  return Promise.resolve()
}
