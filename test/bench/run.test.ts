import { expect, test } from 'vitest'
import { runWorkload, type RunOptions } from '../../bench/method/run.ts'
import type { PeerName, Workload } from '../../bench/workload.ts'

const form = { rounds: 4, otherRounds: 2, size: {}, seconds: 1 }

function bench(done: string[], more: Partial<Workload> = {}): [Workload, RunOptions] {
  const workload: Workload = {
    name: 'made-up',
    answers: 'Nothing.',
    peers: ['samsa', 'apache', 'sink'],
    rows: [],
    full: form,
    async measure({ peer }) {
      done.push(peer)
      return { figures: {}, steal: 0 }
    },
    ...more,
  }
  const fleet = {
    only: async (peer: PeerName) => {
      if (!done.includes(`start ${peer}`)) done.push(`start ${peer}`)
      return { name: peer } as Awaited<ReturnType<RunOptions['fleet']['only']>>
    },
    halt: () => undefined,
    end: async () => undefined,
  }
  const options: RunOptions = {
    isFull: true,
    fleet,
    samsaEnvironment: {},
    peers: workload.peers,
    warmPaths: new Set(),
    steal: () => ({ steal: 0, total: 0 }),
    print: () => undefined,
  }
  return [workload, options]
}

test('the order changes from round to round, and the others run less often', async () => {
  const done: string[] = []
  await runWorkload(...bench(done))
  const runs = done.filter((one) => !one.startsWith('start'))
  expect(runs.join(' ')).toBe(
    ['samsa apache sink', 'sink apache samsa', 'samsa apache', 'apache samsa'].join(' '),
  )
})

test('a run that the hypervisor disturbed is repeated, but not for ever', async () => {
  let runs = 0
  const [workload, options] = bench([], {
    peers: ['samsa'],
    measure: async () => ({ figures: { run: ++runs }, steal: runs === 2 ? 0.2 : 0.01 }),
  })
  const { samsa } = await runWorkload(workload, options)
  expect(samsa!.discarded).toEqual([0.2])
  expect(samsa!.runs.map(({ figures }) => figures['run'])).toEqual([1, 3, 4, 5])

  const [unknown, unknownOptions] = bench([], {
    peers: ['samsa'],
    measure: async () => ({ figures: {}, steal: Number.NaN }),
  })
  // Each reading comes 100 ticks after the one before it; 3 of them were stolen.
  let readings = 0
  const steal = () => ({ steal: readings * 3, total: readings++ * 100 })
  const watched = await runWorkload(unknown, { ...unknownOptions, steal })
  expect(watched.samsa!.runs.map((run) => run.steal)).toEqual([0.03, 0.03, 0.03, 0.03])

  const [busy, busyOptions] = bench([], {
    peers: ['samsa'],
    measure: async () => ({ figures: {}, steal: 0.5 }),
  })
  const outcome = await runWorkload(busy, busyOptions)
  expect(outcome.samsa!.discarded).toHaveLength(form.rounds)
  expect(outcome.samsa!.runs).toHaveLength(form.rounds)
})

test('each side carries a minute and two gigabytes before its first counted run', async () => {
  const carried: Partial<Record<PeerName, { seconds: number; bytes: number }>> = {}
  const [workload, options] = bench([], {
    peers: ['samsa', 'apache'],
    path: 'produce',
    async warmUp({ peer }, _size, seconds) {
      const { seconds: before, bytes } = carried[peer] ?? { seconds: 0, bytes: 0 }
      carried[peer] = { seconds: before + seconds, bytes: bytes + 0.8e9 }
      return 0.8e9
    },
    async measure({ peer }) {
      expect(carried[peer]!.seconds).toBeGreaterThanOrEqual(60)
      expect(carried[peer]!.bytes).toBeGreaterThanOrEqual(2e9)
      return { figures: {}, steal: 0 }
    },
  })
  await runWorkload(workload, options)
  // The next on the same path finds compiled code.
  const before = carried.samsa!.seconds
  await runWorkload(workload, options)
  expect(carried.samsa!.seconds - before).toBeLessThan(20)
})
