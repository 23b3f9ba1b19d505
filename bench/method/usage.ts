// What Linux says a process and the machine used: CPU of all threads, memory, bytes read from disk, and
// the time that the hypervisor took away.
import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

/** CPU seconds of all its threads since it began. The scheduler counts nanoseconds, but only of threads
 * that still live; the process's own sum has the others too, in hundredths. */
export interface CpuReading {
  readonly ticks: number
  readonly live: number
}

export function cpuReading(pid: number): CpuReading {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  let live = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    live += threadNanoseconds(pid, thread)
  }
  return { ticks: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND, live: live / 1e9 }
}

function threadNanoseconds(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
  } catch (error) {
    // It ended between the listing and this line.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 0
    throw error
  }
}

export function cpuSeconds(before: CpuReading, after: CpuReading): number {
  return Math.max(after.live - before.live, after.ticks - before.ticks - 1 / TICKS_PER_SECOND)
}

export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024) / 1e6
}

/** Bytes given to write calls, and bytes that really came from the disk. */
export function ioBytes(pid: number): { written: number; readFromDisk: number } {
  const text = readFileSync(`/proc/${pid}/io`, 'utf8')
  const field = (name: string) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return { written: field('wchar'), readFromDisk: field('read_bytes') }
}

export interface StealReading {
  readonly steal: number
  readonly total: number
}

export function stealReading(): StealReading {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.split(/\s+/).slice(1, 9)
  const ticks = fields.map(Number)
  return { steal: ticks[7] ?? 0, total: ticks.reduce((sum, tick) => sum + tick, 0) }
}

/** The share of the time between two readings. */
export function stealShare(before: StealReading, after: StealReading): number {
  const total = after.total - before.total
  return total === 0 ? 0 : (after.steal - before.steal) / total
}
