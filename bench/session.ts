// One run of the bench: the servers that stay up, the code paths that are warm already, and each
// workload's outcome in the form in which it is stored.
import { formOf, runWorkload } from './method/run.ts'
import { stealReading } from './method/usage.ts'
import type { StoredPeer, StoredWorkload } from './results.ts'
import { Fleet, type Environment } from './servers/fleet.ts'
import type { Measurement, PeerName, Workload } from './workload.ts'

export interface SessionOptions {
  readonly isFull: boolean
  readonly rounds?: number | undefined
  readonly peers: readonly PeerName[]
  /** Of Samsa's processes: where a fault is planted. */
  readonly environment: Environment
  readonly print: (line: string) => void
}

export class Session {
  readonly #options: SessionOptions
  readonly #fleet: Fleet
  readonly #warmPaths = new Set<string>()

  constructor(options: SessionOptions) {
    this.#options = options
    this.#fleet = new Fleet(options.environment)
  }

  async run(workload: Workload): Promise<StoredWorkload> {
    const { isFull, rounds, environment, peers, print } = this.#options
    const from = performance.now()
    const measured = await runWorkload(workload, {
      isFull,
      rounds,
      peers,
      print,
      fleet: this.#fleet,
      samsaEnvironment: environment,
      warmPaths: this.#warmPaths,
      steal: stealReading,
    })
    const form = formOf(workload, { isFull, rounds })
    const stored: Partial<Record<PeerName, StoredPeer>> = {}
    for (const [peer, { runs, discarded }] of Object.entries(measured)) {
      stored[peer as PeerName] = { runs: runs.map(store), discarded }
    }
    return {
      name: workload.name,
      answers: workload.answers,
      size: form.size,
      rows: workload.rows,
      ...(workload.note === undefined ? {} : { note: workload.note }),
      seconds: (performance.now() - from) / 1000,
      peers: stored,
    }
  }

  async end(): Promise<void> {
    await this.#fleet.endAll()
  }
}

function store({ figures, curves, steal }: Measurement): StoredPeer['runs'][number] {
  const rounded = Object.fromEntries(
    Object.entries(figures)
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => [name, Number(value.toPrecision(6))]),
  )
  return {
    figures: rounded,
    ...(curves === undefined ? {} : { curves }),
    steal: Number(steal.toFixed(4)),
  }
}
