import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { campaigns } from './campaigns.ts'
import { nextSeed, readPage, type Row, rowText, sumText, withRow, writePage } from './page.ts'

const row: Row = {
  date: '2026-11-21',
  commit: '1d460b4',
  from: 1001,
  to: 1200,
  failedSeeds: [],
  count: 24_000,
  unit: 'operations',
  minutes: 3.1,
}

describe('docs/campaigns.md', () => {
  const text = readFileSync('docs/campaigns.md', 'utf8')

  test('says what its rows say, and nothing else', () => {
    expect(writePage(readPage(text))).toBe(text)
  })

  test('has rows of campaigns that exist, in their units', () => {
    for (const [name, rows] of readPage(text)) {
      const campaign = campaigns.find((one) => one.name === name)
      expect(rows.map(({ unit }) => unit)).toEqual(rows.map(() => campaign?.unit))
    }
  })
})

test('a row is written and read', () => {
  expect(rowText(row)).toBe(
    '| 2026-11-21 | 1d460b4 | 1001-1200 | passed, 24,000 operations | 3.1 |',
  )
  const failed = { ...row, commit: '1d460b4+', failedSeeds: [1007, 1100] }
  expect(rowText(failed)).toContain('| 1d460b4+ | 1001-1200 | failed at 1007 1100, 24,000 op')
  const page = new Map([['log', [row, failed]]])
  expect(readPage(writePage(page))).toEqual(page)
})

test('a line that is no row is not passed over', () => {
  const page = writePage(new Map([['log', [row]]]))
  expect(() => readPage(page.replace('| passed,', '| passed?'))).toThrow('not a row of a campaign')
  expect(() => readPage(rowText(row))).toThrow('not a row of a campaign')
})

test('sums add up over days, and a seed counts once', () => {
  const again = { ...row, from: 1101, to: 1300, date: '2026-11-22', failedSeeds: [1110] }
  expect(sumText([row, again])).toBe(
    'Sum: 300 seeds, 48,000 operations, 6.2 minutes in 2 runs on 2 days, 1 failed.',
  )
  expect(sumText([again, row, { ...row, from: 1001, to: 1001 }])).toContain('300 seeds')
})

test('a run goes on after the last seed, failed or not', () => {
  expect(nextSeed(new Map(), 'log', 1001)).toBe(1001)
  const one = withRow(new Map(), 'log', row)
  expect(nextSeed(one, 'log', 1001)).toBe(1201)
  const two = withRow(one, 'log', { ...row, from: 1201, to: 1300, failedSeeds: [1250] })
  expect(nextSeed(two, 'log', 1001)).toBe(1301)
  expect(nextSeed(two, 'crash', 5)).toBe(5)
})
