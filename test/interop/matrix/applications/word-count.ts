// Kafka Streams' own WordCountDemo: it counts, is stopped, loses its state directory, restores itself from
// its changelog and counts on. Everything it wrote is read and compared with counts made here.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { hostPort } from '../../../apache/apache.ts'
import type { Endpoint } from '../../../apache/cluster.ts'
import { requireTool } from '../../../apache/libs.ts'
import { logTail, startProgram, type Program } from '../../../apache/program.ts'
import { ask, createTopics, list } from '../../ask.ts'
import { mavenLibs } from '../../maven.ts'
import { JVM } from '../../toolbox.ts'
import { sleep, until } from '../../trial.ts'
import { appendBatch, readTopic, untilServed } from '../raw-log.ts'
import { BASE_TIME } from '../wire-record.ts'
import type { Application } from './application.ts'
import { Objections } from './objections.ts'

const POM = 'test/interop/matrix/applications/word-count/pom.xml'
const DEMO = 'org.apache.kafka.streams.examples.wordcount.WordCountDemo'
const INPUT = 'streams-plaintext-input'
const OUTPUT = 'streams-wordcount-output'
const PARTITIONS = 2
const LINES = 200

/** Each word with every count it had, in the order in which they were written. */
type Counts = Readonly<Record<string, readonly number[]>>

export const wordCount: Application = {
  name: 'word-count',
  title: "Kafka Streams' WordCountDemo 4.3.1",
  about:
    'a Streams application counts exactly, through its repartition topic, and after a restart ' +
    'without its state goes on from its changelog',
  files: [POM, 'test/interop/matrix/applications/word-count.ts'],
  prepare() {
    requireTool('java', ['-version'])
    libs()
  },
  run: (at, scratch) => Objections.over((objections) => story(objections, at, scratch)),
}

async function story(objections: Objections, at: Endpoint, scratch: string): Promise<void> {
  const state = path.join(scratch, 'state')
  await createTopics(at, [INPUT, OUTPUT], PARTITIONS)
  // Streams ends at once when its input is not there.
  for (const topic of [INPUT, OUTPUT]) await untilServed(at, topic, PARTITIONS)
  const words: string[] = []
  let demo = start(objections, at, scratch)
  words.push(...(await produce(at, 0)))
  compare(objections, 'at first', await counted(at, demo, words.length), words)
  await internalTopics(objections, at)
  await stop(objections, demo)
  const kept = readdirSync(state, { recursive: true }).length
  objections.expect('there is a state to lose', kept > 0)
  rmSync(state, { recursive: true })

  demo = start(objections, at, scratch)
  words.push(...(await produce(at, LINES)))
  compare(objections, 'after the restart', await counted(at, demo, words.length), words)
  await stop(objections, demo)
}

function compare(
  objections: Objections,
  when: string,
  found: Counts,
  words: readonly string[],
): void {
  for (const [word, counts] of Object.entries(countsOf(words))) {
    objections.equal(`${word} ${when}`, found[word], counts)
  }
  const known = new Set(words)
  const unknown = Object.keys(found).filter((word) => !known.has(word))
  objections.equal(`other words ${when}`, unknown, [])
}

function libs(): string {
  return mavenLibs('matrix-word-count', POM)
}

function start(objections: Objections, at: Endpoint, scratch: string): Program {
  const properties = path.join(scratch, 'streams.properties')
  const lines = [
    `bootstrap.servers=${hostPort(at)}`,
    `state.dir=${path.join(scratch, 'state')}`,
    'commit.interval.ms=200',
    'repartition.purge.interval.ms=200',
    // A Streams application does not leave its group: the next one waits until the first has expired.
    'session.timeout.ms=6000',
    'heartbeat.interval.ms=500',
  ]
  writeFileSync(properties, `${lines.join('\n')}\n`)
  const log = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
  const args = [...JVM, log, '-cp', path.join(libs(), '*'), DEMO, properties]
  const demo = startProgram('java', args, { logFile: path.join(scratch, 'demo.log') })
  objections.after(() => demo.kill())
  return demo
}

/** SIGTERM, on which the demo closes its streams and commits. */
async function stop(objections: Objections, demo: Program): Promise<void> {
  const code = await demo.stop(30_000)
  objections.equal('it ends after SIGTERM by itself', code, 128 + 15)
}

/** Lines with capitals and commas, alternately into both partitions; returns their words. */
async function produce(at: Endpoint, from: number): Promise<string[]> {
  const names = ['Gregor', 'samsa', 'awoke', 'one', 'morning', 'from', 'uneasy', 'Dreams', 'found']
  const lines = Array.from({ length: LINES }, (_, i) => {
    const n = from + i
    return [7, 5, 3, 2].map((step, at) => names[(n * step + at) % names.length]).join(', ')
  })
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const mine = lines.filter((_, i) => i % PARTITIONS === partition)
    const records = mine.map((line, i) => ({
      timestamp: BASE_TIME + from + i,
      key: null,
      value: Buffer.from(line),
    }))
    await appendBatch(at, INPUT, partition, records)
  }
  return lines.flatMap((line) => line.toLowerCase().split(', '))
}

/** What stands in the output as soon as it has a count for each word. */
async function counted(at: Endpoint, demo: Program, total: number): Promise<Counts> {
  let isOver = false
  void demo.ended.then(() => {
    isOver = true
  })
  const deadline = performance.now() + 60_000
  for (;;) {
    const found = await written(at)
    const count = Object.values(found).reduce((sum, { length }) => sum + length, 0)
    if (count >= total) return found
    if (isOver || performance.now() > deadline) {
      throw new Error(`${count} of ${total} counts:\n${logTail(demo.logFile)}`)
    }
    await sleep(200)
  }
}

async function written(at: Endpoint): Promise<Counts> {
  const counts: Record<string, number[]> = {}
  for (const { records } of await readTopic(at, OUTPUT, PARTITIONS)) {
    for (const { key, value } of records) {
      const word = Buffer.from(key!, 'base64').toString()
      counts[word] ??= []
      counts[word].push(Number(Buffer.from(value!, 'base64').readBigInt64BE()))
    }
  }
  return counts
}

/** Every word is counted from 1 on, once each time. */
function countsOf(words: readonly string[]): Counts {
  const counts: Record<string, number[]> = {}
  for (const word of words) {
    counts[word] ??= []
    counts[word].push(counts[word].length + 1)
  }
  return counts
}

/** What Streams made for itself: a compacted changelog and a repartition topic that it empties. */
async function internalTopics(objections: Objections, at: Endpoint): Promise<void> {
  const all = list(await ask(at, 'Metadata', 8, { topics: null }), 'topics')
  for (const [kind, policy] of [
    ['changelog', 'compact'],
    ['repartition', 'delete'],
  ] as const) {
    const [topic, ...others] = all.filter(({ name }) => String(name).endsWith(`-${kind}`))
    objections.expect(`there is one ${kind} topic`, topic !== undefined && others.length === 0)
    if (topic === undefined) continue
    objections.equal(`${kind} partitions`, list(topic, 'partitions').length, PARTITIONS)
    const name = String(topic['name'])
    objections.equal(`${kind} cleanup.policy`, await configOf(at, name, 'cleanup.policy'), policy)
    if (kind === 'repartition') await purged(at, name)
  }
}

/** Streams deletes from a repartition topic what it has counted. */
async function purged(at: Endpoint, topic: string): Promise<void> {
  await until(`records deleted from ${topic}`, 20_000, async () => {
    const partitions = [0, 1].map((partitionIndex) => ({ partitionIndex, timestamp: -2 }))
    const request = { replicaId: -1, isolationLevel: 0, topics: [{ name: topic, partitions }] }
    const reply = await ask(at, 'ListOffsets', 6, request)
    return list(list(reply, 'topics')[0]!, 'partitions').some(({ offset }) => Number(offset) > 0)
  })
}

async function configOf(at: Endpoint, topic: string, name: string): Promise<unknown> {
  const resources = [{ resourceType: 2, resourceName: topic, configurationKeys: [name] }]
  const reply = await ask(at, 'DescribeConfigs', 4, { resources })
  const [config] = list(list(reply, 'results')[0]!, 'configs')
  return config?.['value']
}
