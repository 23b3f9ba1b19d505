// What partitions need from time to time: their offset checkpoints are written, and producers that
// went away are forgotten, or a partition would remember everyone who ever wrote to it. Goes
// through all partitions in slices, so that no turn gets long. Deletes no record.
import type { Clock } from '../../base/clock.ts'
import type { Deadline, Deadlines } from '../../base/deadlines.ts'
import type { Partition } from './partition.ts'
import type { Partitions } from './partitions.ts'

export interface UpkeepOptions {
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly partitions: Partitions
  /** producer.id.expiration.check.interval.ms */
  readonly expirationCheckMs: number
}

/** Apache Kafka's log.flush.offset.checkpoint.interval.ms is a minute; after kill -9 a start reads
 * what is behind the last checkpoint. */
const CHECKPOINT_MS = 5000
const PARTITIONS_PER_TURN = 100

export class Upkeep {
  readonly #options: UpkeepOptions
  /** By what comes next. */
  readonly #armed = new Map<string, Deadline>()
  #state: 'running' | 'stopped' = 'running'

  constructor(options: UpkeepOptions) {
    this.#options = options
    const { partitions, expirationCheckMs } = options
    this.#repeat('checkpoint', CHECKPOINT_MS, () => partitions.checkpoint())
    this.#repeat('expiration', expirationCheckMs, () => this.#expire([...partitions.all()]))
  }

  stop(): void {
    this.#state = 'stopped'
    for (const deadline of this.#armed.values()) this.#options.deadlines.cancel(deadline)
  }

  #repeat(what: string, everyMs: number, run: () => void): void {
    const { clock, deadlines } = this.#options
    const next = deadlines.set(clock.monotonic() + everyMs, () => {
      // First: a round that fails is not the last one.
      this.#repeat(what, everyMs, run)
      run()
    })
    this.#armed.set(what, next)
  }

  #expire(left: Partition[]): void {
    if (this.#state === 'stopped') return
    for (const { log } of left.splice(0, PARTITIONS_PER_TURN)) {
      if (log.state === 'open') log.expireProducers()
    }
    if (left.length > 0) this.#options.clock.endOfTurn(() => this.#expire(left))
  }
}
