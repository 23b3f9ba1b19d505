// A served port in a virtual world: what the tests of this folder stand on.
import { Deadlines } from '../../base/deadlines.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { BufferPool } from '../../src/net/buffer-pool.ts'
import type { ConnectionContext, ConnectionLimits, OnRequest } from '../../src/net/connection.ts'
import { FlushQueue } from '../../src/net/flush-queue.ts'
import { ConnectionCount, Listener } from '../../src/net/listener.ts'
import { memoryNetwork } from '../../src/net/memory-network.ts'
import type { MemoryNetworkOptions } from '../../src/net/memory-network.ts'
import type { Network, Socket } from '../../src/net/network.ts'
import { PeerLog } from '../../src/net/peer-log.ts'
import { ReceiveBudget } from '../../src/net/receive-budget.ts'

const LIMITS: ConnectionLimits = {
  maxFrameBytes: 100 * 1024 * 1024,
  maxQueuedBytes: 1024 * 1024,
  maxUnsentBytes: 1024 * 1024,
  maxPendingRequests: 1000,
  maxIdleMs: 600_000,
}

export interface WorldOptions {
  readonly limits?: Partial<ConnectionLimits>
  readonly window?: MemoryNetworkOptions
  readonly budgetBytes?: number
  readonly maxPerHost?: number
  readonly closed?: boolean
}

/** A request frame: API key, the body; the reply of the echo is the body. */
export function request(key: number, body: string): Buffer {
  const frame = Buffer.alloc(6 + Buffer.byteLength(body, 'latin1'))
  frame.writeInt32BE(frame.length - 4)
  frame.writeInt16BE(key, 4)
  frame.write(body, 6, 'latin1')
  return frame
}

/** A reply frame: a length prefix and the body. */
export function reply(body: string): Buffer {
  const frame = Buffer.alloc(4 + Buffer.byteLength(body, 'latin1'))
  frame.writeInt32BE(frame.length - 4)
  frame.write(body, 4, 'latin1')
  return frame
}

/** The bodies of the frames in `bytes`; the last one may be cut. */
export function bodies(bytes: Buffer): string[] {
  const found: string[] = []
  for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readInt32BE(at)) {
    found.push(bytes.toString('latin1', at + 4, at + 4 + bytes.readInt32BE(at)))
  }
  return found
}

export class World {
  readonly clock = new VirtualClock()
  readonly deadlines = new Deadlines(this.clock)
  readonly pool = new BufferPool()
  readonly network: Network
  readonly lines: string[] = []
  readonly budget: ReceiveBudget
  readonly context: ConnectionContext
  listener: Listener | null = null

  constructor(options: WorldOptions, onRequest: OnRequest) {
    this.network = memoryNetwork(this.clock, options.window)
    this.budget = new ReceiveBudget(this.clock, this.deadlines, {
      maxBytes: options.budgetBytes ?? 64 * 1024 * 1024,
      patienceMs: 30_000,
    })
    const flushQueue: FlushQueue = new FlushQueue(() => {
      this.clock.endOfTurn(() => flushQueue.flush())
    })
    this.context = {
      clock: this.clock,
      deadlines: this.deadlines,
      pool: this.pool,
      flushQueue,
      budget: this.budget,
      log: new PeerLog(this.clock, (_level, line) => this.lines.push(line)),
      limits: { ...LIMITS, ...options.limits },
      onRequest,
    }
  }

  static async start(options: WorldOptions, onRequest: OnRequest): Promise<World> {
    const world = new World(options, onRequest)
    world.listener = await Listener.bind({
      name: 'PLAINTEXT',
      address: { host: 'localhost', port: 0 },
      network: world.network,
      count: new ConnectionCount(1000, () => options.maxPerHost ?? 1000),
      context: world.context,
    })
    if (options.closed !== true) world.listener.open()
    return world
  }

  connect(): Raw {
    const raw = new Raw(this.clock)
    this.network.connect(this.listener!.address(), raw, (result) => {
      if (result instanceof Error) raw.failure = result
      else raw.socket = result
    })
    this.clock.settle()
    return raw
  }
}

/** A client without manners: sends what it likes, remembers what it gets. */
export class Raw {
  socket: Socket | null = null
  failure: Error | null = null
  received: Buffer = Buffer.alloc(0)
  sawEnd = false
  isClosed = false
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  /** Sends in one go and lets everything settle. */
  send(...parts: Buffer[]): void {
    this.socket!.send(parts)
    this.#clock.settle()
  }

  bytes(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk])
  }

  drained(): void {}

  ended(): void {
    this.sawEnd = true
  }

  closed(): void {
    this.isClosed = true
  }

  replies(): string[] {
    return bodies(this.received)
  }
}
