import { describe, expect, test } from 'vitest'
import { Deadlines } from '../../base/deadlines.ts'
import { below, seededRandom } from '../../base/random.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { MachineHost, type Refusal } from '../../src/machine/host.ts'
import type { Machine } from '../../src/machine/machine.ts'
import { conformanceSuite } from './conformance.ts'

// A bank of counters: enough of a machine to show what the host promises.
interface Counters {
  readonly sums: Map<string, number>
  readonly parked: string[]
}
type CounterInput =
  | { kind: 'add'; name: string; by: number; token: string }
  | { kind: 'read'; name: string; token: string }
  | { kind: 'park'; token: string }
  | { kind: 'boom' }
type CounterRecord = { name: string; by: number }

const counters: Machine<Counters, CounterInput, CounterRecord, string, number, null> = {
  name: 'counters',
  create: () => ({ sums: new Map(), parked: [] }),
  decide(state, input, around) {
    switch (input.kind) {
      case 'add': {
        const reply = (state.sums.get(input.name) ?? 0) + input.by
        return {
          records: [{ name: input.name, by: input.by }],
          effects: [{ kind: 'answer', token: input.token, reply }],
        }
      }
      case 'read': {
        const reply = state.sums.get(input.name) ?? 0
        return { records: [], effects: [{ kind: 'answer', token: input.token, reply }] }
      }
      case 'park':
        state.parked.push(input.token)
        return {
          records: [],
          effects: [{ kind: 'timer', key: 'wake', at: around.monotonic + 100 }],
        }
      case 'timer': {
        const effects = state.parked
          .splice(0)
          .map((token) => ({ kind: 'answer' as const, token, reply: -1 }))
        return { records: [], effects }
      }
      case 'boom':
        throw new Error('boom')
      case 'loaded':
        return { records: [], effects: [] }
    }
  },
  apply(state, { name, by }) {
    state.sums.set(name, (state.sums.get(name) ?? 0) + by)
  },
}

class ListLog {
  records: CounterRecord[] = []
  committed = 0
  epoch = 0
  full = false

  append(
    records: readonly CounterRecord[],
  ): { firstOffset: number; lastOffset: number } | { failure: string } {
    if (this.full) return { failure: 'full' }
    const firstOffset = this.records.length
    this.records.push(...records)
    return { firstOffset, lastOffset: this.records.length - 1 }
  }

  highWatermark(): number {
    return this.committed
  }

  leaderEpoch(): number {
    return this.epoch
  }

  replay(visit: (record: CounterRecord, offset: number) => void, done: (end: number) => void) {
    this.records.forEach(visit)
    done(this.records.length)
  }
}

function start(maxOpenRequests = 10) {
  const log = new ListLog()
  const clock = new VirtualClock()
  const said: string[] = []
  const host = new MachineHost<Counters, CounterInput, CounterRecord, string, number, null>({
    machine: counters,
    log,
    clock,
    deadlines: new Deadlines(clock),
    random: seededRandom(1),
    image: () => null,
    answer: (token, reply) => {
      if (token === 'deaf') throw new Error('nobody hears')
      said.push(`${token}=${reply}`)
    },
    refuse: (token: string, why: Refusal) => said.push(`${token}: ${why}`),
    broken: (error) => said.push(String(error)),
    unexpected: (error) => said.push(`unexpected ${String(error)}`),
    maxOpenRequests,
  })
  return { log, clock, said, host }
}

describe('the machine host', () => {
  test('holds a write until it is committed, and a read that saw it too', () => {
    const { log, said, host } = start()
    host.lead()
    host.submit({ kind: 'add', name: 'a', by: 2, token: 'w' }, 'w')
    host.submit({ kind: 'read', name: 'a', token: 'r' }, 'r')
    expect(said).toEqual([])
    log.committed = 1
    host.committed(1)
    expect(said).toEqual(['w=2', 'r=2'])
    host.submit({ kind: 'read', name: 'a', token: 'r2' }, 'r2')
    expect(said.at(-1)).toBe('r2=2')
  })

  test('refuses what it held and rebuilds when an append fails', () => {
    const { log, said, host } = start()
    host.lead()
    host.submit({ kind: 'add', name: 'a', by: 2, token: 'w' }, 'w')
    log.full = true
    host.submit({ kind: 'add', name: 'a', by: 3, token: 'x' }, 'x')
    expect(said).toEqual(['w: not-leader', 'x: not-leader'])
    expect(host.state().sums.get('a')).toBe(2)
  })

  test('refuses requests before it leads, when it is full, and after it resigned', () => {
    const { said, host } = start(1)
    host.submit({ kind: 'read', name: 'a', token: 'early' }, 'early')
    host.lead()
    host.submit({ kind: 'park', token: 'p' }, 'p')
    host.submit({ kind: 'park', token: 'q' }, 'q')
    host.resign()
    expect(said).toEqual(['early: not-leader', 'q: full', 'p: not-leader'])
  })

  test('an answer that nobody can take is told, and the machine goes on', () => {
    const { log, said, host } = start()
    host.lead()
    for (const token of ['x', 'deaf', 'y']) {
      host.submit({ kind: 'add', name: 'a', by: 1, token }, token)
    }
    log.committed = 3
    host.committed(3)
    host.submit({ kind: 'read', name: 'a', token: 'deaf' }, 'deaf')
    host.submit({ kind: 'read', name: 'a', token: 'r' }, 'r')
    const deaf = 'unexpected Error: nobody hears'
    expect(said).toEqual(['x=1', deaf, 'y=3', deaf, 'r=3'])
    expect(host.phase()).toBe('leading')
  })

  test('a moved leader epoch refuses what is held', () => {
    const { log, said, host } = start()
    host.lead()
    host.submit({ kind: 'add', name: 'a', by: 1, token: 'w' }, 'w')
    log.epoch = 1
    host.submit({ kind: 'add', name: 'a', by: 1, token: 'x' }, 'x')
    expect(said).toEqual(['w: not-leader', 'x: not-leader'])
  })

  test('a fired timer is an input; timers of an earlier build do nothing', () => {
    const { clock, said, host } = start()
    host.lead()
    host.submit({ kind: 'park', token: 'p' }, 'p')
    clock.advance(100)
    expect(said).toEqual(['p=-1'])
    host.submit({ kind: 'park', token: 'q' }, 'q')
    host.lead()
    clock.advance(1000)
    expect(said).toEqual(['p=-1', 'q: not-leader'])
  })

  test('a broken invariant stops it and refuses everything', () => {
    const { said, host } = start()
    host.lead()
    host.submit({ kind: 'park', token: 'p' }, 'p')
    host.submit({ kind: 'boom' })
    host.submit({ kind: 'read', name: 'a', token: 'r' }, 'r')
    expect(said).toEqual(['p: not-leader', 'Error: boom', 'r: not-leader'])
  })
})

conformanceSuite<Counters, CounterInput, CounterRecord, string, number, null>('counters', {
  machine: () => counters,
  image: () => null,
  token: (serial) => `t${serial}`,
  input(random, token) {
    const name = `c${below(random, 3)}`
    const dice = below(random, 4)
    if (dice === 0) return { input: { kind: 'read', name, token }, token }
    if (dice === 1) return { input: { kind: 'park', token }, token }
    return { input: { kind: 'add', name, by: below(random, 9), token }, token }
  },
  hard: (state) => new Map(state.sums),
})
