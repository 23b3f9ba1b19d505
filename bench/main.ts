// `npm run bench`: Samsa and Apache Kafka on this machine, in turns, on the same workloads, with a raw
// sink, librdkafka's mock broker and kfake beside them. The load comes from compiled programs; CPU is
// the broker's own, from /proc, and steadier than the wall clock. `--help` names the options.
import { existsSync } from 'node:fs'
import { apacheLibs } from '../test/apache/libs.ts'
import { nodeModules, requirePython } from '../test/interop/prepare.ts'
import { compiled } from './compile.ts'
import { breachesOf, boundText, BOUNDS } from './gate.ts'
import { currentCommit, describeMachine } from './machine.ts'
import { parseOptions, USAGE, UsageError, type Options } from './options.ts'
import { writeReport } from './report/report.ts'
import { HEADING, tableLines } from './report/table.ts'
import { readResults, resultsPath, writeResults, type Results } from './results.ts'
import { selfTest } from './self-test.ts'
import { APACHE_VERSION } from './servers/apache.ts'
import { Session } from './session.ts'
import type { Workload } from './workload.ts'
import { WORKLOADS } from './workloads/index.ts'

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE)
    return 0
  }
  let options: Options
  try {
    options = parseOptions(args, WORKLOADS)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${error.message}\n\n${USAGE}`)
    return 2
  }
  if (options.mode === 'list') return list()
  if (options.mode === 'report') return report(options.file!)
  if (options.mode === 'prepare') return prepare()
  if (!existsSync('dist/cli.cjs')) throw new Error('dist/ is missing: run `npm run build` first')
  return options.mode === 'self-test' ? test() : run(options)
}

function list(): number {
  for (const { name, answers, full, quick, isExtra } of WORKLOADS) {
    const also = [quick ? 'quick' : '', isExtra === true ? 'only when named' : ''].filter(Boolean)
    const shown = also.length > 0 ? ` [${also.join(', ')}]` : ''
    process.stdout.write(`${name.padEnd(24)} ${String(full.seconds).padStart(4)} s  ${answers}`)
    process.stdout.write(`${shown}\n`)
  }
  return 0
}

/** Downloads and compilers come first, where nothing is measured. */
function prepare(): number {
  requirePython('confluent_kafka', 'python3-confluent-kafka')
  process.stdout.write(`Apache Kafka: ${apacheLibs(APACHE_VERSION)}\n`)
  process.stdout.write(`Node 24: ${nodeModules('node-24')}\n`)
  for (const name of ['frames', 'clients', 'sink', 'mock', 'kfake'] as const)
    process.stdout.write(`${name}: ${compiled(name)}\n`)
  return 0
}

function report(file: string): number {
  for (const written of writeReport(file)) process.stdout.write(`written: ${written}\n`)
  return 0
}

async function test(): Promise<number> {
  const missed = await selfTest(
    async (names, environment) => {
      const peers = ['samsa', 'apache', 'sink'] as const
      const print = () => undefined
      const session = new Session({ isFull: false, rounds: 1, peers, environment, print })
      try {
        const chosen = WORKLOADS.filter(({ name }) => names.includes(name))
        const measured = []
        for (const workload of chosen) measured.push(await session.run(workload))
        return measured
      } finally {
        await session.end()
      }
    },
    (line) => process.stdout.write(`${line}\n`),
  )
  return missed === 0 ? 0 : 1
}

async function run(options: Options): Promise<number> {
  const print = (line: string) => {
    ;(options.isJson ? process.stderr : process.stdout).write(`${line}\n`)
  }
  const results = options.file === undefined ? begin(options) : resume(options.file)
  const file = options.file ?? resultsPath(results)
  const isFull = results.form === 'full'
  const done = new Set(results.workloads.map(({ name }) => name))
  const chosen = choose(options, isFull).filter(({ name }) => !done.has(name))
  const total = sum(chosen.map((workload) => secondsOf(workload, isFull)))
  print(`${chosen.length} workloads, about ${Math.ceil(total / 60)} minutes; results in ${file}`)
  const { peers, rounds } = options
  const session = new Session({ isFull, rounds, peers, environment: {}, print })
  const from = performance.now()
  const left: string[] = []
  try {
    for (const [i, workload] of chosen.entries()) {
      const spent = (performance.now() - from) / 1000
      const estimate = secondsOf(workload, isFull)
      if (spent + estimate > (options.minutes ?? Infinity) * 60) {
        left.push(workload.name)
        continue
      }
      print(`\n${i + 1}/${chosen.length} ${workload.name}: ${workload.answers} (~${estimate} s)`)
      await measureInto(results, session, workload, print)
      writeResults(file, results)
    }
  } finally {
    await session.end()
  }
  if (left.length > 0) print(`\nno time left for ${left.join(', ')}: --resume ${file}`)
  if (options.isJson) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`)
  const seconds = (performance.now() - from) / 1000
  return conclude(results, { peers, file, seconds, print })
}

interface Conclusion {
  readonly peers: Options['peers']
  readonly file: string
  readonly seconds: number
  readonly print: (line: string) => void
}

function conclude(results: Results, { peers, file, seconds, print }: Conclusion): number {
  print(`\n${seconds.toFixed(0)} s; results in ${file}`)
  for (const { workload, why } of results.failures) print(`FAILED ${workload}: ${why}`)
  let isGood = results.failures.length === 0
  if (results.form === 'quick') {
    const names = new Set(results.workloads.map(({ name }) => name))
    const bounds = BOUNDS.filter(
      ({ workload, against }) =>
        (!results.isPart || names.has(workload)) && peers.includes(against),
    )
    const breaches = breachesOf(results.workloads, bounds)
    for (const { bound, found } of breaches) {
      print(`GATE: ${boundText(bound)}; it is ${found?.toFixed(2) ?? 'not measured'}`)
    }
    print(`gate: ${bounds.length - breaches.length} of ${bounds.length} bounds hold`)
    isGood &&= breaches.length === 0
  } else if (!results.isPart && isGood && isWhole(results)) {
    report(file)
  }
  return isGood ? 0 : 1
}

async function measureInto(
  results: Results,
  session: Session,
  workload: Workload,
  print: (line: string) => void,
): Promise<void> {
  results.failures = results.failures.filter((one) => one.workload !== workload.name)
  try {
    const measured = await session.run(workload)
    results.workloads.push(measured)
    print(HEADING)
    for (const line of tableLines(measured)) print(line)
    print(`    ${measured.seconds.toFixed(0)} s`)
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    print(`FAILED ${workload.name}: ${why}`)
    results.failures.push({ workload: workload.name, why: why.split('\n')[0]! })
  }
}

function begin(options: Options): Results {
  return {
    format: 1,
    date: new Date().toISOString(),
    form: options.isQuick ? 'quick' : 'full',
    isPart: options.names.length > 0 || options.rounds !== undefined,
    commit: currentCommit(),
    machine: describeMachine(),
    workloads: [],
    failures: [],
  }
}

/** Every workload of the full form is there: then it is worth a page. */
function isWhole(results: Results): boolean {
  const done = new Set(results.workloads.map(({ name }) => name))
  return WORKLOADS.every(({ name, isExtra }) => isExtra === true || done.has(name))
}

/** One file is about one commit on one machine. */
function resume(file: string): Results {
  const results = readResults(file)
  const now = currentCommit()
  if (results.commit.hash !== now.hash || results.commit.isDirty !== now.isDirty) {
    const told = `${results.commit.hash}${results.commit.isDirty ? ' with changes' : ''}`
    throw new Error(`${file} was begun at ${told}: check that out, or begin anew`)
  }
  if (JSON.stringify(results.machine) !== JSON.stringify(describeMachine())) {
    throw new Error(`${file} was begun on another machine, or with other versions`)
  }
  return results
}

function choose(options: Options, isFull: boolean): Workload[] {
  return WORKLOADS.filter((workload) => {
    if (options.names.length > 0) return options.names.includes(workload.name)
    return workload.isExtra !== true && (isFull || workload.quick !== undefined)
  })
}

function secondsOf({ quick, full }: Workload, isFull: boolean): number {
  return isFull || quick === undefined ? full.seconds : quick.seconds
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
