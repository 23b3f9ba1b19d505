// kill -9, again and again, under an idempotent producer with acks=all and a group that commits: nothing
// that was acknowledged or committed may be gone, doubled or out of order, and it serves again at once.
import { appendFileSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { hostPort } from '../apache/apache.ts'
import type { Cluster } from '../apache/cluster.ts'
import { runProgram } from '../apache/program.ts'
import { ask, committedOffsets, createTopics, list } from './ask.ts'
import { Child } from './child.ts'
import { segmentFiles } from './disk.ts'
import { thousandPartitions } from './partitions.ts'
import { PYTHON, requireKcat, requirePython } from './prepare.ts'
import { waitedMs } from './process.ts'
import { spread, untilServing } from './serving.ts'
import { sleep, stablePort, until, type Check, type Trial } from './trial.ts'

const TOPIC = 'ledger'
const GROUP = 'readers'
const PARTITIONS = 3

export const crash: Check = {
  name: 'crash',
  about: 'kill -9 twenty times under acks=all and idempotence; restart with 1,000 partitions',
  faults: [
    { name: 'lost', plants: 'the last batch is cut off the log', caughtBy: /is there$/ },
    { name: 'doubled', plants: 'the last batch stands in the log twice', caughtBy: /only once/ },
    { name: 'slow', plants: 'each start takes 0.7 s longer', caughtBy: /within 0.5 s/ },
    {
      name: 'forgot',
      plants: 'the offsets topic is emptied',
      caughtBy: /committed offsets survive/,
    },
  ],
  async run(trial) {
    requirePython('confluent_kafka', 'python3-confluent-kafka')
    requireKcat()
    await killed(trial)
    const isWhole = trial.fault === undefined && !trial.settings.has('kills')
    if (isWhole) await thousandPartitions(trial)
  },
}

async function killed(trial: Trial): Promise<void> {
  const place = { port: await stablePort(), dataDir: path.join(trial.directory(), 'data') }
  const slow = { NODE_OPTIONS: `--require ${path.resolve('test/interop/faults/slow-start.cjs')}` }
  const start = () => trial.broker({ ...place, ...(trial.fault === 'slow' ? { env: slow } : {}) })
  let broker = await start()
  await createTopics(broker.bootstrap, [TOPIC], PARTITIONS)
  const program = (name: string, ...args: string[]) => {
    const file = path.resolve('test', 'interop', 'python', name)
    return new Child(trial, name, PYTHON, [file, hostPort(broker.bootstrap), ...args])
  }
  const producer = program('ledger.py', TOPIC, String(PARTITIONS), '1500')
  const member = program('member.py', GROUP, TOPIC)
  await member.first('committed')
  const times: number[] = []
  const ownTimes: number[] = []
  const gaps: number[] = []
  const forgotten: string[] = []
  const lostGroups: string[] = []
  const [firstKill, lastKill] = chosenKills(trial)
  for (let kill = firstKill; kill <= lastKill; kill++) {
    const before = acknowledged(producer).length
    await until('more acknowledgements', 30_000, () => acknowledged(producer).length > before + 300)
    // The moment varies, so that kills hit every phase of a batch.
    await sleep((kill * 37) % 100)
    await broker.kill()
    const promised = committedBy(member)
    const count = acknowledged(producer).length
    plant(trial, broker, kill === lastKill)
    const from = performance.now()
    const starting = start()
    const ms = await untilServing(broker.bootstrap, [TOPIC], from)
    broker = await starting
    times.push(ms)
    // Printed beside, to tell a slow start from a busy machine; the wall is what counts.
    ownTimes.push(ms - waitedMs(broker.pid))
    for (const [partition, offset] of promised) {
      const found = (await committedOffsets(broker.bootstrap, GROUP)).get(`${TOPIC}-${partition}`)
      if ((found ?? -1) < offset) forgotten.push(`${partition}: ${offset}, now ${String(found)}`)
    }
    const described = await ask(broker.bootstrap, 'DescribeGroups', 5, { groups: [GROUP] })
    const group = list(described, 'groups')[0]!
    if (group['groupState'] === 'Dead') lostGroups.push(`after kill ${kill}`)
    if (trial.fault === undefined || kill < lastKill) {
      await until('an acknowledgement', 30_000, () => acknowledged(producer).length > count)
      gaps.push(performance.now() - from)
    }
  }
  trial.figure('kills', lastKill - firstKill + 1)
  trial.figure('ms from process start to Metadata and Fetch', spread(times))
  trial.figure('the same without waiting for a CPU', spread(ownTimes))
  trial.figure('ms from process start to the next acknowledgement', spread(gaps))
  trial.figure('load average', loadavg()[0]!.toFixed(1))
  // A long run is about what is lost, on a machine that may be busy.
  if (!trial.settings.has('kills')) {
    trial.expect('it serves again within 0.5 s each time', Math.max(...times) <= 500, times)
  }
  trial.expect('committed offsets survive each kill', forgotten.length === 0, forgotten)
  trial.expect('the group survives each kill', lostGroups.length === 0, lostGroups)
  await producer.signal('SIGTERM')
  judge(trial, broker, producer)
  if (trial.fault === undefined) await judgeGroup(trial, broker, producer, member)
}

/** `--kills=FROM-TO` of a long run: the number of a kill says how long after an acknowledgement it is. */
function chosenKills(trial: Trial): [number, number] {
  const [from, to] = (trial.settings.get('kills') ?? '').split('-').map(Number)
  if (to === undefined) return [1, trial.isSmall ? 3 : 20]
  return [from!, to]
}

function judge(trial: Trial, broker: Cluster, producer: Child): void {
  const all = acknowledged(producer)
  const done = producer.of('done')[0]
  trial.figure('records acknowledged', all.length)
  trial.equal('no delivery failed', producer.of('failed').slice(0, 3), [])
  trial.equal('the producer met no fatal error', producer.of('fatal').slice(0, 3), [])
  trial.equal('all that was sent was acknowledged', all.length, done?.['sent'])
  const args = ['-b', hostPort(broker.bootstrap), '-C', '-t', TOPIC, '-e', '-q']
  const printed = runProgram('kcat', [...args, '-o', 'beginning', '-f', '%s %p %o\n'])
  const stored = printed
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').map(Number) as [number, number, number])
  const places = new Map<number, string>()
  const twice: number[] = []
  for (const [id, partition, offset] of stored) {
    if (places.has(id)) twice.push(id)
    places.set(id, `${partition} ${offset}`)
  }
  const missing = all.filter(
    ([id, partition, offset]) => places.get(id) !== `${partition} ${offset}`,
  )
  const disordered: number[] = []
  const last = new Map<number, number>()
  for (const [id, partition] of stored) {
    if (id < (last.get(partition) ?? -1)) disordered.push(id)
    last.set(partition, id)
  }
  trial.expect('every acknowledged record is there', missing.length === 0, missing.slice(0, 10))
  trial.expect('each is there only once', twice.length === 0, twice.slice(0, 10))
  trial.expect('they are in order', disordered.length === 0, disordered.slice(0, 10))
}

async function judgeGroup(
  trial: Trial,
  broker: Cluster,
  producer: Child,
  member: Child,
): Promise<void> {
  const total = acknowledged(producer).length
  const read = () =>
    new Set(member.of('records').flatMap((event) => (event['records'] as number[][]).map(first)))
  await until('the group to read all', 30_000, () => read().size >= total)
  trial.equal('the member leaves with 0', await member.signal('SIGTERM'), 0)
  trial.equal('the group read every record', read().size, total)
  const offsets = await committedOffsets(broker.bootstrap, GROUP)
  const sum = [...offsets.values()].reduce((one, other) => one + other, 0)
  trial.equal('its committed offsets are the ends of the partitions', sum, total)
  trial.figure('assignments the member was given', member.of('assigned').length)
  trial.figure('commits refused', member.of('refused').length)
}

/** The broker is dead: what the fault does to its files. */
function plant(trial: Trial, broker: Cluster, isLast: boolean): void {
  if (!isLast || trial.fault === undefined || trial.fault === 'slow') return
  if (trial.fault === 'forgot') {
    for (const file of segmentFiles(broker.dataDir, '__consumer_offsets')) truncateSync(file, 0)
    return
  }
  const [file] = segmentFiles(broker.dataDir, TOPIC)
  const bytes = readFileSync(file!)
  let at = 0
  let next = 0
  for (; next + 61 <= bytes.length; next += 12 + bytes.readInt32BE(next + 8)) at = next
  const isTorn = next !== bytes.length
  if (trial.fault === 'lost') truncateSync(file!, at)
  if (trial.fault === 'doubled') {
    const copy = Buffer.from(bytes.subarray(at, isTorn ? statSync(file!).size : next))
    const end = copy.readBigInt64BE(0) + BigInt(copy.readInt32BE(23)) + 1n
    // The base offset is outside the checksum, so the copy is a valid batch.
    copy.writeBigInt64BE(end, 0)
    appendFileSync(file!, copy)
  }
}

function acknowledged(producer: Child): [number, number, number][] {
  return producer
    .of('acknowledged')
    .flatMap((event) => event['records'] as [number, number, number][])
}

/** The newest offset by partition that the member was told is committed. */
function committedBy(member: Child): Map<number, number> {
  const offsets = new Map<number, number>()
  for (const event of member.of('committed')) {
    for (const [partition, offset] of event['offsets'] as [number, number][]) {
      offsets.set(partition, offset)
    }
  }
  return offsets
}

function first(triple: readonly number[]): number {
  return triple[0]!
}
