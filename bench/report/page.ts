// docs/performance.md as text: the machine, the tables, where Samsa is worse, how it was measured. Every
// figure comes from the results file; no sentence here claims one.
import { FULL_WARM_UP } from '../method/run.ts'
import { goalText, isGoalMet, ratioOf, rowsOf, summaryOf } from '../results.ts'
import type { Results, StoredWorkload } from '../results.ts'
import { PEERS, type PeerName, type Row } from '../workload.ts'
import { nameOf, type Picture } from './charts.ts'
import { number, ratio } from './numbers.ts'
import { cell } from './table.ts'

const OTHERS: readonly PeerName[] = ['sink', 'mock', 'kfake']

interface Section {
  readonly title: string
  readonly workloads: readonly string[]
  readonly pictures: readonly string[]
}

const SECTIONS: readonly Section[] = [
  {
    title: 'What a developer waits for',
    workloads: [
      'start',
      'life',
      'topics',
      'first-seconds',
      'first-gigabyte',
      'kill-small',
      'kill-2000',
      'kill-gigabyte',
    ],
    pictures: ['start', 'first-seconds'],
  },
  {
    title: 'Memory and disk',
    workloads: ['memory', 'memory-10', 'connections', 'partitions', 'disk'],
    pictures: ['memory'],
  },
  {
    title: 'Warm: requests and latency',
    workloads: [
      'requests-small',
      'requests-50x1',
      'requests-16k',
      'requests-single',
      'requests-flushed',
      'latency',
      'metadata',
    ],
    pictures: ['cpu-per-request', 'latency', 'latency-single'],
  },
  {
    title: 'Warm: bulk',
    workloads: [
      'produce-1k',
      'produce-1k-lz4',
      'produce-1k-lz4-header',
      'produce-100',
      'produce-acks-all',
      'consume-1',
      'consume-4',
      'consume-16',
      'consume-cold',
      'soak',
    ],
    pictures: ['cpu-per-gb'],
  },
]

export function pageOf(results: Results, file: string, pictures: readonly Picture[]): string {
  const known = new Map(pictures.map((picture) => [picture.name, picture]))
  const parts = [head(results, file), ...SECTIONS.flatMap((one) => section(one, results, known))]
  return `${[...parts, worse(results), unmet(results), method(results)].join('\n\n')}\n`
}

function head({ machine, commit, date, form }: Results, file: string): string {
  return `# Performance

Samsa and Apache Kafka ${machine.apacheKafka}, measured in turns in one run on one machine. This page is
written by \`npm run bench\` from [its results](../${file}); every run is in there.

| | |
| --- | --- |
| Machine | ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.isVirtual ? 'virtual' : 'not virtual'} |
| System | ${machine.system}, Linux ${machine.kernel} |
| Samsa | commit ${commit.hash}${commit.isDirty ? ' with changes' : ''}, Node ${machine.node} |
| Apache Kafka | ${machine.apacheKafka}, Java ${machine.java}, heap and options of its own start script |
| Client | librdkafka ${machine.librdkafka}; raw frames where no client is named |
| Run | ${date.slice(0, 10)}, ${form} form |

Figures are medians, with the least and the greatest of all counted runs in brackets. The ratio is
Samsa's median divided by Apache Kafka's. CPU per GB and per request say more than megabytes a second,
which depend on what is left of the machine for the client. *Sink* is a program in C that
receives, checks and writes and does nothing else: the limit of this machine. *Mock* is librdkafka's mock
broker, *kfake* that of franz-go; both keep records in memory, or not at all.`
}

function section(
  { title, workloads, pictures }: Section,
  results: Results,
  known: ReadonlyMap<string, Picture>,
): string[] {
  const found = workloads.flatMap((name) => results.workloads.filter((one) => one.name === name))
  if (found.length === 0) return []
  const shown = pictures.flatMap((name) => {
    const picture = known.get(name)
    return picture === undefined ? [] : [`![${picture.says}](performance/${name}.svg)`]
  })
  const notes = found.flatMap(({ note }) => note ?? [])
  return [`## ${title}`, table(found), ...notes, ...shown]
}

function table(workloads: readonly StoredWorkload[]): string {
  const lines = [
    '| | Samsa | Apache Kafka | ratio | goal | others |',
    '| --- | --- | --- | --- | --- | --- |',
  ]
  for (const workload of workloads) {
    for (const row of rowsOf(workload)) lines.push(tableRow(workload, row))
  }
  return lines.join('\n')
}

function tableRow(workload: StoredWorkload, row: Row): string {
  const found = ratioOf(workload, row)
  const others = row.side === undefined ? OTHERS : []
  const beside = others.flatMap((peer) => {
    const summary = summaryOf(workload, row, peer)
    return summary === undefined ? [] : [`${peer} ${number(summary.median, row.digits)}`]
  })
  const isMet = isGoalMet(workload, row)
  const verdict = isMet === undefined ? '' : isMet ? ': met' : ': **not met**'
  const cells = [
    `${row.what}, ${row.unit}`,
    cell(workload, row, row.side ?? 'samsa'),
    cell(workload, row, 'apache'),
    found === undefined ? '' : ratio(found),
    `${goalText(row)}${verdict}`,
    beside.join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

function isWorse(workload: StoredWorkload, row: Row): boolean {
  const found = ratioOf(workload, row)
  if (found === undefined || /load/.test(row.figure)) return false
  return row.better === 'less' ? found > 1 : found < 1
}

function worse(results: Results): string {
  const rows = results.workloads.flatMap((workload) =>
    workload.rows.filter((row) => isWorse(workload, row)).map((row) => worseLine(workload, row)),
  )
  const text = rows.length === 0 ? 'In no row of this run.' : rows.join('\n')
  return `## Where Apache Kafka is better\n\n${text}`
}

function worseLine(workload: StoredWorkload, row: Row): string {
  const [ours, theirs] = [row.side ?? 'samsa', 'apache' as const].map((peer) =>
    number(summaryOf(workload, row, peer)!.median, row.digits),
  )
  const share = ratio(ratioOf(workload, row)!)
  return `- ${row.what}: ${ours} against ${theirs} ${row.unit} (${share}).`
}

function unmet(results: Results): string {
  const rows = results.workloads.flatMap((workload) =>
    workload.rows
      .filter((row) => isGoalMet(workload, row) === false)
      .map((row) => {
        const ours = cell(workload, row, row.side ?? 'samsa')
        const found = ratioOf(workload, row)
        const share = found === undefined ? '' : `, ${ratio(found)}`
        return `- ${row.what}: ${ours} ${row.unit}${share}; the goal is ${goalText(row)}.`
      }),
  )
  const text = rows.length === 0 ? 'None.' : rows.join('\n')
  return `## Goals of ours that this run did not meet\n\n${text}`
}

function method({ workloads, form }: Results): string {
  const peers = PEERS.filter((peer) => workloads.some((one) => one.peers[peer] !== undefined))
  const discarded = workloads.reduce((sum, one) => sum + discardedOf(one), 0)
  return `## How it was measured

- Measured were: ${peers.map(nameOf).join('; ')}.
- Those that are compared warm stay up for the whole run and take turns, the order changing from
  round to round; the others are stopped by SIGSTOP meanwhile.
- ${warmUpText(form)}
- Right before each counted run: \`sync\`, and a file of twice the run's bytes is written and unlinked.
  Without it a virtual machine that returns freed memory to its host measures its host.
- Topics are new for each run and deleted after it, with the same settings on both sides; every
  record is validated on both sides, and neither forces its log to the disk unless a row says so.
- CPU is that of all threads of the broker, from /proc. Runs of which the hypervisor took more than
  4 % were repeated: ${discarded} in this run.
- The profile of Samsa is \`kafka\` (Apache Kafka's own defaults) unless a row says otherwise.
- The load generator is compiled, and its own CPU is in the tables: where it is near the broker's, the
  client is the limit.

\`npm run bench -- --list\` names the workloads, \`--workload NAME\` runs one.`
}

function warmUpText(form: Results['form']): string {
  if (form === 'quick') return 'This is the quick form: each side was warm for a few seconds only.'
  const { first, later, bytes } = FULL_WARM_UP
  return `Before its first counted run each side carries the same workload for ${first} s and
  ${bytes / 1e9} GB (what consists of small requests: for ${first} s); workloads that share most of their code with
  one before them: for ${later} s.`
}

function discardedOf(workload: StoredWorkload): number {
  return Object.values(workload.peers).reduce((sum, { discarded }) => sum + discarded.length, 0)
}
