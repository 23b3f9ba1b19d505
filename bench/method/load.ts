// Runs a compiled load program to its end and counts what the server used meanwhile. A load that meets an
// error is a failed run, never a figure.
import { spawn } from 'node:child_process'
import type { Cluster } from '../../test/apache/cluster.ts'
import { compiled } from '../compile.ts'
import type { Curve } from '../workload.ts'
import { recyclePages } from './pages.ts'
import { sample, slope } from './sampler.ts'
import {
  cpuReading,
  cpuSeconds,
  ioBytes,
  residentMegabytes,
  stealReading,
  stealShare,
} from './usage.ts'

export interface Load {
  readonly program: 'frames' | 'clients'
  readonly mode: string
  readonly options: Readonly<Record<string, string | number>>
}

export interface LoadResult {
  readonly requests: number
  readonly records: number
  readonly bytes: number
  readonly seconds: number
  readonly p50Us: number
  readonly p99Us: number
  readonly p999Us: number
  readonly maxUs: number
  readonly cpuSeconds: number
  readonly errors: number
}

export function runLoad(cluster: Cluster, load: Load): Promise<LoadResult> {
  const { host, port } = cluster.bootstrap
  const args = [load.mode, '--host', host, '--port', String(port)]
  for (const [name, value] of Object.entries(load.options)) args.push(`--${name}`, String(value))
  const what = `${load.program} ${args.join(' ')}`
  return new Promise((resolve, reject) => {
    const child = spawn(compiled(load.program), args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const stop = () => child.kill('SIGKILL')
    process.once('exit', stop)
    let printed = ''
    let complaints = ''
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      process.removeListener('exit', stop)
      const failed = (why: string) =>
        reject(new Error(`${what}\n  against ${cluster.name}: ${why}\n${complaints.slice(-2000)}`))
      if (code !== 0) return failed(`ended with ${String(code)} ${printed.slice(0, 500)}`)
      const result = JSON.parse(printed) as LoadResult
      if (result.errors > 0) return failed(`${result.errors} errors`)
      resolve(result)
    })
  })
}

export interface Counted {
  readonly load: LoadResult
  readonly serverCpuSeconds: number
  readonly residentMegabytes: number
  readonly steal: number
  /** Megabytes a second that the server wrote, over time. */
  readonly written?: Curve
  /** Its resident memory in megabytes, over time. */
  readonly resident?: Curve
  readonly readFromDisk: number
}

export interface Counting {
  /** What the run makes the machine keep; 0: nothing to speak of. */
  readonly bytes: number
  readonly curves?: boolean
}

/** One counted load: pages first, then what the server used from the load's start to its end. */
export async function countLoad(
  cluster: Cluster,
  load: Load,
  counting: Counting,
): Promise<Counted> {
  if (counting.bytes > 0) recyclePages(counting.bytes)
  return watched(cluster, () => runLoad(cluster, load), counting.curves ?? false)
}

export async function watched(
  cluster: Cluster,
  run: () => Promise<LoadResult>,
  withCurves: boolean,
): Promise<Counted> {
  const { pid } = cluster
  const written = withCurves ? sample(50, () => ioBytes(pid).written) : undefined
  const resident = withCurves ? sample(50, () => residentMegabytes(pid)) : undefined
  const stealBefore = stealReading()
  const diskBefore = ioBytes(pid).readFromDisk
  const before = cpuReading(pid)
  const result = await run()
  const after = cpuReading(pid)
  const steal = stealShare(stealBefore, stealReading())
  return {
    load: result,
    serverCpuSeconds: cpuSeconds(before, after),
    residentMegabytes: residentMegabytes(pid),
    steal,
    readFromDisk: ioBytes(pid).readFromDisk - diskBefore,
    ...(written === undefined ? {} : { written: slope(written.stop(), 1e-6) }),
    ...(resident === undefined ? {} : { resident: resident.stop() }),
  }
}

/** The figures every load has; a workload's rows name those that matter to it. */
export function figuresOf({ load, serverCpuSeconds }: Counted): Record<string, number> {
  const gigabytes = load.bytes / 1e9
  return {
    mbPerSecond: load.bytes / 1e6 / load.seconds,
    recordsPerSecond: load.records / load.seconds,
    requestsPerSecond: load.requests / load.seconds,
    cpuPerGb: serverCpuSeconds / gigabytes,
    cpuPerMillionRecords: (serverCpuSeconds / load.records) * 1e6,
    cpuPerRequestUs: (serverCpuSeconds / load.requests) * 1e6,
    cpuPercent: (serverCpuSeconds / load.seconds) * 100,
    p50Us: load.p50Us,
    p99Us: load.p99Us,
    p999Us: load.p999Us,
    maxUs: load.maxUs,
    loadCpuPerGb: load.cpuSeconds / gigabytes,
    loadCpuPerRequestUs: (load.cpuSeconds / load.requests) * 1e6,
    loadCpuPercent: (load.cpuSeconds / load.seconds) * 100,
  }
}
