// Keys of a client metrics subscription (KIP-714): which metrics matching clients should push, and how
// often. Kept and described; nothing is subscribed yet.
import { int, list } from './key.ts'

export const clientMetricsKeys = {
  'interval.ms': int(300_000, {
    min: 100,
    max: 3_600_000,
    used: false,
    doc: 'Time between two pushes of a matching client.',
  }),
  match: list('', {
    used: false,
    doc: 'Which clients the subscription is for: pairs of a property and a regular expression.',
  }),
  metrics: list('', {
    used: false,
    doc: 'Prefixes of the names of the metrics that are wanted; empty means none.',
  }),
} as const
