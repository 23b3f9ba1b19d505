// Bulk consume by librdkafka: from the page cache by 1, 4 and 16 consumers, and from the disk while
// others produce.
import { countLoad, figuresOf, runLoad, watched, type Load } from '../method/load.ts'
import { dropFromCache, recyclePages } from '../method/pages.ts'
import { createTopics, removeTopics } from '../method/raw.ts'
import { TOPIC_SETTINGS } from '../servers/settings.ts'
import type { Form, Row, Size, Target, Workload } from '../workload.ts'
import { fill, keepsTopics } from './shapes.ts'

/** The filled topic of each peer and workload. */
const filled = new Map<string, string>()

async function prepare(key: string, target: Target, size: Size): Promise<void> {
  const topic = target.topic()
  const shape = { partitions: size['partitions'] ?? 1, settings: TOPIC_SETTINGS }
  if (keepsTopics(target.peer)) await createTopics(target.warm.bootstrap, [topic], shape)
  recyclePages(size['records']! * 1000)
  const options = { records: size['records']!, bytes: 1000, partitions: shape.partitions }
  await fill(target.warm, topic, options)
  filled.set(`${key} ${target.peer}`, topic)
}

async function finish(key: string, target: Target): Promise<void> {
  const topic = filled.get(`${key} ${target.peer}`)!
  if (keepsTopics(target.peer)) await removeTopics(target.warm, [topic])
}

function reading(key: string, target: Target, size: Size, consumers: number): Load {
  const topic = filled.get(`${key} ${target.peer}`)!
  const options = { topic, partitions: size['partitions'] ?? 1, consumers }
  return { program: 'clients', mode: 'consume', options: { ...options, records: size['records']! } }
}

interface Goals {
  readonly rate: number
  readonly cpu: number
}

function consuming(consumers: number, goals: Goals, forms: { full: Form; quick?: Form }): Workload {
  const name = `consume-${consumers}`
  const who = consumers === 1 ? '1 consumer' : `${consumers} consumers`
  const rows: Row[] = [
    {
      figure: 'mbPerSecond',
      what: `consume 1 KB, ${who}, sum`,
      unit: 'MB/s',
      better: 'more',
      digits: 0,
      goal: { ratioAtLeast: goals.rate },
    },
    {
      figure: 'cpuPerGb',
      what: `consume 1 KB, ${who}: broker CPU`,
      unit: 's/GB',
      better: 'less',
      goal: { ratioAtMost: goals.cpu },
    },
    {
      figure: 'loadCpuPerGb',
      what: `consume 1 KB, ${who}: load CPU`,
      unit: 's/GB',
      better: 'less',
    },
  ]
  return {
    name,
    answers: `What does bulk consume by ${who} cost, from the page cache?`,
    path: 'consume',
    peers: ['samsa', 'apache', 'sink', 'kfake'],
    rows,
    ...forms,
    prepare: (target, size) => prepare(name, target, size),
    finish: (target) => finish(name, target),
    async warmUp(target, size, seconds) {
      const from = performance.now()
      let bytes = 0
      while (performance.now() - from < seconds * 1000) {
        bytes += (await runLoad(target.warm, reading(name, target, size, consumers))).bytes
      }
      return bytes
    },
    async measure(target, size) {
      const load = reading(name, target, size, consumers)
      const counted = await countLoad(target.warm, load, { bytes: 0 })
      return { figures: figuresOf(counted), steal: counted.steal }
    },
  }
}

export const consume1: Workload = consuming(
  1,
  { rate: 0.9, cpu: 1.5 },
  {
    full: { rounds: 5, otherRounds: 2, size: { records: 1_000_000 }, seconds: 165 },
    quick: { rounds: 3, otherRounds: 0, size: { records: 300_000 }, seconds: 18 },
  },
)
export const consume4: Workload = consuming(
  4,
  { rate: 1.0, cpu: 1.1 },
  { full: { rounds: 5, otherRounds: 2, size: { records: 500_000 }, seconds: 45 } },
)
export const consume16: Workload = consuming(
  16,
  { rate: 1.0, cpu: 1.1 },
  { full: { rounds: 5, otherRounds: 2, size: { records: 200_000 }, seconds: 50 } },
)

const US = { unit: 'us', better: 'less', digits: 0 } as const

export const cold: Workload = {
  name: 'consume-cold',
  answers: 'Does a consumer that reads old records from the disk disturb those who produce?',
  path: 'cold',
  peers: ['samsa', 'apache'],
  rows: [
    { figure: 'p99Us', what: 'produce p99 while a consumer reads from the disk', ...US },
    { figure: 'p50Us', what: 'produce p50 while a consumer reads from the disk', ...US },
    { figure: 'calmP99Us', what: 'produce p99 without it', ...US },
    {
      figure: 'mbPerSecond',
      what: 'consume from the disk while others produce',
      unit: 'MB/s',
      better: 'more',
      digits: 0,
    },
    {
      figure: 'diskShare',
      what: 'consume from the disk: share that /proc saw read',
      unit: '%',
      better: 'more',
      digits: 0,
    },
  ],
  full: { rounds: 5, otherRounds: 0, size: { records: 1_500_000, rate: 1000 }, seconds: 120 },
  prepare: (target, size) => prepare('cold', target, size),
  finish: (target) => finish('cold', target),
  async measure(target, size) {
    const topic = target.topic()
    await createTopics(target.warm.bootstrap, [topic], { partitions: 1, settings: TOPIC_SETTINGS })
    const options = { topic, rate: size['rate']!, bytes: 100, records: size['rate']! * 4 }
    const produce: Load = { program: 'clients', mode: 'latency', options }
    const calm = await runLoad(target.warm, produce)
    dropFromCache(target.warm.dataDir)
    const both = () =>
      Promise.all([
        runLoad(target.warm, produce),
        runLoad(target.warm, reading('cold', target, size, 1)),
      ])
    let consumed = 0
    let consumedBytes = 0
    const counted = await watched(
      target.warm,
      async () => {
        const [produced, read] = await both()
        consumed = read.bytes / 1e6 / read.seconds
        consumedBytes = read.bytes
        return produced
      },
      false,
    )
    await removeTopics(target.warm, [topic])
    const figures = {
      p50Us: counted.load.p50Us,
      p99Us: counted.load.p99Us,
      calmP99Us: calm.p99Us,
      mbPerSecond: consumed,
      diskShare: (counted.readFromDisk / consumedBytes) * 100,
    }
    return { figures, steal: counted.steal }
  },
}
