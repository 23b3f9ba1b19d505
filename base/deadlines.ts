// One coarse timer wheel over the Clock for everything that waits: fetch waits, sessions, request
// timeouts, idle connections. Setting and cancelling are O(1); the clock is armed only for the
// earliest occupied slot, so a process with nothing due sleeps. It knows nothing of what waits.
//
// A deadline never fires early; it fires up to one slot late. Deadlines of one slot fire in the
// order in which they were set, slots in the order of time.
import { assert } from './assert.ts'
import type { Alarm, Clock } from './clock.ts'

const SLOT_MS = 10
/** A power of two; one revolution is about 41 s, later deadlines stay in their slot for more. */
const SLOTS = 4096
const WORDS = SLOTS / 32

/** A set deadline; give it back to cancel(). Its fields belong to the wheel. */
export class Deadline {
  run: (() => void) | null
  tick: number
  previous: Deadline | null = null
  next: Deadline | null = null

  constructor(run: (() => void) | null, tick: number) {
    this.run = run
    this.tick = tick
  }
}

export class Deadlines {
  readonly #clock: Clock
  readonly #unexpected: ((error: unknown) => void) | undefined
  readonly #origin: number
  /** Heads of circular lists, made when a slot is first used. */
  readonly #slots: (Deadline | undefined)[] = Array.from({ length: SLOTS })
  /** One bit per slot: its list is not empty. */
  readonly #occupied = new Int32Array(WORDS)
  /** Every deadline with a tick <= cursor has fired. */
  #cursor = 0
  #size = 0
  #alarm: Alarm | null = null
  #armedTick = Number.POSITIVE_INFINITY
  #firing = false

  /** `unexpected` is told what a callback threw; without it that is thrown on, once the wheel is
   * in order again. */
  constructor(clock: Clock, unexpected?: (error: unknown) => void) {
    this.#clock = clock
    this.#unexpected = unexpected
    this.#origin = clock.monotonic()
  }

  /** Runs `run` once when monotonic time has reached `at` (milliseconds). */
  set(at: number, run: () => void): Deadline {
    const wanted = Math.ceil((at - this.#origin) / SLOT_MS)
    assert(!Number.isNaN(wanted), 'a deadline needs a time')
    const tick = Math.min(Math.max(wanted, this.#cursor + 1), Number.MAX_SAFE_INTEGER)
    const deadline = new Deadline(run, tick)
    this.#link(deadline)
    if (tick < this.#armedTick && !this.#firing) this.#arm(tick)
    return deadline
  }

  /** Idempotent; after it the callback is never run. */
  cancel(deadline: Deadline): void {
    if (deadline.run === null) return
    deadline.run = null
    this.#unlink(deadline)
  }

  /** How many are set. */
  size(): number {
    return this.#size
  }

  #link(deadline: Deadline): void {
    const index = deadline.tick & (SLOTS - 1)
    let head = this.#slots[index]
    if (head === undefined) {
      head = new Deadline(null, -1)
      head.next = head
      head.previous = head
      this.#slots[index] = head
    }
    const last = head.previous!
    last.next = deadline
    deadline.previous = last
    deadline.next = head
    head.previous = deadline
    this.#occupied[index >>> 5]! |= 1 << (index & 31)
    this.#size++
  }

  #unlink(deadline: Deadline): void {
    deadline.previous!.next = deadline.next
    deadline.next!.previous = deadline.previous
    deadline.previous = null
    deadline.next = null
    this.#size--
    const index = deadline.tick & (SLOTS - 1)
    const head = this.#slots[index]!
    if (head.next === head) this.#occupied[index >>> 5]! &= ~(1 << (index & 31))
  }

  #arm(tick: number): void {
    this.#alarm?.cancel()
    this.#armedTick = tick
    this.#alarm = this.#clock.at(this.#origin + tick * SLOT_MS, () => this.#fire())
  }

  #fire(): void {
    this.#alarm = null
    this.#armedTick = Number.POSITIVE_INFINITY
    const nowTick = Math.floor((this.#clock.monotonic() - this.#origin) / SLOT_MS)
    this.#firing = true
    try {
      let tick = this.#nextOccupied()
      while (tick <= nowTick) {
        this.#cursor = tick
        this.#fireSlot(tick)
        tick = this.#nextOccupied()
      }
      this.#cursor = Math.max(this.#cursor, nowTick)
    } finally {
      this.#firing = false
      if (this.#size > 0) this.#arm(this.#nextOccupied())
    }
  }

  #fireSlot(tick: number): void {
    const head = this.#slots[tick & (SLOTS - 1)]!
    for (;;) {
      let due = head.next!
      while (due !== head && due.tick > tick) due = due.next!
      if (due === head) return
      const run = due.run!
      due.run = null
      this.#unlink(due)
      this.#run(run)
    }
  }

  #run(run: () => void): void {
    try {
      run()
    } catch (error) {
      if (this.#unexpected === undefined) throw error
      this.#unexpected(error)
    }
  }

  /** The first tick after the cursor whose slot holds something, perhaps for a later revolution. */
  #nextOccupied(): number {
    if (this.#size === 0) return Number.POSITIVE_INFINITY
    const first = this.#cursor + 1
    const start = first & (SLOTS - 1)
    for (let step = 0; step <= WORDS; step++) {
      const word = ((start >>> 5) + step) & (WORDS - 1)
      let bits = this.#occupied[word]!
      if (step === 0) bits &= -1 << (start & 31)
      if (step === WORDS) bits &= ~(-1 << (start & 31))
      if (bits === 0) continue
      const index = (word << 5) + (31 - Math.clz32(bits & -bits))
      return first + ((index - start) & (SLOTS - 1))
    }
    return Number.POSITIVE_INFINITY
  }
}
