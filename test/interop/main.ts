// `npm run interop [-- NAME ...] [--except=NAME,...] [--self-test] [--small] [--full] [--keep]
// [--development] [--list] [--prepare] [--client=NAME,...] [--scenario=TEXT] [--write] [--kills=FROM-TO]`:
// real clients and tools against a broker of this checkout, one file per line of acceptance. `--self-test`
// plants a fault into each check, which must then fail at the right expectation; `--prepare` only fetches
// what is needed. The brokers run as Apache Kafka would (samsa.profile=kafka) unless `--development` is
// given. `--client`, `--scenario` and `--write` are the matrix's: which part of it runs, and that its files
// are written anew; `--kills` is the crash check's, for long runs.
import { existsSync } from 'node:fs'
import { confluent } from './confluent.ts'
import { crash } from './crash.ts'
import { retried } from './fetched.ts'
import { directories } from './directories/check.ts'
import { java } from './java.ts'
import { kafkajs } from './kafkajs.ts'
import { kcat } from './kcat.ts'
import { limits } from './limits.ts'
import { applications } from './matrix/applications/index.ts'
import { clients } from './matrix/clients/index.ts'
import { matrix } from './matrix/matrix.ts'
import { packed } from './packed.ts'
import { prepare } from './prepare.ts'
import { taxi } from './taxi.ts'
import { Trial, type Check } from './trial.ts'

const checks: readonly Check[] = [
  matrix,
  kcat,
  kafkajs,
  taxi,
  confluent,
  java,
  crash,
  directories,
  limits,
  packed,
]

const args = process.argv.slice(2)
const names = args.filter((arg) => !arg.startsWith('--'))
const settings = new Map(
  args
    .filter((arg) => /^--\w+=/.test(arg))
    .map((arg) => [arg.slice(2, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]),
)
const options = new Set(args.filter((arg) => arg.startsWith('--') && !arg.includes('=')))
const known = [
  '--self-test',
  '--small',
  '--full',
  '--keep',
  '--development',
  '--list',
  '--prepare',
  '--write',
]
const excepted = settings.get('except')?.split(',') ?? []
const chosen = checks.filter(
  ({ name }) => !excepted.includes(name) && (names.length === 0 || names.includes(name)),
)
const unknown = [
  ...[...names, ...excepted].filter((name) => !checks.some((check) => check.name === name)),
  ...[...options].filter((option) => !known.includes(option)),
  ...[...settings.keys()].filter(
    (name) => !['client', 'except', 'kills', 'scenario'].includes(name),
  ),
]
const profile = options.has('--development') ? 'development' : 'kafka'
let passed = 0
let failed = 0

if (unknown.length > 0) {
  const all = checks.map(({ name }) => name).join(', ')
  print(
    `no check or option is called ${unknown.join(', ')}; there are ${all} and ${known.join(' ')}`,
  )
  process.exitCode = 2
} else if (options.has('--list')) {
  for (const { name, about } of checks) print(`${name.padEnd(10)} ${about}`)
} else if (options.has('--prepare')) {
  prepare()
  for (const client of clients) {
    print(`${client.name}: ${retried(() => client.prepare()).join(' ')}`)
  }
  for (const application of applications) {
    retried(() => application.prepare())
    print(`${application.name}: prepared`)
  }
} else {
  if (!existsSync('dist/cli.cjs')) throw new Error('dist/ is missing: run `npm run build` first')
  const started = performance.now()
  for (const check of chosen) await (options.has('--self-test') ? selfTest(check) : run(check))
  print(`\n${seconds(started)}: ${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}

async function run(check: Check): Promise<void> {
  print(`\n${check.name}: ${check.about}`)
  const started = performance.now()
  const isSmall = options.has('--small')
  const isFull = options.has('--full')
  const keepLogs = options.has('--keep')
  const given = { settings, isWriting: options.has('--write') }
  const trial = new Trial({ isSmall, isFull, isQuiet: false, keepLogs, profile, ...given })
  const crashed = await play(check, trial)
  if (crashed !== undefined) print(`  FAILED ${crashed}`)
  passed += trial.passed
  failed += trial.failures.length + (crashed === undefined ? 0 : 1)
  print(`  ${seconds(started)}`)
}

async function selfTest(check: Check): Promise<void> {
  for (const { name, plants, caughtBy } of check.faults) {
    const started = performance.now()
    const trial = new Trial({ fault: name, isSmall: true, isQuiet: true, keepLogs: false, profile })
    const crashed = await play(check, trial)
    const by = trial.failures.find((failure) => caughtBy.test(failure))
    if (by === undefined) failed++
    else passed++
    const outcome = by === undefined ? 'NOT CAUGHT' : 'caught'
    print(`${outcome} ${check.name}/${name}: ${plants} (${seconds(started)})`)
    if (by !== undefined) print(`         by: ${by}`)
    else print(`         failed instead: ${trial.failures.join('; ')} ${crashed ?? ''}`)
  }
}

async function play(check: Check, trial: Trial): Promise<string | undefined> {
  let crashed: string | undefined
  try {
    await check.run(trial)
  } catch (error) {
    crashed = error instanceof Error ? String(error.stack) : String(error)
  }
  await trial.end()
  return crashed
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
