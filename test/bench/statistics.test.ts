import { expect, test } from 'vitest'
import { median, percentile, summary } from '../../bench/method/statistics.ts'

test('the median of an even count lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([5, 1, 3])).toBe(3)
})

test('a percentile falls between its neighbours, and the ends are the ends', () => {
  expect(percentile([10, 20, 30, 40, 50], 0)).toBe(10)
  expect(percentile([10, 20, 30, 40, 50], 100)).toBe(50)
  expect(percentile([10, 20, 30, 40, 50], 90)).toBe(46)
})

test('a figure that no run has is no summary, and runs without it do not count', () => {
  expect(summary([Number.NaN])).toBeUndefined()
  expect(summary([2, Number.NaN, 4])).toEqual({ median: 3, min: 2, max: 4, count: 2 })
})
