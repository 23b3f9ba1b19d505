import { expect, test } from 'vitest'
import { parseOptions, UsageError } from '../../bench/options.ts'
import { WORKLOADS } from '../../bench/workloads/index.ts'

const parse = (line: string) => parseOptions(line.split(' ').filter(Boolean), WORKLOADS)

test('several workloads and peers can be named', () => {
  const options = parse('--quick --workload start --workload life --peer samsa --peer apache')
  expect(options.names).toEqual(['start', 'life'])
  expect(options.peers).toEqual(['samsa', 'apache'])
  expect(options.isQuick).toBe(true)
})

test('what does not exist is refused before anything starts', () => {
  for (const line of ['--workload nothing', '--peer redis', '--quikc x', '--minutes soon']) {
    expect(() => parse(line), line).toThrow(UsageError)
  }
})

test('no two workloads share a name, and a name is enough to find each', () => {
  const names = WORKLOADS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(parse(`--workload ${name}`).names).toEqual([name])
})

test('every row is about a peer that the workload measures', () => {
  for (const { name, peers, rows } of WORKLOADS) {
    for (const { side = 'samsa' } of rows) {
      if (name !== 'produce-1k-lz4-header') expect(peers, name).toContain('samsa')
      expect(peers, name).toContain(side)
    }
  }
})
