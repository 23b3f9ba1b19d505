// Runs one machine over its own log (docs/architecture.md, decision 2): appends the records of one
// decide as one atomic batch, applies them at once, and holds every answer, a read's too, until the
// high watermark has passed everything its decide saw. When an append fails or the leader epoch
// moves, nothing that was held may leave: the host fails it and rebuilds the state from the log.
// It knows neither record formats nor what a machine does.
import { assert } from '../../base/assert.ts'
import type { Clock } from '../../base/clock.ts'
import type { Deadline, Deadlines } from '../../base/deadlines.ts'
import type { Random } from '../../base/random.ts'
import type { Effect, Machine, Surroundings } from './machine.ts'

export interface Appended {
  readonly firstOffset: number
  readonly lastOffset: number
}

export interface AppendFailure {
  readonly failure: string
}

/** The log of one machine, as its owner (raft driver, partition layer) gives it to the host. */
export interface MachineLog<RecordType> {
  /** One atomic batch; offsets are dense inside it. */
  append(records: readonly RecordType[]): Appended | AppendFailure
  /** The offset after the last committed record. */
  highWatermark(): number
  leaderEpoch(): number
  /**
   * Visits every record from the start of the log to its end, in slices, then calls `done` with the
   * end offset. May finish before it returns. What was cut off by a failure is not visited.
   */
  replay(
    visit: (record: RecordType, offset: number) => void,
    done: (endOffset: number) => void,
  ): void
}

/** Why a token gets no answer of the machine: the owner maps it to an error code. */
export type Refusal = 'loading' | 'not-leader' | 'full'

export interface HostOptions<State, Input, RecordType, Token, Reply, Image> {
  readonly machine: Machine<State, Input, RecordType, Token, Reply, Image>
  readonly log: MachineLog<RecordType>
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly random: Random
  image(): Image
  answer(token: Token, reply: Reply): void
  refuse(token: Token, why: Refusal): void
  /** The machine broke an invariant or cannot write at load: it stopped and stays stopped. */
  broken(error: unknown): void
  /** Whoever waited for an answer could not take it: the machine itself is well. */
  unexpected(error: unknown): void
  /** Tokens that wait for an answer at the same time; more are refused as 'full'. */
  readonly maxOpenRequests: number
}

interface Held<Token, Reply> {
  readonly token: Token
  readonly reply: Reply
  /** The log end that its decide saw. */
  readonly endOffset: number
}

type Fired = { readonly kind: 'timer'; readonly key: string } | { readonly kind: 'loaded' }

export class MachineHost<State, Input, RecordType, Token, Reply, Image> {
  readonly #options: HostOptions<State, Input, RecordType, Token, Reply, Image>
  #phase: 'idle' | 'loading' | 'leading' | 'broken' = 'idle'
  #state: State
  /** The offset after the last record applied. */
  #endOffset = 0
  #leaderEpoch = -1
  /** Grows with every (re)build, so that a replay or timer of an earlier one does nothing. */
  #build = 0
  /** Every token taken in and not yet answered or refused, parked ones included. */
  readonly #open = new Set<Token>()
  #held: Held<Token, Reply>[] = []
  readonly #timers = new Map<string, Deadline>()
  readonly #inbox: (Input | Fired)[] = []
  #running = false

  constructor(options: HostOptions<State, Input, RecordType, Token, Reply, Image>) {
    this.#options = options
    this.#state = options.machine.create()
  }

  /** Loads the log and starts to decide at its leader epoch. Called again, it starts over. */
  lead(): void {
    if (this.#phase === 'broken') return
    this.#phase = 'idle'
    this.#drop('not-leader')
    this.#load()
  }

  /** Stops deciding; whatever waits is refused as 'not-leader'. */
  resign(): void {
    if (this.#phase === 'broken') return
    this.#phase = 'idle'
    this.#drop('not-leader')
  }

  phase(): 'idle' | 'loading' | 'leading' | 'broken' {
    return this.#phase
  }

  /** For views and tests, which only read it. */
  state(): State {
    return this.#state
  }

  openRequests(): number {
    return this.#open.size
  }

  /** `token` is what an answer effect will name; inputs that expect no answer have none. */
  submit(input: Input, token?: Token): void {
    if (this.#phase !== 'leading') {
      if (token !== undefined) this.#refuseNew(token)
      return
    }
    if (token !== undefined) {
      if (this.#open.size >= this.#options.maxOpenRequests) {
        this.#refuse(token, 'full')
        return
      }
      assert(!this.#open.has(token), 'a token is submitted once')
      this.#open.add(token)
    }
    this.#take(input)
  }

  /** The turn says how far the log is committed: answers up to there leave, in order. */
  committed(highWatermark: number): void {
    let due = 0
    while (due < this.#held.length && this.#held[due]!.endOffset <= highWatermark) due++
    if (due === 0) return
    const leaving = this.#held.splice(0, due)
    for (const held of leaving) this.#release(held.token, held.reply)
  }

  #refuseNew(token: Token): void {
    this.#refuse(token, this.#phase === 'loading' ? 'loading' : 'not-leader')
  }

  #take(input: Input | Fired): void {
    this.#inbox.push(input)
    if (this.#running) return
    this.#running = true
    try {
      for (;;) {
        const next = this.#inbox.shift()
        if (next === undefined) return
        this.#step(next)
      }
    } catch (error) {
      this.#break(error)
    } finally {
      this.#running = false
    }
  }

  #step(input: Input | Fired): void {
    const { machine, log } = this.#options
    if (log.leaderEpoch() !== this.#leaderEpoch) {
      this.lead()
      return
    }
    const decision = machine.decide(this.#state, input, this.#around())
    if (decision.records.length > 0 && !this.#append(decision.records)) {
      const atLoad = typeof input === 'object' && input !== null && isLoaded(input)
      // A machine that cannot write at load would rebuild for ever.
      if (atLoad) this.#break(new Error(`${machine.name}: the log refuses records at load`))
      else this.lead()
      return
    }
    for (const effect of decision.effects) this.#carryOut(effect)
  }

  #append(records: readonly RecordType[]): boolean {
    const appended = this.#options.log.append(records)
    if ('failure' in appended) return false
    const { firstOffset, lastOffset } = appended
    assert(lastOffset - firstOffset === records.length - 1, 'one batch has dense offsets')
    assert(firstOffset >= this.#endOffset, 'offsets grow')
    for (let i = 0; i < records.length; i++) {
      this.#options.machine.apply(this.#state, records[i]!, firstOffset + i)
    }
    this.#endOffset = lastOffset + 1
    return true
  }

  #carryOut(effect: Effect<Token, Reply>): void {
    switch (effect.kind) {
      case 'answer': {
        const highWatermark = this.#options.log.highWatermark()
        this.committed(highWatermark)
        if (highWatermark >= this.#endOffset) this.#release(effect.token, effect.reply)
        else {
          const { token, reply } = effect
          this.#held.push({ token, reply, endOffset: this.#endOffset })
        }
        return
      }
      case 'timer':
        this.#arm(effect.key, effect.at)
        return
      case 'cancel':
        this.#disarm(effect.key)
    }
  }

  #arm(key: string, at: number): void {
    this.#disarm(key)
    const timer = this.#options.deadlines.set(at, () => {
      this.#timers.delete(key)
      this.#take({ kind: 'timer', key })
    })
    this.#timers.set(key, timer)
  }

  #disarm(key: string): void {
    const timer = this.#timers.get(key)
    if (timer === undefined) return
    this.#options.deadlines.cancel(timer)
    this.#timers.delete(key)
  }

  /** A token answered twice, or after it was refused, has left already. */
  #release(token: Token, reply: Reply): void {
    if (!this.#open.delete(token)) return
    try {
      this.#options.answer(token, reply)
    } catch (error) {
      this.#options.unexpected(error)
    }
  }

  #refuse(token: Token, why: Refusal): void {
    try {
      this.#options.refuse(token, why)
    } catch (error) {
      this.#options.unexpected(error)
    }
  }

  #around(): Surroundings<Image> {
    const { clock, random } = this.#options
    return {
      now: clock.now(),
      monotonic: clock.monotonic(),
      random,
      image: this.#options.image(),
    }
  }

  #load(): void {
    const { machine, log } = this.#options
    const build = ++this.#build
    const state = machine.create()
    this.#phase = 'loading'
    this.#state = state
    this.#endOffset = 0
    this.#leaderEpoch = log.leaderEpoch()
    log.replay(
      (record, offset) => {
        if (build !== this.#build) return
        try {
          machine.apply(state, record, offset)
        } catch (error) {
          this.#break(error)
        }
      },
      (endOffset) => {
        if (build !== this.#build) return
        this.#endOffset = endOffset
        this.#phase = 'leading'
        this.#take({ kind: 'loaded' })
      },
    )
  }

  #drop(why: Refusal): void {
    this.#build++
    for (const timer of this.#timers.values()) this.#options.deadlines.cancel(timer)
    this.#timers.clear()
    this.#held = []
    this.#inbox.length = 0
    const open = [...this.#open]
    this.#open.clear()
    for (const token of open) this.#refuse(token, why)
  }

  #break(error: unknown): void {
    this.#phase = 'broken'
    this.#drop('not-leader')
    this.#options.broken(error)
  }
}

function isLoaded(input: object): boolean {
  return 'kind' in input && input.kind === 'loaded'
}
