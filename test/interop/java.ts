// Java: Apache's own tools of 4.3.1 and 2.8.2 and applications with clients 4.4.0, 2.8.2 and 2.1.1
// against the running broker; then its tool for segments on the files that were written.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { hostPort } from '../apache/apache.ts'
import type { Cluster } from '../apache/cluster.ts'
import { apacheLibs, requireTool } from '../apache/libs.ts'
import { runProgram } from '../apache/program.ts'
import { clientLibs } from './prepare.ts'
import { JVM, Toolbox, type ToolResult } from './toolbox.ts'
import type { Check, Trial } from './trial.ts'

const LINES = 500

export const java: Check = {
  name: 'java',
  about: "Java clients and Apache's tools, old and new; its tool for segments reads the files",
  faults: [
    { name: 'flipped', plants: 'a byte of a segment is another', caughtBy: /without an error/ },
    { name: 'lost', plants: 'one line is not produced', caughtBy: /console.* the same lines/ },
  ],
  async run(trial) {
    requireTool('java', ['-version'])
    // Small, so that there are snapshots of the metadata to read.
    const config = { 'metadata.log.max.record.bytes.between.snapshots': '1500' }
    const broker = await trial.broker({ config })
    const tools = new Toolbox(trial, apacheLibs('4.3.1'))
    await newTools(trial, broker, tools)
    if (trial.fault === undefined) {
      await oldTools(trial, broker, new Toolbox(trial, clientLibs('2.8.2')))
      applications(trial, broker)
    }
    await broker.stop({ keep: true })
    await dumps(trial, broker, tools)
  },
}

const TOOLS = 'org.apache.kafka.tools'

async function newTools(trial: Trial, broker: Cluster, tools: Toolbox): Promise<void> {
  const at = ['--bootstrap-server', hostPort(broker.bootstrap)]
  const use = async (what: string, className: string, args: string[], input?: string) => {
    const result = await tools.run(className, [...at, ...args], input)
    return checked(trial, `4.3.1 ${what}`, result)
  }
  const topics = `${TOOLS}.TopicCommand`
  const config = ['--config', 'retention.ms=3600000']
  const wanted = ['--topic', 'java', '--partitions', '6', '--replication-factor', '1', ...config]
  await use('kafka-topics --create', topics, ['--create', ...wanted])
  const listed = await use('kafka-topics --list', topics, ['--list'])
  trial.expect('4.3.1 kafka-topics lists it', listed.split('\n').includes('java'), listed)
  const described = await use('kafka-topics --describe', topics, ['--describe', '--topic', 'java'])
  const isLed = described.match(/Leader: 1\s+Replicas: 1\s+Isr: 1/g)?.length === 6
  const isWhole = isLed && /PartitionCount: 6.*retention\.ms=3600000/.test(described)
  trial.expect('4.3.1 kafka-topics describes 6 partitions and the config', isWhole, described)

  const lines = Array.from({ length: LINES }, (_, i) => `k${i}\tv${i}`)
  const sent = trial.fault === 'lost' ? lines.slice(1) : lines
  const producing = ['--topic', 'java', '--reader-property', 'parse.key=true', '--sync']
  producing.push('--compression-codec', 'zstd', '--timeout', '10')
  await use('console producer', `${TOOLS}.ConsoleProducer`, producing, `${sent.join('\n')}\n`)
  const reading = ['--topic', 'java', '--from-beginning', '--group', 'console']
  reading.push('--formatter-property', 'print.key=true', '--timeout-ms', '10000')
  reading.push('--max-messages', String(sent.length))
  const read = await use('console consumer', `${TOOLS}.consumer.ConsoleConsumer`, reading)
  trial.equal('4.3.1 console consumer reads the same lines', sorted(read), [...lines].sort())

  const groups = `${TOOLS}.consumer.group.ConsumerGroupCommand`
  const group = await use('kafka-consumer-groups --describe', groups, [
    '--describe',
    '--group',
    'console',
  ])
  const rows = group.split('\n').filter((line) => /^console\s+java\s+\d/.test(line))
  const lags = rows.map((line) => line.split(/\s+/)[5])
  trial.equal('4.3.1 the group has no lag in 6 partitions', lags, Array(6).fill('0'))
  const quorum = `${TOOLS}.MetadataQuorumCommand`
  const status = await use('kafka-metadata-quorum --status', quorum, ['describe', '--status'])
  trial.expect('4.3.1 the quorum has a leader', /LeaderId:\s+1\n/.test(status), status)
  const replication = await use('kafka-metadata-quorum --replication', quorum, [
    'describe',
    '--replication',
  ])
  trial.expect('4.3.1 the leader is a row', /^1\s.*Leader/m.test(replication), replication)
  await others(trial, use)
}

/** Tools that nobody asked for by name, and everybody has in a script. */
async function others(
  trial: Trial,
  use: (what: string, className: string, args: string[]) => Promise<string>,
): Promise<void> {
  const ends = await use('kafka-get-offsets', `${TOOLS}.GetOffsetShell`, ['--topic', 'java'])
  const sum = ends
    .trim()
    .split('\n')
    .reduce((total, line) => total + Number(line.split(':')[2]), 0)
  if (trial.fault === undefined) trial.equal('4.3.1 the ends add up', sum, LINES)
  const config = ['--entity-type', 'topics', '--entity-name', 'java']
  const add = ['--alter', '--add-config', 'segment.bytes=2000000', ...config]
  await use('kafka-configs --alter', 'kafka.admin.ConfigCommand', add)
  const shown = await use('kafka-configs --describe', 'kafka.admin.ConfigCommand', [
    '--describe',
    ...config,
  ])
  trial.expect('4.3.1 the new config is shown', shown.includes('segment.bytes=2000000'), shown)
  await use('kafka-configs --describe --all', 'kafka.admin.ConfigCommand', [
    '--describe',
    '--all',
    '--entity-type',
    'brokers',
    '--entity-name',
    '1',
  ])
  const dirs = await use('kafka-log-dirs', `${TOOLS}.LogDirsCommand`, ['--describe'])
  trial.expect('4.3.1 the log dirs name the partition', dirs.includes('"java-0"'), dirs)
  await use('kafka-broker-api-versions', `${TOOLS}.BrokerApiVersionsCommand`, [])
  const topics = `${TOOLS}.TopicCommand`
  await use('kafka-topics --alter', topics, ['--alter', '--topic', 'java', '--partitions', '8'])
  await use('kafka-topics --create', topics, ['--create', '--topic', 'gone', '--partitions', '2'])
  await use('kafka-topics --delete', topics, ['--delete', '--topic', 'gone'])
  const left = await use('kafka-topics --list', topics, ['--list'])
  trial.expect('4.3.1 a deleted topic is gone', !left.split('\n').includes('gone'), left)
}

async function oldTools(trial: Trial, broker: Cluster, tools: Toolbox): Promise<void> {
  const at = ['--bootstrap-server', hostPort(broker.bootstrap)]
  const use = async (what: string, className: string, args: string[], input?: string) =>
    checked(trial, `2.8.2 ${what}`, await tools.run(className, [...at, ...args], input))
  const topics = 'kafka.admin.TopicCommand'
  const wanted = ['--topic', 'older', '--partitions', '2', '--replication-factor', '1']
  await use('kafka-topics --create', topics, ['--create', ...wanted])
  const listed = await use('kafka-topics --list', topics, ['--list'])
  trial.expect('2.8.2 kafka-topics lists it', listed.split('\n').includes('older'), listed)
  const described = await use('kafka-topics --describe', topics, ['--describe', '--topic', 'older'])
  trial.expect('2.8.2 kafka-topics describes it', /PartitionCount: 2/.test(described), described)
  const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`)
  const producing = ['--topic', 'older', '--compression-codec', 'snappy']
  await use('console producer', 'kafka.tools.ConsoleProducer', producing, `${lines.join('\n')}\n`)
  const reading = ['--topic', 'older', '--from-beginning', '--max-messages', '100']
  reading.push('--timeout-ms', '10000')
  const read = await use('console consumer', 'kafka.tools.ConsoleConsumer', reading)
  trial.equal('2.8.2 console consumer reads the same lines', sorted(read), lines.sort())
}

function applications(trial: Trial, broker: Cluster): void {
  const libs = [
    ['4.4.0', apacheLibs('4.4.0')],
    ['2.8.2', clientLibs('2.8.2')],
    ['2.1.1', clientLibs('2.1.1')],
  ] as const
  const program = path.resolve('test', 'interop', 'java', 'ClientRound.java')
  libs.forEach(([version, dir], i) => {
    const args = [...JVM, '-cp', path.join(dir, '*'), program, hostPort(broker.bootstrap)]
    const printed = runProgram('java', [...args, `round-${i}`, '400'])
    const line = printed.split('\n').find((one) => one.startsWith('{"event":"round"'))
    const { event: _event, ...found } = JSON.parse(line!) as Record<string, unknown>
    trial.equal(`client ${version}: admin, idempotent producer, group, commits`, found, {
      acknowledged: 2000,
      records: 2000,
      same: true,
      byTime: 3,
      ends: 2000,
      committed: 2000,
      retention: '86400000',
      nodes: 1,
      listed: true,
      gone: true,
    })
  })
}

/** DumpLogSegments on every file of the stopped broker. */
async function dumps(trial: Trial, broker: Cluster, tools: Toolbox): Promise<void> {
  const dump = async (what: string, files: readonly string[], ...decoder: string[]) => {
    const args = ['--files', files.join(','), ...decoder]
    const { code, out, err } = await tools.run(`${TOOLS}.DumpLogSegments`, args)
    const bad = `${out}\n${err}`.split('\n').filter((line) => BAD.test(line))
    trial.expect(`DumpLogSegments reads ${what} without an error`, code === 0 && bad.length === 0, [
      code,
      bad.slice(0, 5),
      err.slice(0, 500),
    ])
    return out
  }
  const files = (pattern: RegExp, kind: RegExp) =>
    readdirSync(broker.dataDir)
      .filter((name) => pattern.test(name))
      .flatMap((name) =>
        readdirSync(path.join(broker.dataDir, name))
          .filter((file) => kind.test(file))
          .map((file) => path.join(broker.dataDir, name, file)),
      )
      .filter((file) => statSync(file).size > 0)
  const logs = files(/^(java|older)-\d+$/, /\.log$/)
  if (trial.fault === 'flipped') flip(logs[0]!)
  const records = await dump('topic segments', logs, '--print-data-log', '--deep-iteration')
  const payloads = records.match(/ payload: [vl]/g)?.length ?? 0
  if (trial.fault === undefined) trial.equal('it shows every record', payloads, LINES + 100)
  const indexes = files(/^(java|older)-\d+$/, /\.(index|timeindex)$/)
  if (indexes.length > 0) await dump('topic indexes', indexes, '--verify-index-only')
  const snapshots = files(/^(?!__cluster_metadata).*-\d+$/, /\.snapshot$/)
  if (snapshots.length > 0) await dump('producer snapshots', snapshots)
  trial.figure(
    'files',
    `${logs.length} logs, ${indexes.length} indexes, ${snapshots.length} snapshots`,
  )
  const offsets = await dump(
    '__consumer_offsets',
    files(/^__consumer_offsets-/, /\.log$/),
    '--offsets-decoder',
  )
  if (trial.fault === undefined) {
    trial.expect(
      'it shows commits and groups',
      /"group":"console"/.test(offsets),
      offsets.slice(0, 500),
    )
  }
  const checkpoints = files(/^__cluster_metadata-0$/, /\.checkpoint$/)
  const bootstrap = path.join(broker.dataDir, 'bootstrap.checkpoint')
  const decoder = '--cluster-metadata-decoder'
  await dump('snapshots of __cluster_metadata', [bootstrap, ...checkpoints], decoder)
  trial.figure('metadata snapshots', checkpoints.length)
  const segments = files(/^__cluster_metadata-0$/, /\.log$/)
  const metadata = await dump('__cluster_metadata', segments, decoder)
  const types = new Set([...metadata.matchAll(/"type":"([A-Z_]+)"/g)].map(([, type]) => type))
  trial.figure('metadata records', [...types].join(' '))
  trial.expect('it shows topics and partitions', types.has('TOPIC_RECORD'), metadata.slice(0, 500))
}

const BAD = /exception|mismatch|isvalid: false|could not|error at|unknown|not valid|\?\?\?/i

function flip(file: string): void {
  const bytes = readFileSync(file)
  bytes[bytes.length - 3]! ^= 0x40
  writeFileSync(file, bytes)
}

function checked(trial: Trial, what: string, result: ToolResult): string {
  const isFine = result.code === 0 && !/Exception/.test(result.out + result.err)
  trial.expect(what, isFine, `${result.code} ${result.out.slice(-300)} ${result.err.slice(-600)}`)
  return result.out
}

function sorted(printed: string): string[] {
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .sort()
}
