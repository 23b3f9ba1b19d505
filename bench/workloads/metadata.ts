// Metadata of 1,000 topics: asked again and again, and right after something changed. The figure is the
// broker's CPU for that one answer.
import { answer, list } from '../../test/interop/ask.ts'
import { sleep } from '../../test/interop/trial.ts'
import { RawClient } from '../../test/oracle/raw-client.ts'
import { createTopics, deleteTopics, untilDone } from '../method/raw.ts'
import { cpuReading, cpuSeconds } from '../method/usage.ts'
import type { Measurement, Row, Size, Target, Workload } from '../workload.ts'
import { unknownSteal } from './shapes.ts'

const topicsOf = new Map<string, string[]>()

function row(figure: string, what: string, atMost: number): Row {
  return { figure, what, unit: 'us', better: 'less', goal: { atMost } }
}

export const metadata: Workload = {
  name: 'metadata',
  answers: 'What does the Metadata of 1,000 topics cost the broker?',
  path: 'requests',
  peers: ['samsa', 'apache'],
  rows: [
    row('cachedUs', 'Metadata of 1,000 topics, nothing changed: broker CPU', 50),
    row('coldUs', 'Metadata of 1,000 topics, the first after a change: broker CPU', 400),
  ],
  full: { rounds: 5, otherRounds: 0, size: { topics: 1000, asks: 400, changes: 40 }, seconds: 60 },
  async prepare(target, size) {
    const names = Array.from({ length: size['topics']! }, () => target.topic())
    for (let i = 0; i < names.length; i += 250) {
      await createTopics(target.warm.bootstrap, names.slice(i, i + 250), { partitions: 1 })
    }
    topicsOf.set(target.peer, names)
    await untilDone(performance.now(), 60_000, () => asked(target, 1))
  },
  async finish(target) {
    const names = topicsOf.get(target.peer)!
    for (let i = 0; i < names.length; i += 250) {
      await deleteTopics(target.warm.bootstrap, names.slice(i, i + 250))
    }
  },
  async warmUp(target, size, seconds) {
    const from = performance.now()
    while (performance.now() - from < seconds * 1000) await asked(target, size['asks']!)
    return 0
  },
  measure,
}

async function measure(target: Target, size: Size): Promise<Measurement> {
  const cachedUs = await asked(target, size['asks']!)
  const client = await RawClient.open(target.warm.bootstrap)
  let cold = 0
  for (let i = 0; i < size['changes']!; i++) {
    const name = target.topic()
    await createTopics(target.warm.bootstrap, [name], { partitions: 1 })
    cold += await costOfOne(target, client)
    await deleteTopics(target.warm.bootstrap, [name])
  }
  client.close()
  return { figures: { cachedUs, coldUs: cold / size['changes']! }, steal: unknownSteal }
}

async function asked(target: Target, times: number): Promise<number> {
  const client = await RawClient.open(target.warm.bootstrap)
  const before = cpuReading(target.warm.pid)
  for (let i = 0; i < times; i++) await once(client)
  const used = cpuSeconds(before, cpuReading(target.warm.pid))
  client.close()
  return (used / times) * 1e6
}

async function costOfOne(target: Target, client: RawClient): Promise<number> {
  // A thread that runs is counted when it stops running: a moment before, a moment after.
  await sleep(5)
  const before = cpuReading(target.warm.pid)
  await once(client)
  await sleep(5)
  // The scheduler's own count alone: one answer is far below a hundredth of a second.
  return (cpuReading(target.warm.pid).live - before.live) * 1e6
}

async function once(client: RawClient): Promise<void> {
  const reply = await answer(client, 'Metadata', 9, { topics: null })
  if (list(reply, 'topics').length < 1000) throw new Error('Metadata of fewer than 1,000 topics')
}
