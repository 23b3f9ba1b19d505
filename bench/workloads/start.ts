// From the start of the process: the first acknowledged record, the first ten seconds, the first 0.6 GB.
// What a developer waits for, and where a just-in-time compiler is at its worst.
import { countLoad, figuresOf } from '../method/load.ts'
import { createTopics, untilProduced } from '../method/raw.ts'
import { TOPIC_SETTINGS } from '../servers/settings.ts'
import type { Workload } from '../workload.ts'
import { unknownSteal } from './shapes.ts'

export const start: Workload = {
  name: 'start',
  answers: 'How long from the start of the process to the first acknowledged record?',
  peers: ['samsa', 'apache', 'samsa-development', 'samsa-node24', 'sink', 'kfake'],
  isFresh: true,
  rows: [
    {
      figure: 'ms',
      what: 'start to first acknowledged produce (format not counted)',
      unit: 'ms',
      better: 'less',
      goal: { ratioAtMost: 1 / 25 },
    },
    {
      figure: 'ms',
      what: 'start to first acknowledged produce, Node 24',
      unit: 'ms',
      better: 'less',
      side: 'samsa-node24',
      goal: { ratioAtMost: 1 / 40 },
    },
    {
      figure: 'ms',
      what: 'start to first acknowledged produce, own defaults',
      unit: 'ms',
      better: 'less',
      side: 'samsa-development',
    },
  ],
  quick: { rounds: 2, otherRounds: 1, size: {}, seconds: 12 },
  full: { rounds: 7, otherRounds: 5, size: {}, seconds: 45 },
  async measure(target) {
    const place = await target.place()
    const from = performance.now()
    const starting = place.start()
    const known = place.port === undefined ? undefined : { host: '127.0.0.1', port: place.port }
    const endpoint = known ?? (await starting).bootstrap
    const ms = await untilProduced(endpoint, 'first', from)
    await (await starting).stop()
    return { figures: { ms }, steal: unknownSteal }
  },
}

export const firstSeconds: Workload = {
  name: 'first-seconds',
  answers: 'How even is a broker that has just started, at 100 produce requests a second?',
  peers: ['samsa', 'apache', 'sink'],
  isFresh: true,
  rows: [
    {
      figure: 'p99Us',
      what: 'first 10 s after the start, 100 produces/s: p99',
      unit: 'us',
      better: 'less',
      goal: { ratioAtMost: 1 / 4 },
    },
    { figure: 'p50Us', what: 'first 10 s: p50', unit: 'us', better: 'less' },
    { figure: 'maxUs', what: 'first 10 s: the slowest', unit: 'us', better: 'less' },
  ],
  full: { rounds: 3, otherRounds: 1, size: { seconds: 10 }, seconds: 85 },
  async measure(target, size) {
    const cluster = await (await target.place()).start()
    const options = { topic: 'first', rate: 100, seconds: size['seconds']!, bytes: 1000 }
    const counted = await countLoad(
      cluster,
      { program: 'frames', mode: 'produce', options },
      { bytes: 0 },
    )
    await cluster.stop()
    return { figures: figuresOf(counted), steal: counted.steal }
  },
}

export const firstGigabyte: Workload = {
  name: 'first-gigabyte',
  answers: 'How fast are the first 0.6 GB that a broker gets after its start?',
  peers: ['samsa', 'apache', 'sink', 'kfake'],
  isFresh: true,
  rows: [
    {
      figure: 'mbPerSecond',
      what: 'the first 0.6 GB after the start, 1 KB records',
      unit: 'MB/s',
      better: 'more',
      digits: 0,
      goal: { ratioAtLeast: 2.2 },
    },
    {
      figure: 'cpuPerGb',
      what: 'the first 0.6 GB: broker CPU',
      unit: 's/GB',
      better: 'less',
      goal: { ratioAtMost: 0.3 },
    },
    { figure: 'loadCpuPerGb', what: 'the first 0.6 GB: load CPU', unit: 's/GB', better: 'less' },
  ],
  quick: { rounds: 1, otherRounds: 0, size: { records: 300_000 }, seconds: 12 },
  full: { rounds: 5, otherRounds: 2, size: { records: 600_000 }, seconds: 65 },
  async measure(target, size) {
    const cluster = await (await target.place()).start()
    const records = size['records']!
    if (target.peer === 'samsa' || target.peer === 'apache') {
      await createTopics(cluster.bootstrap, ['first'], { partitions: 1, settings: TOPIC_SETTINGS })
    }
    const options = { topic: 'first', records, bytes: 1000 }
    const load = { program: 'clients', mode: 'produce', options } as const
    const counting = { bytes: records * 1000, curves: true }
    const counted = await countLoad(cluster, load, counting)
    await cluster.stop()
    const curves = { written: counted.written! }
    return { figures: figuresOf(counted), curves, steal: counted.steal }
  },
}
