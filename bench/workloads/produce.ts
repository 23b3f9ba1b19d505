// Bulk produce by librdkafka, warm: record sizes, codecs, partitions, durability. CPU per GB is the
// figure to trust; megabytes a second depend on what else the machine does.
import type { Form, PeerName, Row, Workload } from '../workload.ts'
import { producing } from './shapes.ts'

interface Bulk {
  readonly name: string
  readonly answers: string
  readonly what: string
  readonly bytes: number
  readonly codec?: string
  readonly partitions?: number
  readonly acks?: number
  readonly settings?: Readonly<Record<string, string>>
  readonly goals?: { readonly rate?: number; readonly cpu?: number }
  readonly peers?: readonly PeerName[]
  readonly isExtra?: boolean
  readonly full?: Partial<Form>
  readonly quick?: Form
}

const ALL: readonly PeerName[] = ['samsa', 'apache', 'sink', 'mock', 'kfake']
const FULL: Form = { rounds: 5, otherRounds: 2, size: { records: 1_000_000 }, seconds: 80 }

function bulk(spec: Bulk): Workload {
  const codec = spec.codec ?? 'none'
  return {
    name: spec.name,
    answers: spec.answers,
    path: 'produce',
    peers: spec.peers ?? ALL,
    rows: rowsOf(spec),
    full: { ...FULL, ...spec.full },
    ...(spec.quick === undefined ? {} : { quick: spec.quick }),
    ...(spec.isExtra === true ? { isExtra: true } : {}),
    ...producing({
      program: 'clients',
      partitions: spec.partitions ?? 1,
      ...(spec.settings === undefined ? {} : { settings: spec.settings }),
      options: (size) => ({
        records: size['records']!,
        bytes: spec.bytes,
        codec,
        acks: spec.acks ?? 1,
      }),
    }),
  }
}

function rowsOf({ what, bytes, goals }: Bulk): Row[] {
  const isSmall = bytes < 500
  const rate = goals?.rate === undefined ? {} : { goal: { ratioAtLeast: goals.rate } }
  const cpu = goals?.cpu === undefined ? {} : { goal: { ratioAtMost: goals.cpu } }
  return [
    isSmall
      ? { figure: 'recordsPerSecond', what, unit: 'records/s', better: 'more', digits: 0, ...rate }
      : { figure: 'mbPerSecond', what, unit: 'MB/s', better: 'more', digits: 0, ...rate },
    { figure: 'cpuPerGb', what: `${what}: broker CPU`, unit: 's/GB', better: 'less', ...cpu },
    { figure: 'loadCpuPerGb', what: `${what}: load CPU`, unit: 's/GB', better: 'less' },
  ]
}

export const produce1k: Workload = bulk({
  name: 'produce-1k',
  answers: 'What does bulk produce of 1 KB records cost?',
  what: 'produce 1 KB, acks=1',
  bytes: 1000,
  goals: { rate: 1.1, cpu: 0.7 },
  full: { seconds: 195 },
  quick: { rounds: 3, otherRounds: 3, size: { records: 300_000 }, seconds: 30 },
})

export const produceLz4: Workload = bulk({
  name: 'produce-1k-lz4',
  answers: 'What does it cost when the producer compresses with lz4, every record being checked?',
  what: 'produce 1 KB lz4',
  bytes: 1000,
  codec: 'lz4',
  goals: { rate: 1.0, cpu: 1.0 },
})

export const produceLz4Header: Workload = {
  ...bulk({
    name: 'produce-1k-lz4-header',
    answers: 'The same with samsa.record.validation=header (Apache Kafka has only full).',
    what: 'produce 1 KB lz4, header only',
    bytes: 1000,
    codec: 'lz4',
    peers: ['samsa-header', 'apache'],
    full: { otherRounds: 5, seconds: 60 },
  }),
  rows: [
    {
      figure: 'mbPerSecond',
      what: 'produce 1 KB lz4, only headers checked',
      unit: 'MB/s',
      better: 'more',
      digits: 0,
      side: 'samsa-header',
      goal: { ratioAtLeast: 1.1 },
    },
    {
      figure: 'cpuPerGb',
      what: 'produce 1 KB lz4, only headers checked: broker CPU',
      unit: 's/GB',
      better: 'less',
      side: 'samsa-header',
      goal: { ratioAtMost: 0.65 },
    },
  ],
}

export const produce100: Workload = bulk({
  name: 'produce-100',
  answers: 'What do small records cost in bulk? (The client is the limit.)',
  what: 'produce 100 B, acks=1',
  bytes: 100,
  goals: { rate: 1.1, cpu: 0.6 },
  full: { size: { records: 3_000_000 } },
})

export const acksAll: Workload = bulk({
  name: 'produce-acks-all',
  answers: 'What does acks=all cost on one broker?',
  what: 'produce 1 KB, acks=all',
  bytes: 1000,
  acks: -1,
  peers: ['samsa', 'apache'],
  full: { otherRounds: 0, seconds: 60 },
})

/** Every combination that a user may ask for by name; too many for one run. */
export const matrix: readonly Workload[] = [100, 1000].flatMap((bytes) =>
  ['none', 'lz4', 'zstd'].flatMap((codec) =>
    [1, 12, 100].map((partitions) => {
      const what = `produce ${bytes} B, ${codec}, ${partitions} partitions`
      return bulk({
        name: `produce-${bytes}-${codec}-${partitions}`,
        answers: `One cell of the matrix: ${what}.`,
        what,
        bytes,
        codec,
        partitions,
        isExtra: true,
        full: { size: { records: 1_000_000_000 / bytes / (bytes === 100 ? 3 : 1) } },
      })
    }),
  ),
)
