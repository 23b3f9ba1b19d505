import { expect, test } from 'vitest'
import { Deadlines } from '../../base/deadlines.ts'
import type { Deadline } from '../../base/deadlines.ts'
import { below, seededRandom } from '../../base/random.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'

test('a deadline fires once, not early, at most one slot late', () => {
  const clock = new VirtualClock()
  const deadlines = new Deadlines(clock)
  const fired: number[] = []
  for (const at of [0, 1, 9.5, 10, 11, 500, 40_960, 40_961, 600_000]) {
    deadlines.set(at, () => {
      const now = clock.monotonic()
      expect(now).toBeGreaterThanOrEqual(at)
      expect(now).toBeLessThanOrEqual(Math.max(at, 1) + 10)
      fired.push(at)
    })
  }
  clock.advance(700_000)
  expect(fired).toEqual([0, 1, 9.5, 10, 11, 500, 40_960, 40_961, 600_000])
  expect(deadlines.size()).toBe(0)
})

test('the clock is left alone when nothing is due', () => {
  const clock = new VirtualClock()
  const deadlines = new Deadlines(clock)
  expect(clock.nextAlarm()).toBeUndefined()
  deadlines.set(300, () => undefined)
  expect(clock.nextAlarm()).toBe(300)
  deadlines.set(200, () => undefined)
  expect(clock.nextAlarm()).toBe(200)
  clock.advance(400)
  expect(clock.nextAlarm()).toBeUndefined()
})

test('one deadline may cancel another of its slot, and set one that fires later', () => {
  const clock = new VirtualClock()
  const deadlines = new Deadlines(clock)
  const fired: string[] = []
  let second: Deadline | null = null
  deadlines.set(5, () => {
    fired.push('first')
    deadlines.cancel(second!)
    deadlines.cancel(second!)
    deadlines.set(0, () => fired.push('set late'))
  })
  second = deadlines.set(5, () => fired.push('cancelled'))
  deadlines.set(5, () => fired.push('third'))
  clock.advance(10)
  expect(fired).toEqual(['first', 'third'])
  clock.advance(10)
  expect(fired).toEqual(['first', 'third', 'set late'])
})

test('a callback that throws is told, and the others of its slot fire', () => {
  const clock = new VirtualClock()
  const said: string[] = []
  const deadlines = new Deadlines(clock, (error) => said.push(String(error)))
  deadlines.set(10, () => {
    throw new Error('broken')
  })
  deadlines.set(10, () => said.push('same slot'))
  deadlines.set(30, () => said.push('later'))
  clock.advance(50)
  expect(said).toEqual(['Error: broken', 'same slot', 'later'])
})

test('random deadlines behave as a sorted list of them does', () => {
  const random = seededRandom(20_260_711)
  const clock = new VirtualClock()
  const deadlines = new Deadlines(clock)
  const live = new Map<number, { at: number; deadline: Deadline }>()
  for (let id = 0; id < 3000; id++) {
    const at = clock.monotonic() + below(random, id % 10 === 0 ? 200_000 : 2000)
    const deadline = deadlines.set(at, () => {
      expect(clock.monotonic()).toBeGreaterThanOrEqual(at)
      expect(live.delete(id)).toBe(true)
    })
    live.set(id, { at, deadline })
    const victim = below(random, id + 1)
    if (id % 3 === 0 && live.has(victim)) {
      deadlines.cancel(live.get(victim)!.deadline)
      live.delete(victim)
    }
    if (id % 7 === 0) {
      clock.advance(below(random, 40))
      const late = [...live.values()].filter(({ at }) => at <= clock.monotonic() - 11)
      expect(late).toEqual([])
    }
    expect(deadlines.size()).toBe(live.size)
  }
  clock.advance(300_000)
  expect(live.size).toBe(0)
})
