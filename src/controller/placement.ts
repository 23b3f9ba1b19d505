// Where the replicas of new partitions go: round robin over racks, and over the brokers of a rack,
// from a random start; unfenced brokers before fenced ones, and an unfenced one always first.
import { assert } from '../../base/assert.ts'
import { below, type Random } from '../../base/random.ts'
import type { BrokerImage } from './image.ts'

export type Placement =
  | { readonly replicas: readonly (readonly number[])[] }
  | { readonly refusal: string }

export function placeReplicas(
  brokers: Iterable<BrokerImage>,
  partitions: number,
  replicationFactor: number,
  random: Random,
): Placement {
  const racks = rackList(brokers, random)
  const all = racks.reduce((count, rack) => count + rack.fenced.size + rack.unfenced.size, 0)
  const unfenced = racks.reduce((count, rack) => count + rack.unfenced.size, 0)
  if (replicationFactor <= 0) {
    const text = `Invalid replication factor ${replicationFactor}: it must be positive.`
    return { refusal: text }
  }
  if (unfenced === 0) return { refusal: 'All brokers are currently fenced.' }
  if (replicationFactor > all) {
    const text =
      `The target replication factor of ${replicationFactor} cannot be reached ` +
      `because only ${all} broker(s) are registered.`
    return { refusal: text }
  }
  const replicas: number[][] = []
  let offset = below(random, racks.length)
  let epoch = 0
  for (let i = 0; i < partitions; i++) {
    if (epoch === unfenced && unfenced > 1) {
      shuffle(racks, random)
      for (const rack of racks) rack.shuffle(random)
      epoch = 0
    }
    replicas.push(placeOne(racks, offset % racks.length, replicationFactor, epoch))
    offset++
    epoch++
  }
  return { replicas }
}

function placeOne(racks: readonly Rack[], offset: number, count: number, epoch: number): number[] {
  let first = offset
  let leader = racks[first]!.unfenced.next(epoch)
  while (leader < 0) {
    first = (first + 1) % racks.length
    assert(first !== offset, 'some rack has an unfenced broker')
    leader = racks[first]!.unfenced.next(epoch)
  }
  const placed = [leader]
  let at = offset
  let passed = false
  while (placed.length < count) {
    // The rack that gave the first replica is passed over once.
    let next = -1
    if (at === first && !passed) passed = true
    else next = racks[at]!.next(epoch)
    if (next >= 0) placed.push(next)
    at = (at + 1) % racks.length
  }
  return placed
}

function rackList(brokers: Iterable<BrokerImage>, random: Random): Rack[] {
  const byName = new Map<string | null, { fenced: number[]; unfenced: number[] }>()
  for (const broker of brokers) {
    const rack = byName.get(broker.rack) ?? { fenced: [], unfenced: [] }
    byName.set(broker.rack, rack)
    const usable = !broker.fenced && !broker.inControlledShutdown
    if (usable) rack.unfenced.push(broker.id)
    else rack.fenced.push(broker.id)
  }
  const names = [...byName].toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
  return names.map(([, { fenced, unfenced }]) => new Rack(fenced, unfenced, random))
}

class Rack {
  readonly fenced: Ring
  readonly unfenced: Ring

  constructor(fenced: number[], unfenced: number[], random: Random) {
    this.fenced = new Ring(fenced, random)
    this.unfenced = new Ring(unfenced, random)
  }

  next(epoch: number): number {
    const live = this.unfenced.next(epoch)
    return live >= 0 ? live : this.fenced.next(epoch)
  }

  shuffle(random: Random): void {
    this.fenced.shuffle(random)
    this.unfenced.shuffle(random)
  }
}

/** Each partition (epoch) starts one broker further and meets every broker once. */
class Ring {
  readonly #brokers: number[]
  #offset: number
  #index = 0
  #epoch = 0

  constructor(brokers: number[], random: Random) {
    this.#brokers = brokers.toSorted((a, b) => a - b)
    this.#offset = brokers.length === 0 ? 0 : below(random, brokers.length)
  }

  get size(): number {
    return this.#brokers.length
  }

  /** -1 when every broker was given out for this epoch. */
  next(epoch: number): number {
    if (this.#brokers.length === 0) return -1
    if (this.#epoch !== epoch) {
      this.#epoch = epoch
      this.#index = 0
      this.#offset = (this.#offset + 1) % this.#brokers.length
    }
    if (this.#index >= this.#brokers.length) return -1
    return this.#brokers[(this.#index++ + this.#offset) % this.#brokers.length]!
  }

  shuffle(random: Random): void {
    shuffle(this.#brokers, random)
  }
}

function shuffle(list: unknown[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = below(random, i + 1)
    ;[list[i], list[j]] = [list[j], list[i]]
  }
}
