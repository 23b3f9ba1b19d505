import { expect, test } from 'vitest'
import { BOUNDS, breachesOf } from '../../bench/gate.ts'
import { FAULTS } from '../../bench/self-test.ts'
import { WORKLOADS } from '../../bench/workloads/index.ts'
import { madeUpWorkload } from './made-up.ts'

const row = { figure: 'cpu', what: 'work', unit: 'us', better: 'less' } as const
const bound = { workload: 'work', figure: 'cpu', against: 'sink', atMost: 2 } as const

test('the median is held to the bound, not the worst run', () => {
  const work = madeUpWorkload('work', row, { samsa: [10, 19, 900], sink: [10] })
  expect(breachesOf([work], [bound])).toEqual([])
})

test('a ratio over the bound is a breach that says what was found', () => {
  const work = madeUpWorkload('work', row, { samsa: [30], sink: [10] })
  expect(breachesOf([work], [bound])).toEqual([{ bound, found: 3 }])
})

test('what was not measured does not pass', () => {
  const alone = madeUpWorkload('work', row, { samsa: [1] })
  expect(breachesOf([alone], [bound])).toEqual([{ bound, found: undefined }])
  expect(breachesOf([], [bound])).toEqual([{ bound, found: undefined }])
})

test('every bound is about a figure that the quick form measures on both sides', () => {
  for (const { workload: name, figure, against } of BOUNDS) {
    const workload = WORKLOADS.find((one) => one.name === name)!
    expect(workload.rows.map((one) => one.figure)).toContain(figure)
    expect(workload.peers).toContain(against)
    const runs = against === 'apache' ? workload.quick?.rounds : workload.quick?.otherRounds
    expect(runs, `${name} of ${against}`).toBeGreaterThan(0)
  }
})

test('every planted fault has a bound that can catch it', () => {
  for (const { workload, figure } of FAULTS) {
    const bounds = BOUNDS.filter((one) => one.workload === workload && one.figure === figure)
    expect(bounds.length).toBeGreaterThan(0)
  }
})
