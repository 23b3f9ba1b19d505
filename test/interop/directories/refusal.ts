// Directories that Samsa must not touch: it ends with one sentence that names what it lacks, and nothing
// on the disk is different afterwards, not even the time of a directory.
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ApacheVersion } from '../../apache/libs.ts'
import { serverProperties } from '../../apache/node.ts'
import { until, type Trial } from '../trial.ts'
import { differences } from './view.ts'
import { format, newPlace, type Place, samsa, start } from './host.ts'
import { unknownRecord, writeBeforeRefusing } from './plant.ts'
import { abort, openTransaction } from './transactions.ts'
import { Wire } from './wire.ts'

/** Sentences on the error output begin so. */
const SENTENCE = /^samsa: .*$/m

export async function refusals(trial: Trial): Promise<void> {
  await newerFormat(trial, '4.4.0')
  if (trial.fault !== undefined) return
  await newerFormat(trial, '4.3.1')
  await foreignFeature(trial)
  await foreignRecord(trial)
  await twoDirectories(trial)
  await openTransactions(trial)
}

/** Apache's own default, as `kafka-storage.sh format` makes it. */
async function newerFormat(trial: Trial, version: ApacheVersion): Promise<void> {
  const place = await newPlace(trial)
  await format(place, version, [])
  const named = /(\S+) holds .*feature metadata\.version at level (29|3\d), .* docs\/moving\.md/
  await refused(trial, place, `${version}'s own format, never started`, named)
  if (trial.fault !== undefined) return
  const apache = await start(trial, place, version)
  const wire = await Wire.open(apache.endpoint)
  const topic = { name: 'used', numPartitions: 2, replicationFactor: 1, configs: [] }
  await wire.done('CreateTopics', 6, { topics: [topic], timeoutMs: 30_000 })
  wire.close()
  await apache.end('stop')
  await refused(trial, place, `${version}'s own format, in use`, named)
}

async function foreignFeature(trial: Trial): Promise<void> {
  const place = await newPlace(trial)
  await format(place, '4.3.1', ['-f', 'metadata.version=21', '-f', 'transaction.version=1'])
  const named = /bootstrap\.checkpoint holds .*feature transaction\.version at level 1, /
  await refused(trial, place, 'level 3.9 with transaction.version=1', named)
}

async function foreignRecord(trial: Trial): Promise<void> {
  const config = { 'metadata.log.max.record.bytes.between.snapshots': '500' }
  const place = await newPlace(trial, { config })
  const running = await start(trial, place, 'samsa')
  const wire = await Wire.open(running.endpoint)
  for (const name of ['a', 'b', 'c']) {
    const topic = { name, numPartitions: 3, replicationFactor: 1, configs: [] }
    await wire.done('CreateTopics', 6, { topics: [topic], timeoutMs: 30_000 })
  }
  wire.close()
  await running.end('stop')
  const file = unknownRecord(place.dataDir)
  const named = new RegExp(
    `${file} holds .*: unknown type 99 \\(offset \\d+\\); nothing was changed`,
  )
  await refused(trial, place, 'a snapshot with a record of an unknown type', named)
}

/** Partitions are in both; as two, and each for itself. */
async function twoDirectories(trial: Trial): Promise<void> {
  const home = trial.directory()
  const [one, other] = [path.join(home, 'one'), path.join(home, 'other')]
  const both = await newPlace(trial, { config: { 'log.dirs': `${one},${other}` } })
  await format(both, '4.3.1')
  const apache = await start(trial, both, '4.3.1')
  const wire = await Wire.open(apache.endpoint)
  const topic = { name: 'spread', numPartitions: 6, replicationFactor: 1, configs: [] }
  await wire.done('CreateTopics', 6, { topics: [topic], timeoutMs: 30_000 })
  wire.close()
  await apache.end('stop')
  const watched = { ...both, dataDir: home }
  await refused(trial, watched, 'two log directories', /log\.dirs names 2 directories: /)
  const hasMetadata = (dir: string) => readdirSync(dir).includes('__cluster_metadata-0')
  for (const dataDir of [one, other]) {
    const { port } = both.endpoint
    const place = { dataDir, port, controllerPort: both.controller.port }
    writeFileSync(both.properties, serverProperties(place))
    const what = hasMetadata(dataDir) ? 'the one of two with' : 'the one of two without'
    const named = hasMetadata(dataDir)
      ? /is not the only log directory of node 1: spread-\d (is in directory|may be in another)/
      : /holds partitions \(spread-\d\) but no __cluster_metadata-0/
    await refused(trial, watched, `${what} the metadata`, named)
  }
}

/** Refused while it is open, taken when it has ended. */
async function openTransactions(trial: Trial): Promise<void> {
  const place = await newPlace(trial)
  await format(place, '4.3.1')
  const first = await start(trial, place, '4.3.1')
  const transaction = await openTransaction(first)
  await first.end('kill')
  const named = /__transaction_state-\d+ holds the open transaction of 'payments' \(Ongoing\)/
  await refused(trial, place, 'an open transaction', named)
  const second = await start(trial, place, '4.3.1')
  await abort(second, transaction)
  const inUse = samsa(place, ['start', place.properties])
  await inUse.line(/is in use by another broker: stop that one/, 20_000)
  trial.expect('a directory that Apache Kafka runs on: refused', (await inUse.ended) === 1)
  await second.end('stop')
  const third = await start(trial, place, 'samsa')
  await third.end('stop')
  trial.expect('a directory whose transactions have ended is taken', true)
}

async function refused(trial: Trial, place: Place, what: string, named: RegExp): Promise<void> {
  const before = listing(place.dataDir)
  writeBeforeRefusing(trial.fault, place.dataDir)
  const program = samsa(place, ['start', place.properties])
  // One that serves has not refused: it is killed, which is no exit code.
  void program.line(/started/, 30_000).then(
    () => program.kill(),
    () => undefined,
  )
  const code = await program.ended
  const said = () => readFileSync(program.logFile, 'utf8')
  await until('a word of Samsa', 10_000, () => said().endsWith('\n'))
  const sentence = SENTENCE.exec(said())?.[0] ?? said()
  trial.expect(`${what}: refused`, code !== 0 && code !== null, { code, sentence })
  trial.expect(`${what}: named in a sentence`, named.test(sentence), sentence)
  const changed = differences(before, listing(place.dataDir))
  trial.expect(`${what}: not one byte was written`, changed.length === 0, changed)
}

/** Every path below with its size, times, mode and content. */
function listing(root: string): Map<string, string> {
  const found = new Map<string, string>()
  const visit = (file: string) => {
    const stat = lstatSync(file, { bigint: true })
    const bytes = stat.isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : ''
    found.set(file, `${stat.mode} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${bytes}`)
    if (stat.isDirectory()) for (const name of readdirSync(file)) visit(path.join(file, name))
  }
  visit(root)
  return found
}
