// How the output of each kind of command is read: counts, failed seeds, and what is no outcome at all.
import { expect, test } from 'vitest'
import type { Campaign } from './campaign.ts'
import { campaigns } from './campaigns.ts'

function campaign(name: string): Campaign {
  return campaigns.find((one) => one.name === name)!
}

function report(...tests: [string, string][]): string {
  const assertionResults = tests.map(([fullName, status]) => ({ fullName, status }))
  return JSON.stringify({ testResults: [{ assertionResults }] })
}

test('a report of vitest: passed tests count, failed ones give their seeds once', () => {
  const text = report(
    ['seed 1001: nothing is gone', 'passed'],
    ['seed 1002: nothing is gone', 'failed'],
    ['a group stays consistent (seed 1001)', 'failed'],
    ['another (seed 1002)', 'failed'],
    ['no seed: left out', 'skipped'],
  )
  const finished = { exitCode: 1, output: '', report: text }
  const outcome = campaign('broker-crash').read(finished, 1001, 1002)
  expect(outcome).toEqual({ count: 20, failedSeeds: [1001, 1002] })
})

test('vitest that ran nothing, or failed without a test, is an error', () => {
  const read: Campaign['read'] = (...given) => campaign('log').read(...given)
  const none = report(['seed 1', 'skipped'])
  expect(() => read({ exitCode: 0, output: '', report: none }, 1, 1)).toThrow('found no test')
  expect(() => read({ exitCode: 1, output: 'out of memory', report: '' }, 1, 1)).toThrow('memory')
  const passed = report(['seed 1', 'passed'])
  expect(() => read({ exitCode: 1, output: 'late', report: passed }, 1, 1)).toThrow('late')
})

test('the oracle: answers, and the seeds it cut down', () => {
  const output = [
    'seed 2000017 differs with 2 requests: Fetch v4, Produce v3',
    '\n2480 answers of 40 scenarios compared: 1 differences, 0 listed, 0 not re-encoded, 0 stale rows; seed 1',
  ].join('\n')
  const read = (exitCode: number, text: string) =>
    campaign('oracle').read({ exitCode, output: text, report: '' }, 2_000_001, 2_000_040)
  expect(read(1, output)).toEqual({ count: 2480, failedSeeds: [2_000_017] })
  const silent = '5 answers of 1 scenarios compared: 0 differences, 0 listed, 1 not re-encoded'
  expect(read(1, silent)).toEqual({ count: 5, failedSeeds: [2_000_001] })
  expect(read(0, silent)).toEqual({ count: 5, failedSeeds: [] })
  expect(() => read(1, 'Maven is missing')).toThrow('Maven is missing')
})

test('interop: its last line decides', () => {
  const read = (name: string, output: string) =>
    campaign(name).read({ exitCode: 0, output, report: '' }, 41, 80)
  expect(read('kills', '60.0 s: 12 passed, 0 failed\n')).toEqual({ count: 40, failedSeeds: [] })
  expect(read('kills', '60.0 s: 11 passed, 1 failed\n')).toEqual({ count: 40, failedSeeds: [41] })
  expect(read('directories', '1 s: 300 passed, 0 failed\n')).toEqual({
    count: 300,
    failedSeeds: [],
  })
  expect(() => read('kills', 'no java')).toThrow('no java')
})

test('names are told apart, and commands name the range', () => {
  expect(new Set(campaigns.map(({ name }) => name)).size).toBe(campaigns.length)
  for (const one of campaigns) {
    const { args, env } = one.command(5001, 5040, '/tmp/report.json')
    const said = `${args.join(' ')} ${JSON.stringify(env ?? {})}`
    if (one.name !== 'directories') expect(said).toMatch(/5001/)
    expect(one.replay(5001).length).toBeGreaterThan(10)
  }
})
