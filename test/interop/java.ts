// Java: Apache's own tools of 4.3.1 and 2.8.2 and applications with clients 4.4.0, 2.8.2 and 2.1.1
// against the running broker; then its tool for segments on the files that were written.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { hostPort } from '../apache/apache.ts'
import type { Cluster } from '../apache/cluster.ts'
import { apacheLibs, requireTool } from '../apache/libs.ts'
import { runProgram } from '../apache/program.ts'
import { cluster } from './apache-tools/cluster.ts'
import { everyday, LINES } from './apache-tools/everyday.ts'
import { checked, sortedLines, Tools, TOOLS } from './apache-tools/tools.ts'
import { clientLibs } from './prepare.ts'
import { JVM, Toolbox } from './toolbox.ts'
import type { Check, Trial } from './trial.ts'

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
    const options = { version: '4.3.1', patienceMs: 0 } as const
    const newTools = new Tools(trial, tools, broker.bootstrap, options)
    await everyday(newTools, trial.fault === 'lost')
    await cluster(newTools)
    if (trial.fault === undefined) {
      await oldTools(trial, broker, new Toolbox(trial, clientLibs('2.8.2')))
      applications(trial, broker)
    }
    await broker.stop({ keep: true })
    await dumps(trial, broker, tools)
  },
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
  trial.equal('2.8.2 console consumer reads the same lines', sortedLines(read), lines.sort())
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
