import { afterEach, expect, test, vi } from 'vitest'
import { seededRandom } from '../../base/random.ts'
import { seedsOf } from './seeds.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('without a long run the seeds are the fixed ones', () => {
  vi.stubEnv('LONG_SEEDS', undefined)
  expect(seedsOf(5, 3)).toEqual([5, 6, 7])
})

test('a long run names its own', () => {
  vi.stubEnv('LONG_SEEDS', '1001-1002')
  expect(seedsOf(5, 3)).toEqual([1001, 1002])
  vi.stubEnv('LONG_SEEDS', '7-3')
  expect(() => seedsOf(5, 3)).toThrow('FROM-TO')
})

// What `npm run long -- --self-test` fails on purpose: LONG_PLANTED is a seed that draws as another does.
test.each(seedsOf(1, 3))('seed %i draws the same twice', (seed) => {
  const planted = Number(process.env['LONG_PLANTED'])
  const draw = (from: number) => seededRandom(from).uint32()
  expect(draw(seed === planted ? seed + 1 : seed)).toBe(draw(seed))
})
