import { expect, test } from 'vitest'
import { errorFacts, errorName, errors } from '../../protocol/errors.ts'

test('the codes are dense from -1 on and named back', () => {
  const codes = Object.values(errors)
  expect(codes).toEqual(Array.from({ length: 138 }, (_, i) => i - 1))
  for (const [name, code] of Object.entries(errors)) expect(errorName(code)).toBe(name)
})

test.each([
  ['UNKNOWN_SERVER_ERROR', -1],
  ['NONE', 0],
  ['UNKNOWN_TOPIC_OR_PARTITION', 3],
  ['UNSUPPORTED_VERSION', 35],
  ['KAFKA_STORAGE_ERROR', 56],
  ['MEMBER_ID_REQUIRED', 79],
  ['UNKNOWN_TOPIC_ID', 100],
  ['REBOOTSTRAP_REQUIRED', 129],
] as const)('%s is %i', (name, code) => {
  expect(errors[name]).toBe(code)
})

test('what clients make of a code is known', () => {
  expect(errorFacts(errors.NOT_LEADER_OR_FOLLOWER)).toEqual({
    name: 'NOT_LEADER_OR_FOLLOWER',
    retriable: true,
    refreshMetadata: true,
    since: '0.8.2',
  })
  expect(errorFacts(errors.INVALID_TOPIC_EXCEPTION)?.retriable).toBe(false)
})

test('a code that Kafka does not have is shown as a number', () => {
  expect(errorName(999)).toBe('error 999')
  expect(errorFacts(999)).toBeUndefined()
  expect(errorFacts(-2)).toBeUndefined()
})
