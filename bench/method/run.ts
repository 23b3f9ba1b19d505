// Runs one workload: every peer is prepared and warmed up, then they take turns, the order changing from
// round to round. A run during which the hypervisor took more than its share is repeated, a bounded
// number of times; a run that fails ends the workload.
import type { Cluster } from '../../test/apache/cluster.ts'
import type { Environment, Fleet } from '../servers/fleet.ts'
import { placeOf } from '../servers/fleet.ts'
import type { Form, Measurement, PeerName, Place, Target, Workload } from '../workload.ts'
import { stealShare, type StealReading } from './usage.ts'

const MOST_STEAL = 0.04

export interface PeerRuns {
  readonly runs: Measurement[]
  /** Steal of those that do not count. */
  readonly discarded: number[]
}

export interface RunOptions {
  readonly isFull: boolean
  /** Instead of what the form says. */
  readonly rounds?: number | undefined
  /** Who works and who is stopped. */
  readonly fleet: Pick<Fleet, 'only' | 'halt' | 'end'>
  readonly samsaEnvironment: Environment
  readonly peers: readonly PeerName[]
  /** What the hypervisor took so far. */
  readonly steal: () => StealReading
  /** Paths that are warm already; this run adds its own. */
  readonly warmPaths: Set<string>
  readonly print: (line: string) => void
}

export function formOf(
  workload: Workload,
  { isFull, rounds }: Pick<RunOptions, 'isFull' | 'rounds'>,
): Form {
  const form = isFull ? workload.full : (workload.quick ?? workload.full)
  if (rounds === undefined) return form
  return { ...form, rounds, otherRounds: Math.min(rounds, form.otherRounds) }
}

/** Seconds and bytes that each side carries before its first counted run. */
export const FULL_WARM_UP = { first: 60, later: 5, others: 3, bytes: 2e9 }
const QUICK_WARM_UP = { first: 3, later: 1.5, others: 1, bytes: 0 }

export async function runWorkload(
  workload: Workload,
  options: RunOptions,
): Promise<Partial<Record<PeerName, PeerRuns>>> {
  const form = formOf(workload, options)
  const peers = workload.peers.filter((peer) => options.peers.includes(peer))
  const started: Started = { places: [], clusters: [] }
  const results: Partial<Record<PeerName, PeerRuns>> = {}
  const targets = new Map<PeerName, Target>()
  try {
    for (const peer of peers) {
      const rounds = roundsOf(peer, form)
      if (rounds === 0) continue
      results[peer] = { runs: [], discarded: [] }
      const warm = workload.isFresh === true ? undefined : await options.fleet.only(peer)
      const target = targetOf(peer, warm, options, started)
      targets.set(peer, target)
      await workload.prepare?.(target, form.size)
      if (workload.warmUp !== undefined) await warmUp(workload, target, form.size, options)
    }
    if (workload.path !== undefined) options.warmPaths.add(workload.path)
    await takeTurns(workload, targets, results, options)
    for (const [peer, target] of targets) {
      if (workload.isFresh !== true) await options.fleet.only(peer)
      await workload.finish?.(target, form.size)
      // Their logs end with the process.
      if (peer === 'sink' || peer === 'mock' || peer === 'kfake') await options.fleet.end(peer)
    }
  } finally {
    for (const cluster of started.clusters) await cluster.stop()
    for (const place of started.places) place.remove()
  }
  return results
}

async function takeTurns(
  workload: Workload,
  targets: ReadonlyMap<PeerName, Target>,
  results: Partial<Record<PeerName, PeerRuns>>,
  options: RunOptions,
): Promise<void> {
  const form = formOf(workload, options)
  for (let round = 0; round < Math.max(form.rounds, form.otherRounds); round++) {
    const names = [...targets.keys()]
    for (const peer of round % 2 === 0 ? names : names.toReversed()) {
      if (round >= roundsOf(peer, form)) continue
      const target = targets.get(peer)!
      if (workload.isFresh === true) options.fleet.halt()
      else await options.fleet.only(peer)
      const { runs, discarded } = results[peer]!
      for (;;) {
        const before = options.steal()
        const measured = await workload.measure(target, form.size)
        const whole = stealShare(before, options.steal())
        const steal = Number.isNaN(measured.steal) ? whole : measured.steal
        if (steal > MOST_STEAL && discarded.length < form.rounds) {
          discarded.push(steal)
          options.print(`    ${peer}: repeated, the hypervisor took ${(steal * 100).toFixed(1)} %`)
          continue
        }
        runs.push({ ...measured, steal })
        break
      }
    }
  }
}

async function warmUp(
  workload: Workload,
  target: Target,
  size: Readonly<Record<string, number>>,
  options: RunOptions,
): Promise<void> {
  const isKnown = workload.path !== undefined && options.warmPaths.has(workload.path)
  const amount = options.isFull ? FULL_WARM_UP : QUICK_WARM_UP
  const isCompared = target.peer === 'samsa' || target.peer === 'apache'
  const seconds = isKnown ? amount.later : amount.first
  const bytes = isKnown || !isCompared ? 0 : amount.bytes
  let moved = await workload.warmUp!(target, size, isCompared ? seconds : amount.others)
  // Small requests never come to gigabytes: what is far from them after that time is warm by time.
  for (let more = 3; more > 0 && moved < bytes && moved > bytes / 4; more--) {
    moved += await workload.warmUp!(target, size, seconds / 4)
  }
}

function roundsOf(peer: PeerName, form: { rounds: number; otherRounds: number }): number {
  return peer === 'samsa' || peer === 'apache' ? form.rounds : form.otherRounds
}

/** What a run began and a failure in its middle must not leave behind. */
interface Started {
  readonly places: Place[]
  readonly clusters: Cluster[]
}

let topics = 0

function targetOf(
  peer: PeerName,
  warm: Target['warm'] | undefined,
  options: RunOptions,
  started: Started,
): Target {
  return {
    peer,
    isFull: options.isFull,
    get warm() {
      if (warm === undefined) throw new Error('this workload starts its own')
      return warm
    },
    topic: () => `bench-${process.pid}-${topics++}`,
    async place(config = {}) {
      const place = await placeOf(peer, config, options.samsaEnvironment)
      started.places.push(place)
      return {
        ...place,
        async start() {
          const cluster = await place.start()
          started.clusters.push(cluster)
          return cluster
        },
      }
    },
  }
}
