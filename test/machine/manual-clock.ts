// Time that moves only when a test says so.
import type { Alarm, Clock } from '../../base/clock.ts'

export class ManualClock implements Clock {
  #now = 1_700_000_000_000
  #monotonic = 0
  #alarms: { deadline: number; run: () => void }[] = []
  #turn: (() => void)[] = []

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#monotonic
  }

  at(deadline: number, run: () => void): Alarm {
    const alarm = { deadline, run }
    this.#alarms.push(alarm)
    return {
      cancel: () => {
        this.#alarms = this.#alarms.filter((other) => other !== alarm)
      },
    }
  }

  endOfTurn(run: () => void): void {
    this.#turn.push(run)
  }

  /** Ends the turn, and the turns that this begins. */
  settle(): void {
    for (let run = this.#turn.shift(); run !== undefined; run = this.#turn.shift()) run()
  }

  /** Time passes while nothing runs (a laptop sleeps): what was due meanwhile comes late. */
  suspend(ms: number): void {
    this.#now += ms
    this.#monotonic += ms
    this.advance(0)
  }

  advance(ms: number): void {
    const until = this.#monotonic + ms
    for (;;) {
      const due = this.#alarms
        .filter(({ deadline }) => deadline <= until)
        .sort((a, b) => a.deadline - b.deadline)[0]
      if (due === undefined) break
      this.#alarms = this.#alarms.filter((other) => other !== due)
      this.#now += Math.max(0, due.deadline - this.#monotonic)
      this.#monotonic = Math.max(this.#monotonic, due.deadline)
      due.run()
    }
    this.#now += until - this.#monotonic
    this.#monotonic = until
  }
}
