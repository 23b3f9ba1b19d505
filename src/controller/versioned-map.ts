// A map that gives immutable versions of itself at no cost: the newest version reads the live map,
// an older one keeps what has changed since. So publishing an image costs what changed, not what
// there is, and an image that someone still holds never changes. Knows nothing of metadata.

const ABSENT = Symbol('absent')

/** What both Map and VersionedMap offer to those who replay records. */
export interface MutableMap<K, V> extends ReadonlyMap<K, V> {
  set(key: K, value: V): unknown
  delete(key: K): boolean
}

/** One immutable version. Iteration runs over a copy made at its start. */
class Version<K, V> implements ReadonlyMap<K, V> {
  readonly size: number
  /** What the live map held at this version under keys changed before the next version. */
  readonly before = new Map<K, V | typeof ABSENT>()
  next: Version<K, V> | undefined
  readonly #live: ReadonlyMap<K, V>

  constructor(live: ReadonlyMap<K, V>) {
    this.#live = live
    this.size = live.size
  }

  get(key: K): V | undefined {
    const kept = this.before.get(key)
    if (kept !== undefined) return known(kept)
    for (let at = this.next; at !== undefined; at = at.next) {
      const later = at.before.get(key)
      if (later !== undefined) return known(later)
    }
    return this.#live.get(key)
  }

  has(key: K): boolean {
    return this.get(key) !== undefined
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.#copy()) visit(value, key, this)
  }

  keys(): MapIterator<K> {
    return this.#copy().keys()
  }

  values(): MapIterator<V> {
    return this.#copy().values()
  }

  entries(): MapIterator<[K, V]> {
    return this.#copy().entries()
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.#copy().entries()
  }

  #copy(): Map<K, V> {
    const copy = new Map(this.#live)
    const chain = [this.before]
    for (let at = this.next; at !== undefined; at = at.next) chain.push(at.before)
    // The oldest has the last word.
    for (const before of chain.toReversed()) {
      for (const [key, kept] of before) {
        const value = known(kept)
        if (value === undefined) copy.delete(key)
        else copy.set(key, value)
      }
    }
    return copy
  }
}

function known<V>(kept: V | typeof ABSENT): V | undefined {
  return kept === ABSENT ? undefined : kept
}

/** Values must not be undefined. */
export class VersionedMap<K, V> implements MutableMap<K, V> {
  readonly #live = new Map<K, V>()
  #latest: Version<K, V> | undefined

  /** The map as it is now, for ever. */
  version(): ReadonlyMap<K, V> {
    if (this.#latest !== undefined && this.#latest.before.size === 0) return this.#latest
    const version = new Version(this.#live)
    if (this.#latest !== undefined) this.#latest.next = version
    this.#latest = version
    return version
  }

  set(key: K, value: V): void {
    this.#keep(key)
    this.#live.set(key, value)
  }

  delete(key: K): boolean {
    this.#keep(key)
    return this.#live.delete(key)
  }

  get size(): number {
    return this.#live.size
  }

  get(key: K): V | undefined {
    return this.#live.get(key)
  }

  has(key: K): boolean {
    return this.#live.has(key)
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    this.#live.forEach(visit)
  }

  keys(): MapIterator<K> {
    return this.#live.keys()
  }

  values(): MapIterator<V> {
    return this.#live.values()
  }

  entries(): MapIterator<[K, V]> {
    return this.#live.entries()
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.#live.entries()
  }

  #keep(key: K): void {
    const latest = this.#latest
    if (latest === undefined || latest.before.has(key)) return
    const value = this.#live.get(key)
    latest.before.set(key, value === undefined ? ABSENT : value)
  }
}
