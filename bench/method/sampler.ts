// Reads something of a process again and again while a run goes on: the curves of the report.
import type { Curve } from '../workload.ts'

export interface Sampling {
  /** Points of [seconds since the start, value]. */
  stop(): Curve
}

export function sample(everyMs: number, read: () => number): Sampling {
  const from = performance.now()
  const points: [number, number][] = []
  const take = () => points.push([round((performance.now() - from) / 1000), round(read())])
  take()
  const timer = setInterval(take, everyMs)
  return {
    stop() {
      clearInterval(timer)
      take()
      return points
    },
  }
}

/** The slope of a growing count: per second, at the end of each step. */
export function slope(curve: Curve, scale: number): Curve {
  const points: [number, number][] = []
  for (let i = 1; i < curve.length; i++) {
    const [from, before] = curve[i - 1]!
    const [to, after] = curve[i]!
    if (to > from) points.push([to, round(((after - before) / (to - from)) * scale)])
  }
  return points
}

function round(value: number): number {
  return Number(value.toPrecision(6))
}
