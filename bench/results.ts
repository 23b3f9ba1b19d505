// A results file: all counted runs of all workloads, the machine and the commit. It is written after
// each workload, so that a long run can be stopped and gone on with.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Commit, Machine } from './machine.ts'
import { summary, type Summary } from './method/statistics.ts'
import type { Curve, PeerName, Row } from './workload.ts'

export interface StoredRun {
  readonly figures: Readonly<Record<string, number>>
  readonly curves?: Readonly<Record<string, Curve>>
  readonly steal: number
}

export interface StoredPeer {
  readonly runs: readonly StoredRun[]
  /** Steal of runs that did not count. */
  readonly discarded: readonly number[]
}

export interface StoredWorkload {
  readonly name: string
  readonly answers: string
  readonly size: Readonly<Record<string, number>>
  readonly rows: readonly Row[]
  readonly note?: string
  readonly seconds: number
  readonly peers: Readonly<Partial<Record<PeerName, StoredPeer>>>
}

export interface Results {
  readonly format: 1
  readonly date: string
  readonly form: 'full' | 'quick'
  readonly commit: Commit
  readonly machine: Machine
  readonly workloads: StoredWorkload[]
  /** Only the workloads that were named: not a whole table. */
  readonly isPart: boolean
  /** Workloads that could not be run to their end, with the reason. */
  failures: { readonly workload: string; readonly why: string }[]
}

export function resultsPath(results: Results): string {
  const day = results.date.slice(0, 10)
  const form = results.isPart ? '-part' : results.form === 'full' ? '' : '-quick'
  return path.join('bench', 'results', `${day}-${results.commit.hash}${form}.json`)
}

export function readResults(file: string): Results {
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results
  if (results.format !== 1) throw new Error(`${file} is not a results file of this bench`)
  return results
}

/** Whole or not at all; one line for each run, so that a file can be read and compared. */
export function writeResults(file: string, results: Results): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${compactRuns(JSON.stringify(results, null, 1))}\n`)
  renameSync(`${file}.new`, file)
}

function compactRuns(json: string): string {
  return json.replaceAll(/\{\n\s+"figures"[\s\S]*?"steal": [^\n]*\n\s*\}/g, (run) =>
    run.replaceAll(/\n\s*/g, ' '),
  )
}

/** Ours divided by Apache Kafka's. */
export function ratioOf(workload: StoredWorkload, row: Row): number | undefined {
  return ratioTo(workload, { figure: row.figure, against: 'apache', side: row.side ?? 'samsa' })
}

export function ratioTo(
  workload: StoredWorkload,
  of: { readonly figure: string; readonly against: PeerName; readonly side?: PeerName },
): number | undefined {
  const ours = summaryOf(workload, of, of.side ?? 'samsa')
  const theirs = summaryOf(workload, of, of.against)
  if (ours === undefined || theirs === undefined || theirs.median === 0) return undefined
  return ours.median / theirs.median
}

export function summaryOf(
  workload: StoredWorkload,
  row: Pick<Row, 'figure'>,
  peer: PeerName,
): Summary | undefined {
  const runs = workload.peers[peer]?.runs ?? []
  return summary(runs.map(({ figures }) => figures[row.figure] ?? Number.NaN))
}

/** The rows whose own side was measured in this form. */
export function rowsOf(workload: StoredWorkload): Row[] {
  return workload.rows.filter((row) => summaryOf(workload, row, row.side ?? 'samsa') !== undefined)
}

/** Undefined: there is no goal, or nothing to hold it to. */
export function isGoalMet(workload: StoredWorkload, row: Row): boolean | undefined {
  const { goal } = row
  if (goal === undefined) return undefined
  const ours = summaryOf(workload, row, row.side ?? 'samsa')
  const ratio = ratioOf(workload, row)
  if (ours === undefined) return undefined
  if (ratio === undefined && goal.atMost === undefined) return undefined
  return (
    (goal.atMost === undefined || ours.median <= goal.atMost) &&
    (goal.ratioAtMost === undefined || (ratio ?? 0) <= goal.ratioAtMost) &&
    (goal.ratioAtLeast === undefined || (ratio ?? Infinity) >= goal.ratioAtLeast)
  )
}

export function goalText(row: Row): string {
  const { goal } = row
  if (goal === undefined) return ''
  const parts: string[] = []
  if (goal.ratioAtMost !== undefined) {
    const inverse = 1 / goal.ratioAtMost
    const isShare = goal.ratioAtMost < 0.3 || Math.abs(goal.ratioAtMost - 1 / 3) < 1e-9
    const text = isShare && Number.isInteger(Math.round(inverse * 1e6) / 1e6)
    parts.push(text ? `<= 1/${Math.round(inverse)}` : `<= ${goal.ratioAtMost} x`)
  }
  if (goal.ratioAtLeast !== undefined) parts.push(`>= ${goal.ratioAtLeast} x`)
  if (goal.atMost !== undefined) parts.push(`<= ${goal.atMost} ${row.unit}`)
  return parts.join(', ')
}
