import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { picturesOf } from '../../bench/report/charts.ts'
import { number, ratio } from '../../bench/report/numbers.ts'
import { pageOf } from '../../bench/report/page.ts'
import { reportedFile, reportOf } from '../../bench/report/report.ts'
import { tableLines } from '../../bench/report/table.ts'
import { goalText, isGoalMet } from '../../bench/results.ts'
import { WORKLOADS } from '../../bench/workloads/index.ts'
import { matrix } from '../../bench/workloads/produce.ts'
import { madeUpResults, madeUpWorkload } from './made-up.ts'

const cpu = {
  figure: 'cpuPerGb',
  what: 'produce 1 KB: broker CPU',
  unit: 's/GB',
  better: 'less',
  goal: { ratioAtMost: 0.7 },
} as const
const start = {
  figure: 'ms',
  what: 'start',
  unit: 'ms',
  better: 'less',
  goal: { ratioAtMost: 1 / 25 },
} as const

test('docs/performance.md and its pictures are what their results file says', () => {
  const file = reportedFile()
  const published = (existsSync('bench/results') ? readdirSync('bench/results') : []).filter(
    (name) => name.endsWith('.json') && !/-(quick|part)\.json$/.test(name),
  )
  // A published file without the page, or a page without its file, is a mistake.
  if (file === undefined) expect(published).toEqual([])
  else {
    expect(published).toContain(path.basename(file))
    for (const [name, content] of reportOf(file)) expect(readFileSync(name, 'utf8')).toBe(content)
  }
})

test('the page names the machine, the medians with their range, the ratio and the goal', () => {
  const values = { samsa: [0.5, 0.6, 0.9], apache: [1, 1.2, 1.3], sink: [0.3] }
  const results = madeUpResults([madeUpWorkload('produce-1k', cpu, values)])
  const page = pageOf(results, 'bench/results/made-up.json', picturesOf(results))
  expect(page).toContain('A Processor, 2 cores, 24 GB, virtual')
  expect(page).toContain('(../bench/results/made-up.json)')
  const row = page.split('\n').find((line) => line.startsWith('| produce 1 KB'))
  expect(row).toBe(
    '| produce 1 KB: broker CPU, s/GB | 0.600 (0.500-0.900) | 1.20 (1.00-1.30) | 0.50 x ' +
      '| <= 0.7 x: met | sink 0.300 |',
  )
  expect(page).toContain(
    '![Broker CPU for one GB of 1 KB records, warm](performance/cpu-per-gb.svg)',
  )
})

test('the page has a place for every workload but the cells of the matrix', () => {
  const cells = new Set(matrix.map(({ name }) => name))
  for (const { name } of WORKLOADS.filter((one) => !cells.has(one.name))) {
    const row = { ...cpu, what: `what ${name} costs` }
    const results = madeUpResults([madeUpWorkload(name, row, { samsa: [1] })])
    expect(pageOf(results, 'x.json', []), name).toContain(`| what ${name} costs`)
  }
})

test('the page says where Apache Kafka is better and which goal was missed', () => {
  const slow = madeUpWorkload('produce-1k', cpu, { samsa: [3], apache: [2] })
  const fast = madeUpWorkload('start', start, { samsa: [10], apache: [1000] })
  const page = pageOf(madeUpResults([fast, slow]), 'x.json', [])
  const [, worse] = page.split('## Where Apache Kafka is better')
  expect(worse).toContain('- produce 1 KB: broker CPU: 3.00 against 2.00 s/GB (1.50 x).')
  expect(worse).toContain('- produce 1 KB: broker CPU: 3.00 s/GB, 1.50 x; the goal is <= 0.7 x.')
  expect(worse).not.toContain('- start')
})

test('a picture has its axes, its legend and its labels, and is well-formed', () => {
  const values = { samsa: [100], apache: [2000] }
  const memory = madeUpWorkload('memory', { ...start, figure: 'after' }, values)
  const curve = [
    [0, 50],
    [2.5, 120],
  ] as const
  const peers = {
    samsa: { runs: [{ figures: {}, steal: 0, curves: { resident: curve } }], discarded: [] },
  }
  const results = madeUpResults([madeUpWorkload('start', start, values), { ...memory, peers }])
  const pictures = picturesOf(results)
  expect(pictures.map(({ name }) => name)).toEqual(['start', 'memory'])
  const [bars, line] = pictures.map(({ svg }) => svg)
  expect(bars).toContain('100 ms (1/20 of Apache Kafka)')
  expect(line).toContain('seconds since the first record')
  expect(line).toMatch(/<polyline [^>]*points="[\d.]+,[\d.]+ [\d.]+,[\d.]+"/)
  for (const svg of [bars!, line!]) {
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    const opened = [...svg.matchAll(/<(\w+)[^>]*[^/]>/g)].map((match) => match[1])
    const closed = [...svg.matchAll(/<\/(\w+)>/g)].map((match) => match[1])
    expect(count(opened)).toEqual(count(closed))
  }
})

test('a goal is met by the ratio and the bound of the figure itself, both', () => {
  const row = { ...cpu, goal: { ratioAtMost: 0.5, atMost: 10 } }
  const judge = (samsa: number, apache: number) =>
    isGoalMet(madeUpWorkload('w', row, { samsa: [samsa], apache: [apache] }), row)
  expect([judge(9, 20), judge(11, 30), judge(9, 10)]).toEqual([true, false, false])
  expect(isGoalMet(madeUpWorkload('w', row, { apache: [1] }), row)).toBeUndefined()
  expect(goalText(row)).toBe('<= 0.5 x, <= 10 s/GB')
  expect(goalText(start)).toBe('<= 1/25')
})

test('the printed table has every side that was measured', () => {
  const work = madeUpWorkload('w', cpu, { samsa: [2], apache: [1], mock: [4] })
  const text = tableLines(work).join('\n')
  expect(text).toContain('2.00 x')
  expect(text).toContain('NOT MET')
  expect(text).toContain('mock 4.00')
})

test('numbers have three digits that matter, ratios are read without dividing', () => {
  expect([1234567, 123.4, 12.34, 1.234, 0.1234].map((value) => number(value))).toEqual([
    '1,234,567',
    '123',
    '12.3',
    '1.23',
    '0.123',
  ])
  expect([number(1234.5678, 2), number(999.9, 0)]).toEqual(['1,234.57', '1,000'])
  expect([ratio(0.04), ratio(0.15), ratio(0.5), ratio(3)]).toEqual([
    '1/25',
    '1/6.7',
    '0.50 x',
    '3.00 x',
  ])
})

function count(names: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name ?? ''] = (counts[name ?? ''] ?? 0) + 1
  return counts
}
