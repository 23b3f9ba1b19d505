// kcat (librdkafka): what a person does first. A real word list through every codec and back, and the
// ways to say where to begin.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostPort } from '../apache/apache.ts'
import type { Cluster } from '../apache/cluster.ts'
import { runProgram } from '../apache/program.ts'
import { createTopics } from './ask.ts'
import { batchHeads, logBytes, type BatchHead } from './disk.ts'
import { requireKcat, wordList } from './prepare.ts'
import { sleep, type Check, type Trial } from './trial.ts'

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

export const kcat: Check = {
  name: 'kcat',
  about: 'kcat streams a word list keyed through every codec and reads from anywhere',
  faults: [
    { name: 'lost-word', plants: 'one line is not produced', caughtBy: /same lines come back/ },
    { name: 'no-codec', plants: 'nothing is compressed', caughtBy: /smaller on disk/ },
    { name: 'early', plants: 'the second part is produced too early', caughtBy: /-o s@TS/ },
  ],
  async run(trial) {
    requireKcat()
    const broker = await trial.broker()
    await streamWords(trial, broker)
    await positions(trial, broker)
    marks(trial, broker)
  },
}

async function streamWords(trial: Trial, broker: Cluster): Promise<void> {
  const words = readFileSync(wordList(), 'utf8').trimEnd().split('\n')
  const wanted = trial.isSmall ? words.slice(0, 3000) : words
  const lines = wanted.map((word) => `${word}\t${word}`)
  if (!trial.isSmall) trial.expect('the file has 100,000 lines', lines.length >= 100_000)
  trial.figure('lines', lines.length)
  const expected = digest(lines)
  const sizes = new Map<string, number>()
  for (const codec of CODECS) {
    const topic = `words-${codec}`
    await createTopics(broker.bootstrap, [topic], 6)
    const produced = trial.fault === 'lost-word' ? lines.slice(1) : lines
    const used = trial.fault === 'no-codec' ? 'none' : codec
    const from = performance.now()
    const produce = ['-P', '-t', topic, '-K', '\t', '-z', used, '-X', 'linger.ms=20']
    run(broker, produce, `${produced.join('\n')}\n`)
    const to = performance.now()
    const printed = run(broker, ['-C', '-t', topic, '-e', '-q', '-f', '%k\t%s\n'])
    const back = printed.split('\n').slice(0, -1)
    const took = `${Math.round(to - from)} ms in, ${Math.round(performance.now() - to)} ms out`
    sizes.set(codec, logBytes(broker.dataDir, topic))
    const perBatch = lines.length / batchHeads(broker.dataDir, topic).length
    trial.figure(codec, `${took}, ${sizes.get(codec)} B, ${Math.round(perBatch)} records a batch`)
    const found = digest(back)
    trial.expect(`${codec}: the same lines come back, sorted sha256`, found === expected, {
      found,
      expected,
      lines: back.length,
    })
  }
  trial.figure('sha256', expected)
  const plain = sizes.get('none')!
  for (const codec of CODECS.slice(1)) {
    const ratio = sizes.get(codec)! / plain
    // librdkafka sends a batch that compression makes larger as it is: the odd one of a few records.
    const heads = batchHeads(broker.dataDir, `words-${codec}`)
    const marked = heads.filter((head) => head.codec === CODECS.indexOf(codec))
    const share = recordsOf(marked) / recordsOf(heads)
    const what = `${codec} is smaller on disk, in batches that say so`
    trial.expect(what, ratio < 0.9 && share > 0.95, { ratio, share })
    trial.figure(`${codec} / none`, ratio.toFixed(2))
  }
  const listing = run(broker, ['-L'])
  const partitions = listing.match(/partition \d, leader 1, replicas: 1, isrs: 1/g) ?? []
  trial.equal('-L shows 5 topics of 6 partitions, each led by 1', partitions.length, 30)
  trial.expect('-L shows one broker', /1 brokers:\n\s+broker 1 at 127\.0\.0\.1:/.test(listing))
  const used = new Set(
    run(broker, ['-C', '-t', 'words-none', '-e', '-q', '-f', '%p\n']).split('\n'),
  )
  trial.equal('the keys go to every partition', used.size - 1, 6)
}

async function positions(trial: Trial, broker: Cluster): Promise<void> {
  const read = (...args: string[]) =>
    run(broker, ['-C', '-t', 'places', '-e', '-q', ...args])
      .split('\n')
      .slice(0, -1)
  await createTopics(broker.bootstrap, ['places'], 1)
  run(broker, ['-P', '-t', 'places'], numbers(0, 10))
  await sleep(30)
  let middle = Date.now()
  await sleep(30)
  if (trial.fault === 'early') middle = Date.now() + 60_000
  run(broker, ['-P', '-t', 'places'], numbers(10, 10))
  trial.equal('-o -5 reads the last five', read('-o', '-5'), ['15', '16', '17', '18', '19'])
  trial.equal('-o 17 reads from an offset', read('-o', '17'), ['17', '18', '19'])
  const since = numbers(10, 10).trimEnd().split('\n')
  trial.equal('-o s@TS reads from a time', read('-o', `s@${middle}`), since)
  const part = numbers(0, 10).trimEnd().split('\n')
  const range = read('-o', 's@1', '-o', `e@${middle}`)
  trial.equal('-o s@1 -o e@TS reads up to a time', range, part)
  const query = (at: number | string) => run(broker, ['-Q', '-t', `places:0:${at}`]).trim()
  trial.equal('-Q finds the offset of a time', query(middle), 'places [0] offset 10')
  trial.equal('-Q -2 finds the beginning', query(-2), 'places [0] offset 0')
  trial.equal('-Q -1 finds the end', query(-1), 'places [0] offset 20')
}

function marks(trial: Trial, broker: Cluster): void {
  const topic = ['-t', 'marks']
  const header = ['-H', 'one=1', '-H', 'two=zwei', '-H', 'none']
  run(broker, ['-P', ...topic, '-K', ':', ...header], 'k:v\n')
  run(broker, ['-P', ...topic, '-K', ':', '-Z'], 'key:\n:value\n:\n')
  run(broker, ['-P', ...topic, '-K', ':'], 'key:\n')
  const printed = run(broker, ['-C', ...topic, '-e', '-q', '-f', '%K %k %S %s %h\n'])
  // A length of -1 is null; kcat prints nothing for the value then.
  const expected = [
    '1 k 1 v one=1,two=zwei,none=NULL',
    '3 key -1',
    '-1 5 value',
    '-1 -1',
    '3 key 0',
  ]
  const found = printed.split('\n').slice(0, -1)
  trial.equal('headers, null and empty keys and values come back', found.map(trimmed), expected)
  trial.expect(
    'the topic was made on demand',
    run(broker, ['-L', ...topic]).includes('partition 0'),
  )
}

function recordsOf(heads: readonly BatchHead[]): number {
  return heads.reduce((sum, head) => sum + head.records, 0)
}

function trimmed(line: string): string {
  return line.replaceAll(/ +/g, ' ').trim()
}

function run(broker: Cluster, args: readonly string[], input?: string): string {
  const all = ['-b', hostPort(broker.bootstrap), ...args]
  return runProgram('kcat', all, { ...(input === undefined ? {} : { input }), timeoutMs: 60_000 })
}

function digest(lines: readonly string[]): string {
  return createHash('sha256')
    .update([...lines].sort().join('\n'))
    .digest('hex')
}

function numbers(from: number, count: number): string {
  return `${Array.from({ length: count }, (_, i) => from + i).join('\n')}\n`
}
