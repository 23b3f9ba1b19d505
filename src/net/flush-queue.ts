// The connections that have something to send or to start at the end of this turn. The broker
// decides when: flush() comes last, after log writes, high watermarks, machines and waiters, so
// that one write carries every reply of the turn (performance D11).

export interface Flushable {
  flush(): void
}

export class FlushQueue {
  #waiting: Flushable[] = []
  #flushing: Flushable[] = []
  readonly #wake: () => void

  /** `wake` asks for a turn; called when the first one enlists. */
  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** Whoever enlists twice is flushed twice; callers remember that they did. */
  enlist(flushable: Flushable): void {
    this.#waiting.push(flushable)
    if (this.#waiting.length === 1) this.#wake()
  }

  /** Flushes who waits; those who enlist meanwhile wait for the next call. */
  flush(): void {
    const due = this.#waiting
    this.#waiting = this.#flushing
    this.#flushing = due
    for (const flushable of due) flushable.flush()
    due.length = 0
  }
}
