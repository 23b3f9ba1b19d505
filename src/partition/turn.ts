// The end of an event-loop turn, in its one order (architecture, section 3): one write per dirty
// partition, high watermarks, machines, waiters, and last the replies. Whoever has something to do
// then says so; the turn runs once, and again in the next turn if it caused more work. What one of
// them throws is told and stops none of the others: their answers are owed.
import type { Clock } from '../../base/clock.ts'
import type { Partition } from './partition.ts'

export class Turn {
  readonly #clock: Clock
  readonly #unexpected: (error: unknown) => void
  readonly #lastSteps: (() => void)[] = []
  #dirty = new Set<Partition>()
  #afterWrites: (() => void)[] = []
  #scheduled = false

  constructor(clock: Clock, unexpected: (error: unknown) => void) {
    this.#clock = clock
    this.#unexpected = unexpected
  }

  /** Adds a step to the end of every turn: machines first, the reply flush last. */
  addStep(step: () => void): void {
    this.#lastSteps.push(step)
  }

  /** `partition` took an append: it is written, and those who wait for that are told. */
  dirty(partition: Partition): void {
    this.#dirty.add(partition)
    this.schedule()
  }

  /** Runs `waiter` after this turn's writes, before the replies leave. */
  afterWrites(waiter: () => void): void {
    this.#afterWrites.push(waiter)
    this.schedule()
  }

  /** Makes sure that a turn's end comes, for replies and machines that have something to flush. */
  schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#clock.endOfTurn(() => this.run())
  }

  run(): void {
    this.#scheduled = false
    const dirty = this.#dirty
    this.#dirty = new Set()
    for (const partition of dirty) {
      try {
        partition.log.flushWrites()
      } catch (error) {
        partition.fence()
        this.#unexpected(error)
      }
    }
    for (const partition of dirty) this.#run(() => partition.settle())
    const waiters = this.#afterWrites
    this.#afterWrites = []
    for (const waiter of waiters) this.#run(waiter)
    for (const step of this.#lastSteps) this.#run(step)
  }

  #run(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#unexpected(error)
    }
  }
}
