// The pictures of docs/performance.md: which figures of a results file each of them shows. A picture whose
// workload is not in the file is left out.
import { median } from '../method/statistics.ts'
import { summaryOf, type Results, type StoredRun, type StoredWorkload } from '../results.ts'
import type { Curve, PeerName } from '../workload.ts'
import { number, ratio } from './numbers.ts'
import { barChart, COLORS, lineChart, type Bar, type Series } from './svg.ts'

export interface Picture {
  readonly name: string
  /** For those who cannot see it. */
  readonly says: string
  readonly svg: string
}

const NAMES: Partial<Record<PeerName, string>> = {
  samsa: 'Samsa',
  apache: 'Apache Kafka',
  sink: 'raw sink',
  mock: 'librdkafka mock',
  kfake: 'kfake',
  'samsa-node24': 'Samsa, Node 24',
  'samsa-development': 'Samsa, own defaults',
}

export function nameOf(peer: PeerName): string {
  return NAMES[peer] ?? peer
}

export function picturesOf(results: Results): Picture[] {
  const find = (name: string) => results.workloads.find((workload) => workload.name === name)
  const pictures = [
    startUp(find('start')),
    cpuPerGigabyte(results),
    cpuPerRequest(results),
    latency('latency', '1,000 records a second, linger.ms=0', find('latency')),
    latency('latency-single', 'One produce request at a time', find('requests-single')),
    memoryOverTime(find('memory')),
    firstThroughput(find('first-gigabyte')),
  ]
  return pictures.filter((picture) => picture !== undefined)
}

function colorOf(peer: PeerName): string {
  if (peer.startsWith('samsa')) return COLORS.samsa
  return peer === 'apache' ? COLORS.apache : peer === 'sink' ? COLORS.sink : COLORS.other
}

interface BarsOf {
  readonly workload: StoredWorkload
  readonly figure: string
  readonly unit: string
}

function bars({ workload, figure, unit }: BarsOf, peers: readonly PeerName[]): Bar[] {
  const theirs = summaryOf(workload, { figure }, 'apache')?.median
  return peers.flatMap((peer) => {
    const found = summaryOf(workload, { figure }, peer)
    if (found === undefined) return []
    const isOurs = peer.startsWith('samsa') && theirs !== undefined
    const share = isOurs ? ` (${ratio(found.median / theirs)} of Apache Kafka)` : ''
    const label = `${number(found.median)} ${unit}${share}`
    return [{ name: nameOf(peer), color: colorOf(peer), value: found.median, label }]
  })
}

function startUp(workload: StoredWorkload | undefined): Picture | undefined {
  if (workload === undefined) return undefined
  const peers: PeerName[] = ['samsa', 'samsa-node24', 'apache', 'kfake']
  const shown = bars({ workload, figure: 'ms', unit: 'ms' }, peers)
  const title = 'From the start of the process to the first acknowledged record'
  const svg = barChart({ title, unit: 'ms, median', groups: [{ name: '', bars: shown }] })
  return { name: 'start', says: title, svg }
}

function grouped(
  results: Results,
  of: { name: string; title: string; unit: string; figure: string },
  workloads: readonly (readonly [string, string])[],
): Picture | undefined {
  const groups = workloads.flatMap(([name, label]) => {
    const workload = results.workloads.find((one) => one.name === name)
    if (workload === undefined) return []
    const shown = bars({ workload, figure: of.figure, unit: of.unit }, ['samsa', 'apache', 'sink'])
    return [{ name: label, bars: shown }]
  })
  if (groups.length === 0) return undefined
  const svg = barChart({ title: of.title, unit: `${of.unit}, median`, groups })
  return { name: of.name, says: of.title, svg }
}

function cpuPerGigabyte(results: Results): Picture | undefined {
  const title = 'Broker CPU for one GB of 1 KB records, warm'
  return grouped(results, { name: 'cpu-per-gb', title, unit: 's/GB', figure: 'cpuPerGb' }, [
    ['produce-1k', 'produce'],
    ['produce-1k-lz4', 'produce, lz4'],
    ['consume-1', '1 consumer'],
    ['consume-4', '4 consumers'],
    ['consume-16', '16 consumers'],
  ])
}

function cpuPerRequest(results: Results): Picture | undefined {
  const title = 'Broker CPU for one produce request, warm'
  const of = { name: 'cpu-per-request', title, unit: 'us', figure: 'cpuPerRequestUs' }
  return grouped(results, of, [
    ['requests-small', '100 B, 50 x 5'],
    ['requests-16k', '16 KB, 1 x 5'],
    ['requests-single', '100 B, 1 x 1'],
  ])
}

const STEPS = [
  ['p50Us', 'p50'],
  ['p99Us', 'p99'],
  ['p999Us', 'p99.9'],
  ['maxUs', 'slowest'],
] as const

function latency(
  name: string,
  what: string,
  workload: StoredWorkload | undefined,
): Picture | undefined {
  if (workload === undefined) return undefined
  const series = (['samsa', 'apache', 'sink'] as const).flatMap((peer): Series[] => {
    const points = STEPS.flatMap(([figure], i) => {
      const found = summaryOf(workload, { figure }, peer)
      return found === undefined ? [] : [[i, found.median] as const]
    })
    return points.length === 0 ? [] : [{ name: nameOf(peer), color: colorOf(peer), points }]
  })
  const title = `Latency by percentile: ${what}`
  const ticks = STEPS.map(([, label], i) => [i, label] as const)
  const x = { title: 'share of the requests that were faster', ticks }
  const y = { title: 'microseconds (logarithmic)', isLogarithmic: true }
  return { name, says: title, svg: lineChart({ title, x, y, series, hasMarks: true }) }
}

function memoryOverTime(workload: StoredWorkload | undefined): Picture | undefined {
  if (workload === undefined) return undefined
  const title = 'Resident memory while 1 GB of 1 KB records goes in and out'
  const series = curves(workload, 'resident', ['samsa', 'apache'])
  const x = { title: 'seconds since the first record' }
  return { name: 'memory', says: title, svg: lineChart({ title, x, y: { title: 'MB' }, series }) }
}

function firstThroughput(workload: StoredWorkload | undefined): Picture | undefined {
  if (workload === undefined) return undefined
  const title = 'Warming up: what a broker that has just started writes'
  const series = curves(workload, 'written', ['samsa', 'apache']).map((one) => ({
    ...one,
    points: smooth(one.points),
  }))
  const x = { title: 'seconds since the load began' }
  const y = { title: 'MB/s' }
  return { name: 'first-seconds', says: title, svg: lineChart({ title, x, y, series }) }
}

function curves(workload: StoredWorkload, name: string, peers: readonly PeerName[]): Series[] {
  return peers.flatMap((peer) => {
    const curve = typical(workload.peers[peer]?.runs ?? [], name)
    if (curve === undefined) return []
    return [{ name: nameOf(peer), color: colorOf(peer), points: curve }]
  })
}

/** The curve of the run whose length is the median: one that happened, not a mean of several. */
function typical(runs: readonly StoredRun[], name: string): Curve | undefined {
  const known = runs.flatMap((run) => run.curves?.[name] ?? [])
  if (known.length === 0) return undefined
  const all = runs.flatMap((run) => (run.curves?.[name] === undefined ? [] : [run.curves[name]]))
  const length = (curve: Curve) => curve.at(-1)?.[0] ?? 0
  const middle = median(all.map(length))
  return all.toSorted((a, b) => Math.abs(length(a) - middle) - Math.abs(length(b) - middle))[0]
}

/** A mean over a quarter of a second: single samples catch a broker between two writes. */
function smooth(curve: Curve): Curve {
  const reach = 0.125
  return curve.map(([at]) => {
    const near = curve.filter(([other]) => Math.abs(other - at) <= reach)
    return [at, near.reduce((sum, [, value]) => sum + value, 0) / near.length] as const
  })
}
