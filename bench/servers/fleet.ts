// Those that stay up for all workloads of a run. One of them works at a time; the others are stopped by
// SIGSTOP, so that what they do in the background costs nobody anything.
import type { Cluster } from '../../test/apache/cluster.ts'
import { until } from '../../test/interop/trial.ts'
import { isAnswering } from '../method/raw.ts'
import type { PeerName, Place } from '../workload.ts'
import { apachePlace } from './apache.ts'
import { compiledPlace } from './compiled.ts'
import { samsaPlace } from './samsa.ts'
import { STOPPABLE } from './settings.ts'

export type Environment = Readonly<Record<string, string>>

export async function placeOf(
  peer: PeerName,
  config: Readonly<Record<string, string>>,
  samsaEnvironment: Environment,
): Promise<Place> {
  if (peer === 'apache') return apachePlace(config)
  if (peer === 'sink' || peer === 'mock' || peer === 'kfake') return compiledPlace(peer)
  return samsaPlace(peer, config, samsaEnvironment)
}

interface Member {
  readonly place: Place
  readonly cluster: Cluster
  isStopped: boolean
}

export class Fleet {
  readonly #members = new Map<PeerName, Member>()
  readonly #samsaEnvironment: Environment

  constructor(samsaEnvironment: Environment) {
    this.#samsaEnvironment = samsaEnvironment
  }

  /** Starts it if it was not asked for before, wakes it, and stops the others. */
  async only(peer: PeerName): Promise<Cluster> {
    for (const [name, member] of this.#members) if (name !== peer) halt(member)
    const known = this.#members.get(peer)
    if (known === undefined) {
      const config = peer === 'apache' ? STOPPABLE : {}
      const place = await placeOf(peer, config, this.#samsaEnvironment)
      const member = { place, cluster: await place.start(), isStopped: false }
      this.#members.set(peer, member)
      return member.cluster
    }
    if (known.isStopped) {
      process.kill(known.cluster.pid, 'SIGCONT')
      known.isStopped = false
      const { bootstrap } = known.cluster
      await until(`${peer} to wake up`, 30_000, () => isAnswering(bootstrap, 1000))
    }
    return known.cluster
  }

  /** Nobody works. */
  halt(): void {
    for (const member of this.#members.values()) halt(member)
  }

  /** For those whose memory is their log: it is gone with the process. */
  async end(peer: PeerName): Promise<void> {
    const member = this.#members.get(peer)
    if (member === undefined) return
    this.#members.delete(peer)
    if (member.isStopped) process.kill(member.cluster.pid, 'SIGCONT')
    await member.cluster.stop()
    member.place.remove()
  }

  async endAll(): Promise<void> {
    for (const peer of this.#members.keys()) await this.end(peer)
  }
}

function halt(member: Member): void {
  if (member.isStopped) return
  process.kill(member.cluster.pid, 'SIGSTOP')
  member.isStopped = true
}
