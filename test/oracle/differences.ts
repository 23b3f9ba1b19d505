// The differences we know and allow: the table in docs/differences.md. A row covers mismatches by API,
// version range, scenario and path; a row that covers nothing any more fails the run.
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** The only reasons there are: never an error code, its precedence, a missing field or a range. */
export const KINDS = [
  'id',
  'time',
  'port',
  'development default',
  'level',
  'unanswered',
  'KAFKA',
] as const

export interface Difference {
  readonly api: string
  readonly versions: string
  readonly scenario: RegExp
  readonly path: RegExp
  readonly kind: string
  readonly why: string
  readonly row: string
  used: boolean
}

export function readDifferences(file = path.resolve('docs', 'differences.md')): Difference[] {
  const rows = readFileSync(file, 'utf8').split('\n')
  return rows.filter((row) => row.startsWith('| `')).map(parseRow)
}

function parseRow(row: string): Difference {
  const cells = row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''))
  const [api, versions, scenario, at, kind, why] = cells
  if (
    api === undefined ||
    versions === undefined ||
    scenario === undefined ||
    at === undefined ||
    kind === undefined ||
    why === undefined
  ) {
    throw new Error(`docs/differences.md: six cells, please: ${row}`)
  }
  if (!KINDS.some((known) => kind === known || (known === 'KAFKA' && /^KAFKA-\d+$/.test(kind)))) {
    throw new Error(`docs/differences.md: "${kind}" is no reason for a difference: ${row}`)
  }
  return { api, versions, scenario: glob(scenario), path: glob(at), kind, why, row, used: false }
}

/** Finds the row that covers a mismatch and marks it as still needed. */
export function listed(
  differences: readonly Difference[],
  seen: { api: string; version: number; scenario: string; path: string },
): Difference | undefined {
  const found = differences.find(
    (row) =>
      (row.api === '*' || row.api === seen.api) &&
      inRange(row.versions, seen.version) &&
      row.scenario.test(seen.scenario) &&
      row.path.test(seen.path),
  )
  if (found !== undefined) found.used = true
  return found
}

function inRange(range: string, version: number): boolean {
  if (range === '*') return true
  if (range.endsWith('+')) return version >= Number.parseInt(range, 10)
  const [low, high] = range.split('-')
  return version >= Number(low) && version <= Number(high ?? low)
}

function glob(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.[\]()+?^$\\{}]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${escaped}$`)
}
