// A broker with 1,000 partitions stops and is killed, and comes back with all of them and no complaint.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Cluster } from '../apache/cluster.ts'
import { batch } from '../oracle/batch.ts'
import { ask, createTopics, list } from './ask.ts'
import { untilServing } from './serving.ts'
import { stablePort, type Trial } from './trial.ts'

const TOPICS = Array.from({ length: 20 }, (_, i) => `many-${i}`)
const PER_TOPIC = 50

export async function thousandPartitions(trial: Trial): Promise<void> {
  const place = { port: await stablePort(), dataDir: path.join(trial.directory(), 'data') }
  let broker = await trial.broker(place)
  const from = performance.now()
  await createTopics(broker.bootstrap, TOPICS, PER_TOPIC)
  trial.figure('ms to create 1,000 partitions', Math.round(performance.now() - from))
  await produceEverywhere(broker)
  for (const [how, end] of [
    ['a clean stop', () => broker.stop({ keep: true })],
    ['kill -9', () => broker.kill()],
  ] as const) {
    const stopping = performance.now()
    await end()
    const took = performance.now() - stopping
    const started = performance.now()
    const starting = trial.broker(place)
    const ms = await untilServing(broker.bootstrap, TOPICS, started)
    broker = await starting
    trial.figure(`1,000 partitions, ${how}`, `${took.toFixed(0)} ms to end`)
    trial.figure(`1,000 partitions, ms to serve after ${how}`, ms.toFixed(0))
    const complaints = readFileSync(broker.logFile, 'utf8')
      .split('\n')
      .filter((line) => / (WARN|ERROR) /.test(line))
    trial.equal(`after ${how} the log has no warning`, complaints.slice(0, 5), [])
    trial.equal(`after ${how} every partition ends at 1`, await partitionsEndingAt(broker, 1), 1000)
  }
}

async function produceEverywhere(broker: Cluster): Promise<void> {
  const records = batch([{ key: 'k', value: 'v' }])
  const partitionData = Array.from({ length: PER_TOPIC }, (_, index) => ({ index, records }))
  const topicData = TOPICS.map((name) => ({ name, partitionData }))
  const request = { acks: -1, timeoutMs: 30_000, topicData }
  const reply = await ask(broker.bootstrap, 'Produce', 9, request)
  const refused = list(reply, 'responses')
    .flatMap((topic) => list(topic, 'partitionResponses'))
    .filter(({ errorCode }) => errorCode !== 0)
  if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused[0])}`)
}

async function partitionsEndingAt(broker: Cluster, offset: number): Promise<number> {
  const indexes = Array.from({ length: PER_TOPIC }, (_, i) => i)
  const partitions = indexes.map((partitionIndex) => ({ partitionIndex, timestamp: -1 }))
  const topics = TOPICS.map((name) => ({ name, partitions }))
  const request = { replicaId: -1, isolationLevel: 0, topics }
  const reply = await ask(broker.bootstrap, 'ListOffsets', 6, request)
  return list(reply, 'topics')
    .flatMap((topic) => list(topic, 'partitions'))
    .filter((one) => one['errorCode'] === 0 && one['offset'] === offset).length
}
