import { expect, test } from 'vitest'
import { connectionsPerHost } from '../../src/config/connections.ts'
import { loadConfig } from '../../src/config/load.ts'

function limit(overrides: string): (host: string) => number {
  const set = ['max.connections.per.ip=5', `max.connections.per.ip.overrides=${overrides}`]
  return connectionsPerHost(loadConfig({ set }))
}

test('an address without an exception has the usual number', () => {
  expect(limit('')('10.0.0.1')).toBe(5)
})

test('exceptions name addresses of both families', () => {
  const perHost = limit('10.0.0.1:7, ::1:9')
  expect([perHost('10.0.0.1'), perHost('::1'), perHost('10.0.0.2')]).toEqual([7, 9, 5])
})

test('an exception without a count is one sentence', () => {
  expect(() => limit('10.0.0.1')).toThrow(
    "max.connections.per.ip.overrides has the entry '10.0.0.1': allowed is ADDRESS:COUNT.",
  )
})
