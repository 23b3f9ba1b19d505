// What a check is given: a place to say what it expects and measured, temp directories and brokers
// that end with it, and the fault it has to catch when the harness itself is under test.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Cluster } from '../apache/cluster.ts'
import { logTail } from '../apache/program.ts'
import { startSamsa, type SamsaOptions } from '../apache/samsa.ts'

export interface Fault {
  readonly name: string
  /** For the reader: what goes wrong on purpose. */
  readonly plants: string
  /** The expectation that has to fail; any other failure does not count as caught. */
  readonly caughtBy: RegExp
}

export interface Check {
  readonly name: string
  readonly about: string
  readonly faults: readonly Fault[]
  run(trial: Trial): Promise<void>
}

/** Where a story says what it expects, and what has to end with it. */
export type Judge = Pick<Trial, 'expect' | 'equal' | 'after'>

export interface TrialOptions {
  readonly fault?: string
  readonly isSmall: boolean
  /** Every combination, where a check has a chosen few. */
  readonly isFull?: boolean
  readonly isQuiet: boolean
  readonly keepLogs: boolean
  /** samsa.profile. */
  readonly profile: string
  /** `--name=value` of the command line. */
  readonly settings?: ReadonlyMap<string, string>
  /** Files that a check generates are to be written, not only compared. */
  readonly isWriting?: boolean
}

/** What Apache's own server.properties says for one node. */
const SINGLE_NODE = {
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
}

export class Trial {
  /** The planted fault, undefined in a real run. */
  readonly fault: string | undefined
  /** Less work: under a planted fault, or asked for. */
  readonly isSmall: boolean
  /** Asked for: every combination, where a check has a chosen few. */
  readonly isFull: boolean
  readonly settings: ReadonlyMap<string, string>
  readonly isWriting: boolean
  readonly failures: string[] = []
  passed = 0
  readonly #profile: string
  readonly #isQuiet: boolean
  readonly #keepLogs: boolean
  readonly #cleanUps: (() => Promise<void> | void)[] = []
  readonly #brokers: Cluster[] = []

  constructor(options: TrialOptions) {
    this.#profile = options.profile
    this.fault = options.fault
    this.isSmall = options.isSmall
    this.isFull = options.isFull ?? false
    this.settings = options.settings ?? new Map<string, string>()
    this.isWriting = options.isWriting ?? false
    this.#isQuiet = options.isQuiet
    this.#keepLogs = options.keepLogs
  }

  /** One line of the report; a failure does not stop the check. */
  expect(what: string, isTrue: boolean, found?: unknown): void {
    if (isTrue) this.passed++
    else this.failures.push(what)
    const shown = isTrue || found === undefined ? '' : `: ${show(found)}`
    this.#print(`  ${isTrue ? 'ok    ' : 'FAILED'} ${what}${shown}`)
  }

  equal(what: string, found: unknown, expected: unknown): void {
    const isEqual = JSON.stringify(found) === JSON.stringify(expected)
    this.expect(what, isEqual, isEqual ? undefined : { found, expected })
  }

  /** A measured number, for people and for the closing note. */
  figure(what: string, value: string | number): void {
    this.#print(`         ${what}: ${value}`)
  }

  /** Runs when the check ends, last first. */
  after(cleanUp: () => Promise<void> | void): void {
    this.#cleanUps.push(cleanUp)
  }

  directory(): string {
    const dir = mkdtempSync(path.join(tmpdir(), 'samsa-interop-'))
    this.after(() => rmSync(dir, { recursive: true, force: true }))
    return dir
  }

  async broker(options: SamsaOptions = {}): Promise<Cluster> {
    const config = { ...(this.#profile === 'kafka' ? SINGLE_NODE : {}), ...options.config }
    const cluster = await startSamsa({
      ...options,
      port: options.port ?? (await stablePort()),
      config: { 'samsa.profile': this.#profile, ...config },
    })
    this.#brokers.push(cluster)
    this.after(() => cluster.stop({ keep: this.#keepLogs && this.failures.length > 0 }))
    return cluster
  }

  async end(): Promise<void> {
    if (this.failures.length > 0) {
      const last = this.#brokers.at(-1)
      const isLogged = last !== undefined && existsSync(last.logFile)
      if (isLogged) this.#print(`  log ${last.logFile}:\n${logTail(last.logFile, 15)}`)
    }
    for (const cleanUp of this.#cleanUps.reverse()) await cleanUp()
  }

  #print(line: string): void {
    if (!this.#isQuiet) process.stdout.write(`${line}\n`)
  }
}

/** Polls; for things that another process does in its own time. */
export async function until(
  what: string,
  timeoutMs: number,
  isReached: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await isReached())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`)
    await sleep(20)
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Free, and below the range that outgoing connections take theirs from: a broker can come back to it. */
export async function stablePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer()
      probe.on('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 1000 ? `${text.slice(0, 1000)} ...` : text
}
