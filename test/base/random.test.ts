import { expect, test } from 'vitest'
import { seededRandom } from '../../base/random.ts'
import { parseUuid, randomUuid } from '../../base/uuid.ts'

test('a seed replays the same numbers, another seed gives others', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed)
    return Array.from({ length: 8 }, () => random.uint32())
  }
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
})

test('a random UUID is 22 characters, not reserved, and parses to itself', () => {
  const random = seededRandom(7)
  for (let i = 0; i < 200; i++) {
    const id = randomUuid(random)
    expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/)
    expect(parseUuid(id)).toBe(id)
  }
  expect(parseUuid('short')).toBeUndefined()
})
