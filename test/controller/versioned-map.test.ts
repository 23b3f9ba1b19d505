import { array, assert, constant, integer, oneof, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { VersionedMap } from '../../src/controller/versioned-map.ts'

test('every version stays what it was, whatever happens to the map afterwards', () => {
  const step = oneof(
    record({ set: integer({ min: 0, max: 5 }), value: integer() }),
    record({ delete: integer({ min: 0, max: 5 }) }),
    constant('publish' as const),
  )
  assert(
    property(array(step, { maxLength: 60 }), (steps) => {
      const map = new VersionedMap<number, number>()
      const model = new Map<number, number>()
      const published: [ReadonlyMap<number, number>, Map<number, number>][] = []
      for (const each of steps) {
        if (each === 'publish') published.push([map.version(), new Map(model)])
        else if ('set' in each) {
          map.set(each.set, each.value)
          model.set(each.set, each.value)
        } else {
          map.delete(each.delete)
          model.delete(each.delete)
        }
      }
      expect(new Map(map)).toEqual(model)
      for (const [version, expected] of published) {
        expect(new Map(version)).toEqual(expected)
        expect(version.size).toBe(expected.size)
        for (let key = 0; key <= 5; key++) expect(version.get(key)).toBe(expected.get(key))
      }
    }),
  )
})

test('an unchanged map gives the same version again', () => {
  const map = new VersionedMap<string, number>()
  map.set('a', 1)
  expect(map.version()).toBe(map.version())
})
