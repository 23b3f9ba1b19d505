// Every client with every scenario against Samsa, and against Apache Kafka where the record of that is
// older than the client: what fails at both is the client's own failing, and stands in the page as such.
import { readFileSync, writeFileSync } from 'node:fs'
import { startApache } from '../../apache/apache.ts'
import type { Endpoint } from '../../apache/cluster.ts'
import type { Check, Trial } from '../trial.ts'
import type { ClientProgram } from './client-program.ts'
import { clients } from './clients/index.ts'
import type { Application } from './applications/application.ts'
import { applications } from './applications/index.ts'
import {
  APACHE_FILE,
  fingerprint,
  lasting,
  readApacheRecord,
  whyOf,
  type ApacheRecord,
  type ClientRecord,
} from './outcome.ts'
import { startMeddler } from './meddler.ts'
import { compatibilityPage, PAGE, type Column } from './page.ts'
import {
  applicationsAtApache,
  isStale,
  playApplications,
  type ApplicationRow,
} from './play-applications.ts'
import { playInLanes, type Played } from './play.ts'
import { scenarios } from './scenarios/index.ts'

/** The records have times of years ago; half a minute after its start a broker would begin to delete them. */
const KEPT = { 'log.initial.task.delay.ms': '3600000' }

export const matrix: Check = {
  name: 'matrix',
  about: 'every client library with every scenario, and each scenario against Apache Kafka too',
  faults: [
    {
      name: 'metadata',
      plants: 'the metadata of a commit is another',
      caughtBy: /kafkajs: committed offsets/,
    },
    {
      name: 'uncompressed',
      plants:
        'Produce is advertised from version 3: librdkafka 2.0 does not compress, and does not say so',
      caughtBy: /kcat: produce (gzip|snappy|lz4)/,
    },
  ],
  async run(trial) {
    const wanted = chosenClients(trial)
    const stories = chosenApplications(trial)
    const isPart = chosenScenarios(trial).length < scenarios.length
    const known = readApacheRecord()
    const stale = wanted.filter((one) => known.clients[one.name]?.fingerprint !== madeFrom(one))
    const old = stories.filter((one) => isStale(one, known.applications[one.name]))
    const record: ApacheRecord = {
      clients: { ...known.clients, ...(await atApache(trial, isPart ? [] : stale)) },
      applications: { ...known.applications, ...(await applicationsAtApache(trial, old)) },
    }
    const played = await playInLanes(await endpoint(trial), wanted, partners(), {
      scenarios: chosenScenarios(trial),
      each: (one) => judge(trial, one, record.clients[one.client.name]),
    })
    const columns = played.map((one) => column(one, record.clients[one.client.name]))
    const rows = await playApplications(trial, stories, record.applications)
    if (isPart) return
    keepFiles(trial, record, { columns, rows }, [...stale, ...old])
  },
}

function chosenClients(trial: Trial): readonly ClientProgram[] {
  const fault = { metadata: 'kafkajs', uncompressed: 'kcat' }[trial.fault ?? '']
  return chosen(clients, fault ?? trial.settings.get('client'), trial)
}

function chosenApplications(trial: Trial): readonly Application[] {
  if (trial.fault !== undefined || trial.settings.has('scenario')) return []
  return chosen(applications, trial.settings.get('client'), trial)
}

/** `--client` names clients and applications alike. */
function chosen<T extends { readonly name: string }>(
  all: readonly T[],
  asked: string | undefined,
  trial: Trial,
): readonly T[] {
  if (asked === undefined) return all
  const names = asked.split(',')
  const known = [...clients, ...applications].map(({ name }) => name)
  for (const name of names.filter((one) => !known.includes(one))) {
    trial.expect(`a client is called ${name}; there are ${known.join(', ')}`, false)
  }
  return all.filter(({ name }) => names.includes(name))
}

function chosenScenarios(trial: Trial): typeof scenarios {
  const fault = { metadata: 'committed offsets', uncompressed: 'produce ' }[trial.fault ?? '']
  const part = fault ?? trial.settings.get('scenario') ?? ''
  return scenarios.filter(({ name }) => name.includes(part))
}

/** Who shares a group with whom: each with the next that can, the last one with the first. */
function partners(): ReadonlyMap<string, ClientProgram> {
  const around = [...clients, ...clients]
  return new Map(
    clients.map((one, i) => [one.name, around.find(({ isAlone }, j) => j > i && !isAlone)!]),
  )
}

function madeFrom(client: ClientProgram): string {
  return fingerprint(client, partners().get(client.name)!)
}

async function endpoint(trial: Trial): Promise<Endpoint> {
  if (trial.fault === undefined) return (await trial.broker({ config: KEPT })).bootstrap
  return startMeddler(trial, trial.fault)
}

async function atApache(
  trial: Trial,
  stale: readonly ClientProgram[],
): Promise<Record<string, ClientRecord>> {
  if (stale.length === 0) return {}
  const names = stale.map(({ name }) => name).join(', ')
  trial.figure('changed since they ran against Apache Kafka', names)
  const apache = await startApache({ releaseVersion: '3.9', config: KEPT })
  const record: Record<string, ClientRecord> = {}
  try {
    const each = ({ client, greeting, outcomes, seconds }: Played) => {
      record[client.name] = {
        fingerprint: madeFrom(client),
        library: greeting.library,
        version: greeting.version,
        outcomes: Object.fromEntries([...outcomes].map(([name, one]) => [name, lasting(one)])),
      }
      const failed = [...outcomes].filter(([, { kind }]) => kind === 'failed')
      const said = failed.map(([name, one]) => `${name}: ${whyOf(one)}`).join('\n           ')
      trial.figure(`Apache Kafka, ${client.name}, ${seconds.toFixed(1)} s, failed`, said || 'none')
    }
    await playInLanes(apache.bootstrap, stale, partners(), { scenarios, each })
  } finally {
    await apache.stop()
  }
  return record
}

function judge(trial: Trial, played: Played, apache: ClientRecord | undefined): void {
  const { client, outcomes, exitCode, seconds } = played
  const failed = [...outcomes].filter(
    ([name, { kind }]) => kind === 'failed' && apache?.outcomes[name]?.kind !== 'failed',
  )
  const ok = [...outcomes].filter(([, { kind }]) => kind === 'ok').length
  for (const [name, one] of failed) trial.expect(`${client.name}: ${name}`, false, whyOf(one))
  // A scenario that a client lost at Samsa alone would hide behind the word.
  for (const [name, one] of outcomes) {
    if (one.kind !== 'lacks' || apache?.outcomes[name]?.kind !== 'ok') continue
    trial.expect(`${client.name}: ${name} is lacking only here`, false, one.why)
  }
  trial.equal(`${client.name}: its program ends by itself`, exitCode, 0)
  const summary = `${ok} of ${outcomes.size} scenarios, ${seconds.toFixed(1)} s`
  trial.expect(`${client.name} ${played.greeting.version}: ${summary}`, failed.length === 0)
}

function column(played: Played, apache: ClientRecord | undefined): Column {
  const { client, greeting, outcomes } = played
  const own = new Map<string, string>()
  for (const [name, { kind }] of outcomes) {
    // The words of the record: those of this run name topics of this run.
    const there = apache?.outcomes[name]
    if (kind === 'failed' && there?.kind === 'failed') own.set(name, there.why)
  }
  return { client, greeting, outcomes, own }
}

/** What the run says of itself has to be what the repository says. */
function keepFiles(
  trial: Trial,
  record: ApacheRecord,
  { columns, rows }: { columns: readonly Column[]; rows: readonly ApplicationRow[] },
  stale: readonly { readonly name: string }[],
): void {
  const hint = 'run `npm run interop -- matrix --write` and look at the difference'
  if (trial.isWriting) {
    const kept = {
      clients: inOrder(clients, record.clients),
      applications: inOrder(applications, record.applications),
    }
    writeFileSync(APACHE_FILE, `${JSON.stringify(kept, null, 2)}\n`)
  } else {
    const names = stale.map(({ name }) => name)
    trial.equal(`${APACHE_FILE} is as new as every client (${hint})`, names, [])
  }
  if (columns.length < clients.length || rows.length < applications.length) return
  const page = compatibilityPage(scenarios, columns, rows)
  if (trial.isWriting) writeFileSync(PAGE, page)
  else trial.expect(`${PAGE} says what came out (${hint})`, readFileSync(PAGE, 'utf8') === page)
}

/** Only what there still is. */
function inOrder<T>(
  named: readonly { readonly name: string }[],
  records: Readonly<Record<string, T>>,
): Record<string, T> {
  const kept = named.flatMap(({ name }) => {
    const record = records[name]
    return record === undefined ? [] : [[name, record] as const]
  })
  return Object.fromEntries(kept)
}
