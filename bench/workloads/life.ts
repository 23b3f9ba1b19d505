// The life of a test with a real client library: the first one on a fresh broker and the later ones, and
// the two administrative requests by themselves.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { hostPort } from '../../test/apache/apache.ts'
import type { Endpoint } from '../../test/apache/cluster.ts'
import { answer, list } from '../../test/interop/ask.ts'
import { PYTHON, requirePython } from '../../test/interop/prepare.ts'
import { RawClient } from '../../test/oracle/raw-client.ts'
import { median } from '../method/statistics.ts'
import type { Row, Workload } from '../workload.ts'
import { unknownSteal } from './shapes.ts'

interface Life {
  readonly total: number
  readonly create: number
  readonly produce: number
  readonly consume: number
  readonly close: number
  readonly delete: number
}

const PARTS = ['create', 'produce', 'consume', 'close', 'delete'] as const

function row(figure: string, what: string, ratioAtMost?: number): Row {
  const goal = ratioAtMost === undefined ? {} : { goal: { ratioAtMost } }
  return { figure, what, unit: 'ms', better: 'less', ...goal }
}

export const life: Workload = {
  name: 'life',
  answers: "How long is a test's life: topic created, 10 records in, 10 out by a group, deleted?",
  peers: ['samsa', 'apache', 'samsa-development', 'kfake'],
  isFresh: true,
  note: `With Apache Kafka's profile the first FindCoordinator of a broker is answered
COORDINATOR_NOT_AVAILABLE, as Apache Kafka does, and librdkafka asks again after up to a second.
Samsa's own defaults answer it with the coordinator. A produce part of about a second is librdkafka
2.0.2 too: when the broker's first Metadata is answered before the program's first record is there, it
asks for the topic at its next tick of one second.`,
  rows: [
    row('first', "a test's life, the first on a fresh broker", 1 / 15),
    ...PARTS.map((part) => row(`first-${part}`, `of the first: ${part}`)),
    row('later', "a test's life, later ones", 1 / 3),
    ...PARTS.map((part) => row(part, `of a later one: ${part}`)),
    {
      ...row('first', "a test's life, the first on a fresh broker, own defaults", 1 / 15),
      side: 'samsa-development',
    },
    {
      ...row('later', "a test's life, later ones, own defaults", 1 / 3),
      side: 'samsa-development',
    },
  ],
  quick: { rounds: 1, otherRounds: 0, size: { later: 5 }, seconds: 12 },
  full: { rounds: 5, otherRounds: 3, size: { later: 8 }, seconds: 65 },
  async measure(target, size) {
    requirePython('confluent_kafka', 'python3-confluent-kafka')
    const cluster = await (await target.place()).start()
    const lives = await live(cluster.bootstrap, 1 + size['later']!)
    await cluster.stop()
    const [first, ...later] = lives
    const figures: Record<string, number> = {
      first: first!.total,
      later: median(later.map(({ total }) => total)),
    }
    for (const part of PARTS) {
      figures[`first-${part}`] = first![part]
      figures[part] = median(later.map((one) => one[part]))
    }
    return { figures, steal: unknownSteal }
  },
}

async function live(endpoint: Endpoint, count: number): Promise<Life[]> {
  const program = path.resolve('bench', 'programs', 'life.py')
  const child = spawn(PYTHON, [program, hostPort(endpoint)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const lives: Life[] = []
  try {
    await lines.next()
    while (lives.length < count) {
      child.stdin.write('\n')
      const line = await lines.next()
      if (line.done === true) throw new Error(`life.py ended with ${String(await ended)}`)
      lives.push(JSON.parse(line.value) as Life)
    }
  } finally {
    child.stdin.end()
    await ended
  }
  return lives
}

export const topics: Workload = {
  name: 'topics',
  answers: 'How long do the requests take that create and delete one topic?',
  peers: ['samsa', 'apache', 'kfake'],
  rows: [row('createMs', 'create a topic', 1 / 6), row('deleteMs', 'delete a topic', 1 / 6)],
  full: { rounds: 5, otherRounds: 2, size: { topics: 30 }, seconds: 30 },
  async warmUp(target, size) {
    await createAndDelete(target.warm.bootstrap, size['topics']!, target.topic())
    return 0
  },
  async measure(target, size) {
    const count = size['topics']!
    const figures = await createAndDelete(target.warm.bootstrap, count, target.topic())
    return { figures, steal: unknownSteal }
  },
}

async function createAndDelete(
  endpoint: Endpoint,
  count: number,
  prefix: string,
): Promise<{ createMs: number; deleteMs: number }> {
  const client = await RawClient.open(endpoint)
  const created: number[] = []
  const deleted: number[] = []
  const timed = async (api: 'CreateTopics' | 'DeleteTopics', member: string, body: object) => {
    const from = performance.now()
    const reply = await answer(client, api, 5, { timeoutMs: 30_000, ...body })
    const took = performance.now() - from
    const error = list(reply, member)[0]?.['errorCode']
    if (error !== 0) throw new Error(`${api}: error ${String(error)}`)
    return took
  }
  for (let i = 0; i < count; i++) {
    const topic = { name: `${prefix}-${i}`, numPartitions: 1, replicationFactor: 1 }
    created.push(await timed('CreateTopics', 'topics', { topics: [topic] }))
    deleted.push(await timed('DeleteTopics', 'responses', { topicNames: [topic.name] }))
  }
  client.close()
  return { createMs: median(created), deleteMs: median(deleted) }
}
