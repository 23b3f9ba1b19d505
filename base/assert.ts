/** An invariant of our own is broken: the owning shard fails stop. Never thrown for bad input. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant'
}

/** Assertions stay on in production (docs/architecture.md, Errors). */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new BrokenInvariant(what)
}

/** Makes a switch exhaustive: reaching it is a type error first, a broken invariant second. */
export function unreachable(value: never, what: string): never {
  throw new BrokenInvariant(`${what}: unexpected ${String(value)}`)
}
