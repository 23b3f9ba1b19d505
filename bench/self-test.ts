// The bench under test. The load programs meet servers that do wrong; then a fault is planted into Samsa,
// the workload that can show it is measured, and the gate must name the right bound. A gate that has
// never been seen to close is not one.
import path from 'node:path'
import { BOUNDS, boundText, breachesOf } from './gate.ts'
import { loadChecks } from './selfcheck.ts'
import type { StoredWorkload } from './results.ts'
import type { Environment } from './servers/fleet.ts'

interface Fault {
  readonly file: string
  readonly plants: string
  readonly workload: string
  readonly figure: string
}

export const FAULTS: readonly Fault[] = [
  {
    file: 'delayed.cjs',
    plants: 'every answer leaves 2 ms late',
    workload: 'requests-single',
    figure: 'p50Us',
  },
  {
    file: 'burning.cjs',
    plants: 'every write of answers costs 0.2 ms of CPU',
    workload: 'requests-small',
    figure: 'cpuPerRequestUs',
  },
  {
    file: 'hoarding.cjs',
    plants: 'the broker holds 300 MB too much',
    workload: 'memory',
    figure: 'idle',
  },
]

/** Returns how many faults were not caught. */
export async function selfTest(
  measure: (names: readonly string[], environment: Environment) => Promise<StoredWorkload[]>,
  print: (line: string) => void,
): Promise<number> {
  let missed = await checkLoads(print)
  for (const { file, plants, workload, figure } of FAULTS) {
    const from = performance.now()
    const fault = path.resolve('bench', 'faults', file)
    const measured = await measure([workload], { NODE_OPTIONS: `--require ${fault}` })
    const bounds = BOUNDS.filter((bound) => bound.workload === workload && bound.figure === figure)
    const breaches = breachesOf(measured, bounds).filter(({ found }) => found !== undefined)
    const isCaught = breaches.length > 0
    if (!isCaught) missed++
    const seconds = ((performance.now() - from) / 1000).toFixed(1)
    print(`${isCaught ? 'caught' : 'NOT CAUGHT'} ${workload}: ${plants} (${seconds} s)`)
    for (const { bound, found } of breaches) {
      print(`         by: ${boundText(bound)}; it is ${found!.toFixed(2)}`)
    }
  }
  return missed
}

async function checkLoads(print: (line: string) => void): Promise<number> {
  let missed = 0
  for (const check of loadChecks) {
    const instead = await check.run()
    if (instead !== undefined) missed++
    print(`${instead === undefined ? 'ok    ' : 'FAILED'} ${check.name}`)
    if (instead !== undefined) print(`         ${instead}`)
  }
  return missed
}
