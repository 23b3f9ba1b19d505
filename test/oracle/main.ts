// `npm run oracle [-- --only NAME] [--seed N] [--sequences N] [--against samsa|apache] [--self-test]`:
// plays every scenario, then random sequences, against Apache Kafka 4.4.0 at level 3.9 and the broker
// under test, and fails on a difference that docs/differences.md does not list.
import { startApache } from '../apache/apache.ts'
import type { Cluster, Endpoint } from '../apache/cluster.ts'
import { logTail } from '../apache/program.ts'
import { startSamsa } from '../apache/samsa.ts'
import { apiName } from './codec.ts'
import { listed, readDifferences, type Difference } from './differences.ts'
import { FAULTS } from './faults.ts'
import { listAt, numberAt } from './pick.ts'
import { play, type Finding, type Played, type Side } from './play.ts'
import { drawSequence, randomScenario, showDraws, type Draw } from './random.ts'
import { RawClient } from './raw-client.ts'
import { findingText, print, printFindings, printTable } from './report.ts'
import { scenarios } from './scenarios/index.ts'
import type { Scenario, VersionRange } from './trial.ts'

/** Given to both, so that what DescribeConfigs shows of them is comparable. */
const BROKER_CONFIG = {
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '100',
  // Half a minute after its start Apache Kafka deletes what is older than a week, and our records are.
  'log.initial.task.delay.ms': '3600000',
}

const args = process.argv.slice(2)
const option = (name: string) => {
  const at = args.indexOf(`--${name}`)
  return at === -1 ? undefined : args[at + 1]
}
const only = option('only')
const against = option('against') ?? 'samsa'
const seed = Number(option('seed') ?? Date.now() % 1_000_000)
const sequences = Number(option('sequences') ?? (only === undefined ? 30 : 0))
const length = Number(option('length') ?? 40)
const most = Number(option('most') ?? 8)
const run = (Date.now() % 1_679_616).toString(36)

const started = performance.now()
const [reference, other] = await Promise.all([
  startApache({ releaseVersion: '3.9', config: BROKER_CONFIG }),
  against === 'apache'
    ? startApache({ releaseVersion: '3.9', config: BROKER_CONFIG })
    : startSamsa({ config: { 'node.id': '1', ...BROKER_CONFIG } }),
])
try {
  process.exitCode = args.includes('--self-test') ? await selfTest() : await compare()
} catch (error) {
  print(`${error instanceof Error ? error.stack : String(error)}\n${logTail(other.logFile, 15)}`)
  process.exitCode = 1
} finally {
  await Promise.all([reference.stop(), other.stop({ keep: process.exitCode !== 0 })])
  print(`${((performance.now() - started) / 1000).toFixed(1)} s`)
}

async function compare(): Promise<number> {
  print(`${reference.name} against ${other.name}, seed ${seed}`)
  const { sides, shared, ranges } = await prepare()
  const differences = against === 'apache' ? [] : readDifferences()
  const allowed = new Map<Finding, Difference>()
  const played: Played[] = []
  const chosen = scenarios.filter((one) => only === undefined || one.name.includes(only))
  for (const scenario of chosen) {
    const result = await play(scenario, sides, { shared, run })
    allow(result, differences, allowed)
    played.push(result)
    progress(result)
  }
  for (let i = 0; i < sequences; i++) {
    const result = await playSequence(seed + i, sides, shared, (one) => {
      allow(one, differences, allowed)
      return one.findings.some((finding) => !allowed.has(finding))
    })
    played.push(result)
    progress(result)
  }
  for (const api of ranges[1].keys()) {
    if (!ranges[0].has(api)) throw new Error(`${other.name} advertises ${api}, Apache does not`)
  }
  const unlisted = played.flatMap((one) => one.findings).filter((one) => !allowed.has(one))
  printFindings(unlisted, most)
  const unfaithful = played.flatMap((one) => one.unfaithful)
  for (const answer of unfaithful) print(`does not re-encode to its own bytes: ${answer}`)
  printTable(played, allowed, ranges)
  const stale = only === undefined ? differences.filter((row) => !row.used) : []
  for (const row of stale) print(`no longer differs, remove from docs/differences.md: ${row.row}`)
  const answers = played.reduce((sum, one) => sum + one.answers, 0)
  print(
    `\n${answers} answers of ${played.length} scenarios compared: ${unlisted.length} differences, ` +
      `${allowed.size} listed, ${unfaithful.length} not re-encoded, ${stale.length} stale rows; ` +
      `seed ${seed}`,
  )
  return unlisted.length + unfaithful.length + stale.length === 0 ? 0 : 1
}

/** Slow ones and differing ones as they happen; the details come at the end. */
function progress({ scenario, findings, ms }: Played): void {
  if (findings.length === 0 && ms < 2500) return
  process.stderr.write(`${scenario}: ${findings.length} findings, ${(ms / 1000).toFixed(1)} s\n`)
}

function allow(
  { scenario, findings }: Played,
  differences: readonly Difference[],
  allowed: Map<Finding, Difference>,
): void {
  for (const finding of findings) {
    const row = listed(differences, { ...finding, scenario })
    if (row !== undefined) allowed.set(finding, row)
  }
}

type Shared = ReadonlyMap<string, VersionRange>

/** Plays one random sequence; one that differs is cut down and its draws are printed. */
async function playSequence(
  sequenceSeed: number,
  sides: readonly [Side, Side],
  shared: Shared,
  differs: (played: Played) => boolean,
): Promise<Played> {
  let draws = drawSequence(sequenceSeed, length)
  let attempt = 0
  const once = (some: readonly Draw[]) => {
    const name = `random-${sequenceSeed}-${attempt++}`
    return play(randomScenario(name, some), sides, { shared, run })
  }
  let result = await once(draws)
  if (!differs(result)) return result
  // Leave out, from the end, each request without which it still differs; bounded in time.
  const deadline = performance.now() + 15_000
  for (let at = draws.length - 1; at >= 0 && performance.now() < deadline; at--) {
    const fewer = draws.filter((_, i) => i !== at)
    const again = await once(fewer)
    if (!differs(again)) continue
    draws = fewer
    result = again
  }
  print(`seed ${sequenceSeed} differs with ${draws.length} requests: ${showDraws(draws)}`)
  return result
}

/** The second side is Apache with a fault put into its answers; every fault must be caught. */
async function selfTest(): Promise<number> {
  const { sides, shared } = await prepare()
  let missed = 0
  for (const [name, { plant, member, value }] of Object.entries(FAULTS)) {
    const spoiled: [Side, Side] = [sides[0], { ...sides[1], fault: plant }]
    let caught: string | undefined
    for (let i = 0; i < 60 && caught === undefined; i++) {
      const scenario: Scenario = randomScenario(
        `${name}-${seed + i}`,
        drawSequence(seed + i, length),
      )
      const { findings } = await play(scenario, spoiled, { shared, run })
      const first = findings.find(
        (finding) => finding.path.endsWith(`.${member}`) && finding.right === value,
      )
      if (first !== undefined) caught = `seed ${seed + i}: ${findingText(first)}`
    }
    if (caught === undefined) missed++
    print(`planted ${name}: ${caught === undefined ? 'NOT caught' : `caught by ${caught}`}`)
  }
  return missed === 0 ? 0 : 1
}

async function prepare(): Promise<{
  sides: [Side, Side]
  shared: Shared
  ranges: readonly [Shared, Shared]
}> {
  const clusters: [Cluster, Cluster] = [reference, other]
  const ranges = await Promise.all([advertised(reference), advertised(other)])
  await Promise.all(clusters.map((cluster, i) => warmUp(cluster.bootstrap, ranges[i]!)))
  const shared = new Map<string, VersionRange>()
  for (const [api, range] of ranges[0]) {
    const its = ranges[1].get(api)
    if (its === undefined) continue
    shared.set(api, { min: Math.max(range.min, its.min), max: Math.min(range.max, its.max) })
  }
  const sides = clusters.map(({ name, bootstrap }) => ({ name, endpoint: bootstrap }))
  return { sides: sides as [Side, Side], shared, ranges }
}

async function advertised({ bootstrap }: Cluster): Promise<Shared> {
  const client = await RawClient.open(bootstrap)
  const outcome = await client.call('ApiVersions', 0, {})
  client.close()
  if (outcome.kind !== 'reply') throw new Error(`ApiVersions v0: ${outcome.kind}`)
  return new Map(
    listAt(outcome.body, 'apiKeys').map((range) => [
      apiName(numberAt(range, 'apiKey')),
      { min: numberAt(range, 'minVersion'), max: numberAt(range, 'maxVersion') },
    ]),
  )
}

/** Until coordinators answer for every partition of __consumer_offsets and a producer id is there. */
async function warmUp(endpoint: Endpoint, ranges: Shared): Promise<void> {
  const client = await RawClient.open(endpoint)
  const until = async (api: string, version: number, request: object, at: string) => {
    if (!ranges.has(api)) return
    const deadline = performance.now() + 30_000
    for (;;) {
      const outcome = await client.call(api, version, request as never)
      if (outcome.kind === 'reply' && numberAt(outcome.body, at) === 0) return
      if (performance.now() > deadline || outcome.kind !== 'reply') {
        throw new Error(`${api} is not ready: ${outcome.kind}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  await until('FindCoordinator', 0, { key: 'warm-up' }, 'errorCode')
  for (let i = 0; i < 150; i++) {
    await until('OffsetFetch', 7, { groupId: `warm-up-${i}`, topics: null }, 'errorCode')
  }
  const producer = { transactionalId: null, transactionTimeoutMs: 1000 }
  await until('InitProducerId', 0, producer, 'errorCode')
  client.close()
}
