// What every machine owes (docs/architecture.md, decision 2), run on any of them: under random
// failing appends, delayed commits and lost tails, the hard state always equals the replay of the
// log, no answer leaves before what its decide saw is committed, and no token is forgotten.
import { describe, expect, test } from 'vitest'
import { Deadlines } from '../../base/deadlines.ts'
import { below, seededRandom, type Random } from '../../base/random.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { MachineHost, type MachineLog } from '../../src/machine/host.ts'
import type { Machine } from '../../src/machine/machine.ts'
import { seedsOf } from '../support/seeds.ts'

export interface ConformanceSubject<State, Input, RecordType, Token, Reply, Image> {
  machine(): Machine<State, Input, RecordType, Token, Reply, Image>
  image(): Image
  /** A fresh token, unique for `serial`. */
  token(serial: number): Token
  /** Any legal input; it expects an answer exactly when `token` is used in it. */
  input(
    random: Random,
    token: Token,
    state: State,
  ): {
    readonly input: Input
    readonly token?: Token
  }
  /** The hard state as a plain value that toEqual can compare. */
  hard(state: State): unknown
}

export function conformanceSuite<State, Input, RecordType, Token, Reply, Image>(
  name: string,
  subject: ConformanceSubject<State, Input, RecordType, Token, Reply, Image>,
  seeds = 25,
): void {
  describe(`${name} keeps the machine contract`, () => {
    for (const seed of seedsOf(1, seeds)) {
      test(`seed ${seed}`, () => {
        playSchedule(subject, seed)
      })
    }
  })
}

interface Batch<RecordType> {
  readonly firstOffset: number
  readonly records: readonly RecordType[]
}

/** An in-memory log whose appends fail, whose commits lag and whose uncommitted tail gets lost. */
class UnreliableLog<RecordType> implements MachineLog<RecordType> {
  batches: Batch<RecordType>[] = []
  end = 0
  committed = 0
  epoch = 0
  appendedTo = (_endOffset: number): void => undefined
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  append(
    records: readonly RecordType[],
  ): { firstOffset: number; lastOffset: number } | { failure: string } {
    if (below(this.#random, 12) === 0) return { failure: 'no space left' }
    // A gap stands for control batches, which machines do not see.
    const firstOffset = this.end + below(this.#random, 2)
    this.batches.push({ firstOffset, records })
    this.end = firstOffset + records.length
    this.appendedTo(this.end)
    return { firstOffset, lastOffset: this.end - 1 }
  }

  highWatermark(): number {
    return this.committed
  }

  leaderEpoch(): number {
    return this.epoch
  }

  replay(
    visit: (record: RecordType, offset: number) => void,
    done: (endOffset: number) => void,
  ): void {
    for (const { firstOffset, records } of this.batches) {
      records.forEach((record, i) => visit(record, firstOffset + i))
    }
    done(this.end)
  }

  commitSome(): void {
    const open = this.batches.filter(({ firstOffset }) => firstOffset >= this.committed)
    const batch = open[below(this.#random, Math.max(1, open.length))]
    if (batch !== undefined) this.committed = batch.firstOffset + batch.records.length
  }

  loseTail(): void {
    this.batches = this.batches.filter(({ firstOffset }) => firstOffset < this.committed)
    this.end = this.committed
    this.epoch++
  }
}

function playSchedule<State, Input, RecordType, Token, Reply, Image>(
  subject: ConformanceSubject<State, Input, RecordType, Token, Reply, Image>,
  seed: number,
): void {
  const random = seededRandom(seed)
  const clock = new VirtualClock()
  const log = new UnreliableLog<RecordType>(random)
  const machine = subject.machine()
  const seenEnd = new Map<Token, number>()
  const waiting = new Set<Token>()
  let deciding: Token[] = []
  log.appendedTo = (end) => {
    for (const token of deciding) seenEnd.set(token, end)
  }
  const host = new MachineHost<State, Input, RecordType, Token, Reply, Image>({
    machine: {
      ...machine,
      decide(state, input, around) {
        const decision = machine.decide(state, input, around)
        deciding = []
        for (const effect of decision.effects) {
          if (effect.kind !== 'answer') continue
          deciding.push(effect.token)
          seenEnd.set(effect.token, log.end)
        }
        return decision
      },
    },
    log,
    clock,
    deadlines: new Deadlines(clock),
    random,
    image: () => subject.image(),
    answer(token) {
      expect(waiting.delete(token), 'answered once').toBe(true)
      expect(log.committed).toBeGreaterThanOrEqual(seenEnd.get(token)!)
    },
    refuse(token) {
      expect(waiting.delete(token), 'refused once').toBe(true)
    },
    unexpected(error) {
      throw error
    },
    broken(error) {
      if (!String(error).includes('refuses records at load')) throw error
    },
    maxOpenRequests: 100,
  })
  function replayed(): unknown {
    const state = machine.create()
    log.replay(
      (record, offset) => machine.apply(state, record, offset),
      () => undefined,
    )
    return subject.hard(state)
  }
  host.lead()
  for (let step = 0; step < 150 && host.phase() === 'leading'; step++) {
    const dice = below(random, 20)
    if (dice < 13) {
      const token = subject.token(step)
      const next = subject.input(random, token, host.state())
      if (next.token !== undefined) waiting.add(next.token)
      host.submit(next.input, next.token)
    } else if (dice < 16) {
      log.commitSome()
      host.committed(log.highWatermark())
    } else if (dice < 19) {
      clock.advance(below(random, 5_000))
    } else {
      log.loseTail()
      host.lead()
    }
    if (host.phase() === 'leading') expect(subject.hard(host.state())).toEqual(replayed())
  }
  log.committed = log.end
  host.committed(log.end)
  host.resign()
  expect([...waiting], 'every request is answered or refused').toEqual([])
}
