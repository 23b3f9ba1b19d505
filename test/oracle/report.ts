// What a run says at its end: each difference once, and the table of APIs by version.
import { apiNamed } from './codec.ts'
import type { Difference } from './differences.ts'
import type { Finding, Played } from './play.ts'
import { show } from './pick.ts'
import type { VersionRange } from './trial.ts'

export function findingText(finding: Finding): string {
  const where = finding.api === '' ? '' : ` ${finding.api} v${finding.version}`
  const label = finding.label === '' ? '' : ` [${finding.label}]`
  const values = `${show(finding.left, 300)} / ${show(finding.right, 1500)}`
  return `${finding.scenario} #${finding.step}${where}${label} ${finding.path}: ${values}`
}

/** At most `most` kinds per scenario; what is the same at many versions and elements is one kind. */
export function printFindings(findings: readonly Finding[], most: number): void {
  const byScenario = new Map<string, Map<string, Finding[]>>()
  for (const finding of findings) {
    const kinds = byScenario.get(finding.scenario) ?? new Map<string, Finding[]>()
    byScenario.set(finding.scenario, kinds)
    const { api, label, left, right } = finding
    const path = finding.path.replaceAll(/\[\d+\]/g, '[]')
    const key = JSON.stringify([api, label, path, left, right])
    kinds.set(key, [...(kinds.get(key) ?? []), finding])
  }
  for (const [scenario, kinds] of byScenario) {
    print(`\n${scenario}: ${kinds.size} kinds of difference`)
    let step = -1
    for (const same of [...kinds.values()].slice(0, most)) {
      const [first] = same as [Finding]
      print(`  ${findingText(first)}${elsewhere(same)}`)
      if (first.step !== step) print(`      request ${show(first.request, 500)}`)
      step = first.step
    }
    if (kinds.size > most) print(`  ... and ${kinds.size - most} more kinds`)
  }
}

function elsewhere(same: readonly Finding[]): string {
  if (same.length === 1) return ''
  const versions = same.map((finding) => finding.version)
  return ` (${same.length} times, v${Math.min(...versions)}-${Math.max(...versions)})`
}

/** equal, listed, DIFFERENT, not advertised (by the second side), or - (nothing asked). */
export function printTable(
  played: readonly Played[],
  allowed: ReadonlyMap<Finding, Difference>,
  ranges: readonly [ReadonlyMap<string, VersionRange>, ReadonlyMap<string, VersionRange>],
): void {
  const covered = new Set(played.flatMap((one) => [...one.covered]))
  const states = new Map<string, string>()
  for (const finding of played.flatMap((one) => one.findings)) {
    const key = `${finding.api} ${finding.version}`
    if (!allowed.has(finding)) states.set(key, 'DIFFERENT')
    else if (states.get(key) === undefined) states.set(key, 'listed')
  }
  const [reference, other] = ranges
  print('\nAPI x version')
  const names = [...reference.keys()].sort((a, b) => apiNamed(a).key - apiNamed(b).key)
  const missing: string[] = []
  for (const name of names) {
    const all = reference.get(name)!
    const its = other.get(name)
    if (its === undefined) {
      missing.push(name)
      continue
    }
    const runs: [string, number, number][] = []
    for (let version = all.min; version <= all.max; version++) {
      const key = `${name} ${version}`
      const isMissing = version < its.min || version > its.max
      const state = isMissing ? 'not advertised' : stateOf(key, states, covered)
      const last = runs.at(-1)
      if (last !== undefined && last[0] === state) last[2] = version
      else runs.push([state, version, version])
    }
    const text = runs.map(([state, from, to]) => `${from === to ? from : `${from}-${to}`} ${state}`)
    print(`  ${String(apiNamed(name).key).padStart(2)} ${name.padEnd(30)} ${text.join(', ')}`)
  }
  if (missing.length > 0) print(`  not advertised: ${missing.join(', ')}`)
}

function stateOf(
  key: string,
  states: ReadonlyMap<string, string>,
  covered: ReadonlySet<string>,
): string {
  return states.get(key) ?? (covered.has(key) ? 'equal' : '-')
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
