import { afterEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../base/clock.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('what one callback throws at the end of a turn does not cost the others their turn', () => {
  const immediates: (() => void)[] = []
  vi.stubGlobal('setImmediate', (run: () => void) => immediates.push(run))
  const said: string[] = []
  const clock = systemClock()
  clock.endOfTurn(() => {
    clock.endOfTurn(() => said.push('next turn'))
    throw new Error('broken')
  })
  clock.endOfTurn(() => said.push('same turn'))
  expect(() => immediates.shift()!()).toThrow('broken')
  while (immediates.length > 0) immediates.shift()!()
  expect(said).toEqual(['same turn', 'next turn'])
})
