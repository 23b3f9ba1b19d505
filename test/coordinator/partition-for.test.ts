import { expect, test } from 'vitest'
import { javaHashCode, partitionFor } from '../../src/coordinator/partition-for.ts'

// Hash codes printed by java.lang.String.hashCode.
test.each([
  ['', 0],
  ['a', 97],
  ['Aa', 2112],
  ['BB', 2112],
  ['hello', 99162322],
  ['my-group', -1906497762],
  ['grüße', 98768023],
  ['polygenelubricants', -2147483648],
])('the hash of %j is what Java computes', (text, hash) => {
  expect(javaHashCode(text)).toBe(hash)
})

test('the one hash without an absolute value counts as zero', () => {
  expect(partitionFor('polygenelubricants', 50)).toBe(0)
})

test('a negative hash loses its sign before the division', () => {
  expect(partitionFor('my-group', 50)).toBe(12)
  expect(partitionFor('taxi-drivers', 50)).toBe(30)
  expect(partitionFor('hello', 50)).toBe(22)
})
