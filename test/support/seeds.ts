// The seeds of a random test: a few fixed ones, so that a run says something of the change and not of its
// luck, or those that `npm run long` asks for with LONG_SEEDS=FROM-TO.

/** `count` seeds from `first` on, unless a long run names its own. */
export function seedsOf(first: number, count: number): number[] {
  const asked = process.env['LONG_SEEDS']
  if (asked === undefined) return Array.from({ length: count }, (_, i) => first + i)
  const [from, to] = asked.split('-').map(Number)
  if (from === undefined || to === undefined || !(from <= to)) {
    throw new Error(`LONG_SEEDS is FROM-TO, for instance 1001-1100, not ${asked}`)
  }
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}
