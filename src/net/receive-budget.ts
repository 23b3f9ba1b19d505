// How many received bytes all connections together may hold before their requests could start.
// Over the limit, connections with much unfinished work stop reading until there is room; one of
// them goes on, so that something always finishes. It counts bytes received, never announced.
import type { Deadline, Deadlines } from '../../base/deadlines.ts'
import type { Clock } from '../../base/clock.ts'

/** A connection holding less than this is never stopped: small requests always get through. */
const SMALL_BYTES = 64 * 1024

export interface Holder {
  /** Ask again whether to read. */
  mayReadAgain(): void
  /** It was the one allowed to go on, and did not finish in time. */
  tooSlow(): void
}

export interface ReceiveBudgetLimits {
  readonly maxBytes: number
  /** How long the connection that goes on may take, milliseconds. */
  readonly patienceMs: number
}

export class ReceiveBudget {
  readonly #clock: Clock
  readonly #deadlines: Deadlines
  readonly #limits: ReceiveBudgetLimits
  readonly #waiting = new Set<Holder>()
  #bytes = 0
  #favoured: Holder | null = null
  #patience: Deadline | null = null

  constructor(clock: Clock, deadlines: Deadlines, limits: ReceiveBudgetLimits) {
    this.#clock = clock
    this.#deadlines = deadlines
    this.#limits = limits
  }

  /** `holder` held `before` bytes and holds `after` now. */
  changed(holder: Holder, before: number, after: number): void {
    const wasOver = this.isOver()
    this.#bytes += after - before
    const finished = after < before && holder === this.#favoured
    if (finished) this.#unfavour()
    if (after === 0) this.#waiting.delete(holder)
    if (finished || (wasOver && !this.isOver())) this.#wakeAll()
  }

  /** Whether a connection that holds `held` bytes may read more; otherwise it is told later. */
  mayRead(holder: Holder, held: number): boolean {
    if (!this.isOver() || held < SMALL_BYTES || holder === this.#favoured) return true
    if (this.#favoured === null) {
      this.#favoured = holder
      this.#waiting.delete(holder)
      const until = this.#clock.monotonic() + this.#limits.patienceMs
      this.#patience = this.#deadlines.set(until, () => holder.tooSlow())
      return true
    }
    this.#waiting.add(holder)
    return false
  }

  /** More is held than allowed: what only waits for its turn stops being read. */
  isOver(): boolean {
    return this.#bytes > this.#limits.maxBytes
  }

  /** Bytes held by all connections. */
  bytes(): number {
    return this.#bytes
  }

  #unfavour(): void {
    if (this.#patience !== null) this.#deadlines.cancel(this.#patience)
    this.#patience = null
    this.#favoured = null
  }

  #wakeAll(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    if (!this.isOver()) this.#unfavour()
    for (const holder of waiting) holder.mayReadAgain()
  }
}
