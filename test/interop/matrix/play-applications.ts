// Whole programs that others wrote: each plays its story at Samsa, and at Apache Kafka when it changed.
import { rmSync } from 'node:fs'
import { startApache } from '../../apache/apache.ts'
import type { Cluster } from '../../apache/cluster.ts'
import type { Trial } from '../trial.ts'
import type { Application } from './applications/application.ts'
import { fingerprintOf, lasting, whyOf, type ApplicationRecord, type Outcome } from './outcome.ts'

export interface ApplicationRow {
  readonly application: Application
  readonly outcome: Outcome
  /** It fails at Apache Kafka as well, with why. */
  readonly own: string | undefined
}

export function isStale(application: Application, record: ApplicationRecord | undefined): boolean {
  return record?.fingerprint !== fingerprintOf(application.files)
}

/** Each at a broker of its own. */
export async function playApplications(
  trial: Trial,
  chosen: readonly Application[],
  records: Readonly<Record<string, ApplicationRecord>>,
): Promise<ApplicationRow[]> {
  const rows: ApplicationRow[] = []
  for (const application of chosen) {
    const broker = await trial.broker()
    const { outcome, seconds } = await played(trial, application, broker)
    await broker.stop()
    const there = records[application.name]?.outcome
    const own = there?.kind === 'failed' ? there.why : undefined
    const isOk = outcome.kind === 'ok' || own !== undefined
    const what = `${application.name}: ${application.title}, ${seconds.toFixed(1)} s`
    trial.expect(what, isOk, whyOf(outcome))
    rows.push({ application, outcome, own })
  }
  return rows
}

export async function applicationsAtApache(
  trial: Trial,
  stale: readonly Application[],
): Promise<Record<string, ApplicationRecord>> {
  const records: Record<string, ApplicationRecord> = {}
  for (const application of stale) {
    const apache = await startApache({ releaseVersion: '3.9' })
    try {
      const { outcome, seconds } = await played(trial, application, apache)
      const fingerprint = fingerprintOf(application.files)
      records[application.name] = { fingerprint, outcome: lasting(outcome) }
      const figure = `Apache Kafka, ${application.name}, ${seconds.toFixed(1)} s`
      trial.figure(figure, whyOf(outcome))
    } finally {
      await apache.stop()
    }
  }
  return records
}

async function played(
  trial: Trial,
  application: Application,
  cluster: Cluster,
): Promise<{ outcome: Outcome; seconds: number }> {
  application.prepare()
  const scratch = trial.directory()
  const from = performance.now()
  let outcome: Outcome = { kind: 'ok' }
  try {
    await application.run(cluster.bootstrap, scratch)
  } catch (error) {
    outcome = { kind: 'failed', why: error instanceof Error ? error.message : String(error) }
  }
  rmSync(scratch, { recursive: true, force: true })
  return { outcome, seconds: (performance.now() - from) / 1000 }
}
