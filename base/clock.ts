// Seam 3 of 4: time, and the end of an event-loop turn. Everything that waits or asks the time
// takes a Clock, so that a seeded simulation decides what happens when. This file owns Date,
// performance and the timers of the process; nothing else may name them.

export interface Alarm {
  /** Idempotent; after it the callback is never run. */
  cancel(): void
}

export interface Clock {
  /** Wall time in milliseconds since the epoch: record timestamps, file names, log lines. */
  now(): number
  /** Milliseconds from an arbitrary start, never going back: sessions, waits, measured times. */
  monotonic(): number
  /** Runs `run` once, when monotonic() has reached `deadline` (milliseconds). */
  at(deadline: number, run: () => void): Alarm
  /** Runs `run` once after the current turn's input was handled; in the order of the calls. */
  endOfTurn(run: () => void): void
}

/** The process's own clock. Alarms do not keep the process alive. */
export function systemClock(): Clock {
  const origin = performance.timeOrigin
  let turn: (() => void)[] = []
  let running: (() => void)[] = []
  function drain(): void {
    const due = turn
    turn = running
    running = due
    let next = 0
    try {
      while (next < due.length) due[next++]!()
    } finally {
      // One that throws does not cost the others their turn.
      const left = due.splice(next)
      due.length = 0
      if (left.length > 0) {
        if (turn.length === 0) setImmediate(drain)
        turn.unshift(...left)
      }
    }
  }
  return {
    now: () => Math.floor(origin + performance.now()),
    monotonic: () => performance.now(),
    at(deadline, run) {
      const delay = Math.min(Math.max(0, Math.ceil(deadline - performance.now())), 2 ** 31 - 1)
      const timer = setTimeout(run, delay)
      timer.unref()
      return { cancel: () => clearTimeout(timer) }
    },
    endOfTurn(run) {
      if (turn.length === 0) setImmediate(drain)
      turn.push(run)
    },
  }
}

/** The text of a wall time, ISO 8601 in UTC with milliseconds. */
export function isoTime(time: number): string {
  return new Date(time).toISOString()
}
