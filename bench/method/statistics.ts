// The few statistics the bench uses. A median and its range say more of five runs than a mean would.

export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly count: number
}

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** Between the two nearest values where it falls between them. */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = values.toSorted((left, right) => left - right)
  const place = ((sorted.length - 1) * percent) / 100
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}

export function summary(values: readonly number[]): Summary | undefined {
  const known = values.filter((value) => Number.isFinite(value))
  if (known.length === 0) return undefined
  const count = known.length
  return { median: median(known), min: Math.min(...known), max: Math.max(...known), count }
}
