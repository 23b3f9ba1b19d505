// A directory changes hands: one side fills it and ends, the other serves exactly that, adds more and
// ends, and the first one goes on with all of it. Views are taken through the wire and compared line by
// line; what either side says in its log about repairs counts as well.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { ApacheVersion } from '../../apache/libs.ts'
import { until, type Trial } from '../trial.ts'
import { type BrokerName, type Ending, format, newPlace, type Place } from './host.ts'
import { type Running, start } from './host.ts'
import { plantInCommit, plantInSegment } from './plant.ts'
import { differences, type View, viewOf } from './view.ts'
import { begin, foreignState, goOn, type Past } from './workload.ts'

export type Origin = 'samsa' | 'samsa standalone' | 'apache static' | 'apache standalone'

export interface Cell {
  readonly origin: Origin
  readonly version: ApacheVersion
  readonly ending: Ending
}

const ORIGINS: readonly Origin[] = [
  'samsa',
  'samsa standalone',
  'apache static',
  'apache standalone',
]
export const VERSIONS: readonly ApacheVersion[] = ['4.4.0', '4.3.1', '3.9.2']

/** Every origin with every version and both endings. */
export const PRODUCT: readonly Cell[] = ORIGINS.flatMap((origin) =>
  VERSIONS.flatMap((version) =>
    (['stop', 'kill'] as const).map((ending) => ({ origin, version, ending })),
  ),
)

/** Each origin, each version and both endings at least once; docs/moving.md adds a clean stop of ours. */
export const CHOSEN: readonly Cell[] = [
  { origin: 'samsa', version: '4.4.0', ending: 'kill' },
  { origin: 'apache static', version: '4.3.1', ending: 'stop' },
  { origin: 'apache standalone', version: '3.9.2', ending: 'kill' },
]

const CONFIG = {
  // Small, so that each side also writes and reads snapshots of the metadata.
  'metadata.log.max.record.bytes.between.snapshots': '3000',
  // Where a log begins is written from time to time, and kill -9 must not come before.
  'log.flush.start.offset.checkpoint.interval.ms': '1000',
}

export async function changeHands(trial: Trial, cell: Cell): Promise<void> {
  const { origin, version, ending } = cell
  const isOurs = origin.startsWith('samsa')
  const one: BrokerName = isOurs ? 'samsa' : version
  const other: BrokerName = isOurs ? version : 'samsa'
  const what = `${origin} -> ${other} -> ${one}, ${ending === 'stop' ? 'clean stops' : 'kill -9'}`
  const standalone = origin.endsWith('standalone')
  const place = await newPlace(trial, { standalone, config: CONFIG })
  // Samsa's own first start formats; the voters of a quorum that can change are named before.
  if (!isOurs || standalone) await format(place, one)
  const hands = new Hands(trial, place, ending, what)
  const first = await hands.take(one)
  if (!isOurs) await foreignState(first)
  const past = await begin(first)
  await hands.pass(first, other)
  // What is planted is planted at the first hand-over.
  if (trial.fault !== undefined) return
  await hands.goOn(past, 1)
  await hands.pass(hands.holder, one)
  await hands.goOn(past, 2)
  await hands.holder.end('stop')
  hands.judgeLogs()
}

interface Offset {
  readonly offset: number
}

/** One directory on its way. */
class Hands {
  holder!: Running
  readonly #trial: Trial
  readonly #place: Place
  readonly #ending: Ending
  readonly #what: string
  readonly #held: Running[] = []

  constructor(trial: Trial, place: Place, ending: Ending, what: string) {
    this.#trial = trial
    this.#place = place
    this.#ending = ending
    this.#what = what
  }

  async take(name: BrokerName): Promise<Running> {
    this.holder = await start(this.#trial, this.#place, name)
    this.#held.push(this.holder)
    return this.holder
  }

  /** From one to the next, which has to show the same. */
  async pass(from: Running, to: BrokerName): Promise<void> {
    const before = await viewOf(from)
    if (this.#ending === 'kill') await this.#startsAreWritten(before)
    await from.end(this.#ending)
    plantInSegment(this.#trial.fault, this.#place.dataDir)
    plantInCommit(this.#trial.fault, this.#place.dataDir)
    await this.take(to)
    const after = await viewOf(this.holder)
    this.#compare(`${from.name} hands over to ${to}`, before, after)
  }

  async goOn(past: Past, round: number): Promise<void> {
    try {
      await goOn(this.holder, past, round)
      this.#trial.expect(`${this.#what}: ${this.holder.name} goes on`, true)
    } catch (error) {
      this.#trial.expect(`${this.#what}: ${this.holder.name} goes on`, false, String(error))
    }
  }

  /** What the processes said while they had the directory, and what it looks like. */
  judgeLogs(): void {
    const bad = this.#held.flatMap((running) => complaints(running, this.#ending))
    this.#trial.expect(`${this.#what}: nobody has to repair anything`, bad.length === 0, bad)
    const strays = readdirSync(this.#place.dataDir).filter((name) => name.endsWith('-stray'))
    this.#trial.equal(`${this.#what}: no directory is astray`, strays, [])
  }

  /** A crash before it would bring deleted records back, with either program. */
  async #startsAreWritten(view: View): Promise<void> {
    const file = path.join(this.#place.dataDir, 'log-start-offset-checkpoint')
    for (const name of ['rolled', 'trimmed']) {
      const { earliest } = JSON.parse(view.get(`offsets of ${name}-0`)!) as { earliest: Offset }
      const line = `${name} 0 ${earliest.offset}\n`
      await until(`"${line}" in ${file}`, 20_000, () => {
        return existsSync(file) && readFileSync(file, 'latin1').includes(line)
      })
    }
  }

  #compare(step: string, before: View, after: View): void {
    const trial = this.#trial
    const different = differences(before, after)
    const records = [...before.keys()].filter((name) => name.startsWith('records of')).length
    const judge = (part: string, isOf: (line: string) => boolean) => {
      const lines = different.filter(isOf)
      trial.expect(`${this.#what}: ${step}, ${part}`, lines.length === 0, lines.slice(0, 12))
    }
    const isRecords = (line: string) => line.startsWith('records of')
    const isCommit = (line: string) => line.startsWith('offset of')
    judge(`${records} batches the same`, isRecords)
    judge('committed offsets the same', isCommit)
    judge('all else the same', (line) => !isRecords(line) && !isCommit(line))
  }
}

/** What Apache Kafka says in its normal life, and not of the directory it was given. */
const HARMLESS = [
  /Performing controller activation/,
  // Of each who asks for a coordinator while the first of them has its topic made.
  /Auto topic creation failed for __\w+ with error 'TOPIC_ALREADY_EXISTS'/,
  // The record that the workload put there, past its coordinator.
  /HighWatermarkUpdate failed due to New committed offset 1 of __consumer_offsets-0/,
  /Unknown (record type|message key with version) 99 while loading/i,
  /Attempting to close NetworkClient that has already been closed/,
  // Of every partition that is added to a topic that it knows.
  /Expected partition grown-\d with topic id \S+ to exist, but it was missing\. Creating/,
]

/** Lines of a log that say something had to be put right; after a clean stop a look is too much. */
function complaints({ name, log }: Running, ending: Ending): string[] {
  const repairs =
    ending === 'stop'
      ? / (WARN|ERROR|FATAL) |Recovering \d+ logs|Recovering unflushed segment/
      : / (WARN|ERROR|FATAL) /
  return (
    log()
      .split('\n')
      .filter((line) => repairs.test(line) && !HARMLESS.some((known) => known.test(line)))
      // Of the metadata log it always looks at the last segment.
      .filter((line) => !/partition=__cluster_metadata-0.*Recovering unflushed/.test(line))
      .map((line) => `${name}: ${line}`)
  )
}
