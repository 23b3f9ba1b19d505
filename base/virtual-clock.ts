// The deterministic twin of the system clock: time moves only when a test or a simulation says so.
// Alarms fire in the order of their deadlines, equal ones in the order in which they were set.
import { assert } from './assert.ts'
import type { Alarm, Clock } from './clock.ts'

/** More turns than this without rest means that two parties wake each other for ever. */
const MAX_TURNS = 100_000

interface Pending {
  readonly deadline: number
  readonly order: number
  readonly run: () => void
}

export class VirtualClock implements Clock {
  readonly #epoch: number
  #elapsed = 0
  #order = 0
  #alarms: Pending[] = []
  #turn: (() => void)[] = []

  /** `epoch` is the wall time at the start, in milliseconds. */
  constructor(epoch = 1_700_000_000_000) {
    this.#epoch = epoch
  }

  now(): number {
    return Math.floor(this.#epoch + this.#elapsed)
  }

  monotonic(): number {
    return this.#elapsed
  }

  at(deadline: number, run: () => void): Alarm {
    const pending: Pending = { deadline, order: this.#order++, run }
    let index = this.#alarms.length
    while (index > 0 && this.#alarms[index - 1]!.deadline > deadline) index--
    this.#alarms.splice(index, 0, pending)
    return {
      cancel: () => {
        const found = this.#alarms.indexOf(pending)
        if (found >= 0) this.#alarms.splice(found, 1)
      },
    }
  }

  endOfTurn(run: () => void): void {
    this.#turn.push(run)
  }

  /** Ends one turn: runs what waits for it, not what those ask for. True when there was
   * something. */
  runTurn(): boolean {
    const due = this.#turn
    this.#turn = []
    for (const run of due) run()
    return due.length > 0
  }

  /** Ends turns until nobody waits for one. */
  settle(): void {
    for (let turns = 0; this.runTurn(); turns++) {
      assert(turns < MAX_TURNS, 'the turns of the virtual clock never come to rest')
    }
  }

  /** The deadline of the next alarm (monotonic milliseconds), if there is one. */
  nextAlarm(): number | undefined {
    return this.#alarms[0]?.deadline
  }

  /** Moves time on by `ms`; every alarm on the way fires at its own time, turns settle between. */
  advance(ms: number): void {
    const target = this.#elapsed + ms
    this.settle()
    for (;;) {
      const next = this.#alarms[0]
      if (next === undefined || next.deadline > target) break
      this.#alarms.shift()
      this.#elapsed = Math.max(this.#elapsed, next.deadline)
      next.run()
      this.settle()
    }
    this.#elapsed = target
  }
}
