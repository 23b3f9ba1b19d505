// Syncs of one log in the background: one in flight, whoever asks meanwhile shares the next. Owns
// who waits for what; the log says what there is to sync and learns up to where it was.
import type { Clock } from '../base/clock.ts'
import type { LogFailure } from './log-failure.ts'
import type { Segment } from './segment.ts'

export interface SyncedLog {
  readonly clock: Clock
  /** Writes what is pending. */
  prepare(): LogFailure | undefined
  isOpen(): boolean
  failure(): LogFailure | undefined
  /** The written end. */
  end(): number
  unsynced(): Segment[]
  syncNames(): void
  synced(target: number): void
  fail(cause: unknown): LogFailure
}

type Waiter = (failure: LogFailure | undefined) => void

export class BackgroundSync {
  readonly #log: SyncedLog
  #waiters: Waiter[] = []
  #inFlight = false
  #cuts = 0

  constructor(log: SyncedLog) {
    this.#log = log
  }

  /** `done` is called later, once, with what is written now on disk or with why it is not. */
  request(done: Waiter): void {
    this.#waiters.push(done)
    if (!this.#inFlight) this.#start()
  }

  /** The log was cut: a sync in flight says nothing about its end any more. */
  invalidate(): void {
    this.#cuts++
  }

  #start(): void {
    const log = this.#log
    const waiters = this.#waiters
    this.#waiters = []
    this.#inFlight = true
    const failure = log.prepare()
    const target = log.end()
    const cuts = this.#cuts
    const segments = failure === undefined && log.isOpen() ? log.unsynced() : []
    const step = (error: Error | null): void => {
      let segment = segments.shift()
      while (segment?.closed === true) segment = segments.shift()
      if (error !== null || !log.isOpen()) segment = undefined
      if (segment === undefined) {
        this.#finish(waiters, failure ?? this.#conclude(error, cuts, target))
      } else {
        segment.syncLater(step)
      }
    }
    if (segments.length > 0) step(null)
    else log.clock.endOfTurn(() => step(null))
  }

  #conclude(error: Error | null, cuts: number, target: number): LogFailure | undefined {
    const log = this.#log
    if (error !== null) return log.fail(error)
    if (!log.isOpen()) return log.failure()
    try {
      log.syncNames()
    } catch (cause) {
      return log.fail(cause)
    }
    if (cuts === this.#cuts) log.synced(target)
    return undefined
  }

  #finish(waiters: readonly Waiter[], failure: LogFailure | undefined): void {
    this.#inFlight = false
    for (const done of waiters) done(failure)
    if (this.#waiters.length > 0 && !this.#inFlight) this.#start()
  }
}
