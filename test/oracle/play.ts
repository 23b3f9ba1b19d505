// Plays one scenario against two clusters at once and compares what was written down.
import type { Endpoint } from '../apache/cluster.ts'
import type { Message } from './codec.ts'
import { mismatches, type Json } from './normalise.ts'
import { Trial, type Entry, type Scenario, type VersionRange } from './trial.ts'

export interface Side {
  readonly name: string
  readonly endpoint: Endpoint
  readonly fault?: (api: string, body: Message) => void
}

export interface Finding {
  readonly scenario: string
  readonly label: string
  readonly api: string
  readonly version: number
  readonly path: string
  readonly left: Json | undefined
  readonly right: Json | undefined
  readonly request: unknown
  /** Position in the transcript. */
  readonly step: number
}

export interface Played {
  readonly scenario: string
  /** "Api version" of each answer compared. */
  readonly covered: ReadonlySet<string>
  readonly answers: number
  readonly findings: readonly Finding[]
  /** Answers of the reference that our codec does not repeat byte for byte. */
  readonly unfaithful: readonly string[]
  readonly ms: number
}

export async function play(
  scenario: Scenario,
  sides: readonly [Side, Side],
  options: { shared: ReadonlyMap<string, VersionRange>; run: string },
): Promise<Played> {
  const started = performance.now()
  const trials = sides.map(
    (side) =>
      new Trial({
        scenario: scenario.name,
        endpoint: side.endpoint,
        ...options,
        ...(side.fault === undefined ? {} : { fault: side.fault }),
      }),
  )
  const ends = await Promise.all(trials.map((trial) => runTrial(scenario, trial)))
  const [left, right] = trials as [Trial, Trial]
  const findings = compareTranscripts(scenario.name, left.entries, right.entries)
  for (const [i, end] of ends.entries()) {
    if (end === undefined) continue
    const name = sides[i]?.name ?? ''
    findings.push(finding(scenario.name, `stopped on ${name}`, end, left.entries.length))
  }
  return {
    scenario: scenario.name,
    covered: new Set(left.entries.filter((e) => e.api !== '').map((e) => `${e.api} ${e.version}`)),
    answers: left.entries.length,
    findings,
    unfaithful: left.unfaithful,
    ms: performance.now() - started,
  }
}

async function runTrial(scenario: Scenario, trial: Trial): Promise<string | undefined> {
  try {
    await scenario.run(trial)
    return undefined
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  } finally {
    trial.close()
  }
}

function finding(scenario: string, label: string, why: string, step: number): Finding {
  const nothing = { api: '', version: -1, request: undefined, left: undefined }
  return { scenario, label, path: 'scenario', right: why, step, ...nothing }
}

function compareTranscripts(
  scenario: string,
  left: readonly Entry[],
  right: readonly Entry[],
): Finding[] {
  const found: Finding[] = []
  for (const [step, a] of left.entries()) {
    const b = right[step]
    if (b === undefined) break
    if (a.api !== b.api || a.version !== b.version || a.label !== b.label) {
      const names = `${a.api} ${a.version} ${a.label} / ${b.api} ${b.version} ${b.label}`
      found.push(finding(scenario, 'the transcripts part', names, step))
      return found
    }
    for (const mismatch of mismatches(a.result, b.result)) {
      const { label, api, version, request } = a
      found.push({ scenario, label, api, version, request, step, ...mismatch })
    }
  }
  if (left.length !== right.length) {
    const lengths = `${left.length} answers against ${right.length}`
    found.push(
      finding(scenario, 'the transcripts part', lengths, Math.min(left.length, right.length)),
    )
  }
  return found
}
