// A whole broker on memory seams: time moves when a test says so, files are in memory and may fail
// or lose power, connections never leave the process.
import { expect } from 'vitest'
import { seededRandom } from '../../base/random.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { type RunningBroker, startBrokerOn } from '../../src/broker.ts'
import { loadConfig } from '../../src/config/load.ts'
import { memoryNetwork } from '../../src/net/memory-network.ts'
import type { Network } from '../../src/net/network.ts'
import { createLogger } from '../../src/telemetry/log.ts'
import { FaultyFileSystem } from '../../storage/fs/faulty-fs.ts'
import { MemoryFileSystem, type Survival } from '../../storage/fs/memory-fs.ts'
import { RawLink } from './raw-link.ts'

export const DATA = '/data'

export interface BenchOptions {
  /** key=value settings, over small defaults. */
  readonly set?: readonly string[]
  readonly seed?: number
}

const SMALL = [
  `log.dirs=${DATA}`,
  'offsets.topic.num.partitions=3',
  'num.partitions=2',
  'log.index.size.max.bytes=4096',
]

export class BrokerBench {
  /** Of the running process: a restart gets a new one, on which wall time goes on. */
  clock = new VirtualClock()
  readonly memory: MemoryFileSystem
  /** Between the broker and `memory`; decides nothing until told to. */
  files: FaultyFileSystem
  /** Lines of the log, without the time. */
  readonly lines: string[] = []
  /** What `failed` was called with. */
  readonly failures: unknown[] = []
  network: Network
  readonly #options: BenchOptions
  #broker: RunningBroker | undefined
  #starts = 0

  private constructor(options: BenchOptions) {
    this.#options = options
    this.memory = new MemoryFileSystem({
      defer: (run) => this.clock.endOfTurn(run),
      now: () => this.clock.now(),
      crashable: true,
    })
    this.files = new FaultyFileSystem(this.memory)
    this.network = memoryNetwork(this.clock)
  }

  static async start(options: BenchOptions = {}): Promise<BrokerBench> {
    const bench = new BrokerBench(options)
    await bench.start()
    return bench
  }

  /** Starts the broker on what the files hold. */
  async start(): Promise<void> {
    const { seed = 1, set = [] } = this.#options
    const seams = {
      clock: this.clock,
      random: seededRandom(seed + 1000 * this.#starts++),
      fs: this.files,
      network: this.network,
    }
    const config = loadConfig({ set: [...SMALL, ...set], port: 9092 })
    const log = createLogger({
      level: 'info',
      format: 'text',
      clock: this.clock,
      write: (line) => this.lines.push(line.slice('00:00:00.000 '.length).trimEnd()),
    })
    const failed = (error: unknown): void => void this.failures.push(error)
    this.#broker = await this.settled(startBrokerOn(seams, { config, log, failed }))
  }

  broker(): RunningBroker {
    if (this.#broker === undefined) throw new Error('the broker is not running')
    return this.#broker
  }

  async stop(): Promise<void> {
    await this.settled(this.broker().stop())
    this.#broker = undefined
  }

  /** kill -9, or a power loss: nothing of the process goes on. */
  crash(survives: (path: string) => Survival = () => 'written'): void {
    this.memory.crash(survives)
    this.clock = new VirtualClock(this.clock.now() + 1)
    this.files = new FaultyFileSystem(this.memory)
    this.network = memoryNetwork(this.clock)
    this.#broker = undefined
  }

  link(options: { clientId?: string | null } = {}): RawLink {
    return new RawLink(this.clock, this.network, options)
  }

  settle(): void {
    this.clock.settle()
  }

  advance(ms: number): void {
    this.clock.advance(ms)
  }

  /** Lets turns and promises run until `promise` settles; time does not move. */
  async settled<Value>(promise: Promise<Value>): Promise<Value> {
    const state = { done: false }
    const finish = (): void => {
      state.done = true
    }
    promise.then(finish, finish)
    for (let turns = 0; !state.done; turns++) {
      expect(turns).toBeLessThan(100_000)
      this.clock.runTurn()
      await Promise.resolve()
    }
    return promise
  }
}
