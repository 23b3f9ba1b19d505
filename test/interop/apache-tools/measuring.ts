// Apache's tools that measure and verify: how they fare is not judged, only that each record is counted.
// The verifying ones end in a shutdown hook, so that they have a JVM each.
import { tool } from '../../apache/apache.ts'
import { TOOLS, type Tools } from './tools.ts'

const RECORDS = 5_000
const VERIFIED = 300

export async function measuring(tools: Tools): Promise<void> {
  const producing = ['--topic', 'measured', '--num-records', String(RECORDS)]
  producing.push('--record-size', '200', '--throughput', '-1')
  producing.push('--command-property', 'compression.type=lz4')
  const produced = await tools.use(
    'kafka-producer-perf-test',
    `${TOOLS}.ProducerPerformance`,
    producing,
  )
  tools.expect('it sent them all', produced.includes(`${RECORDS} records sent`), produced)
  const consuming = ['--topic', 'measured', '--num-records', String(RECORDS)]
  const consumed = await tools.use('kafka-consumer-perf-test', `${TOOLS}.ConsumerPerformance`, [
    ...consuming,
    '--timeout',
    '15000',
  ])
  const [, , , , count] = (consumed.trim().split('\n').at(-1) ?? '').split(', ')
  tools.equal('it read them all', Number(count), RECORDS)
  const there = ['--topic', 'there-and-back', '--num-records', '50', '--record-size', '100']
  const latency = await tools.use('kafka-e2e-latency', `${TOOLS}.EndToEndLatency`, [
    ...there,
    '--producer-acks',
    'all',
  ])
  tools.expect('it has a latency', /Avg latency: [\d.]+ ms/.test(latency), latency)
  verifying(tools)
}

function verifying(tools: Tools): void {
  const run = (name: string, args: readonly string[]) => {
    const all = ['--bootstrap-server', tools.at, '--topic', 'verified', ...args]
    const printed = tool(`${TOOLS}.${name}`, [...all, '--max-messages', String(VERIFIED)])
    return printed.split('\n').flatMap((line) => (line.startsWith('{') ? [event(line)] : []))
  }
  const sent = run('VerifiableProducer', ['--acks', '-1'])
  const acknowledged = sent.filter(({ name }) => name === 'producer_send_success').length
  tools.equal('VerifiableProducer has them acknowledged', acknowledged, VERIFIED)
  const group = ['--group-id', 'verifying', '--reset-policy', 'earliest']
  const read = run('VerifiableConsumer', group)
  const records = read
    .filter(({ name }) => name === 'records_consumed')
    .reduce((sum, { count }) => sum + (count ?? 0), 0)
  tools.equal('VerifiableConsumer reads them', records, VERIFIED)
  const commits = read.filter(({ name }) => name === 'offsets_committed')
  const isCommitted = commits.length > 0 && commits.every(({ success }) => success === true)
  tools.expect('VerifiableConsumer commits', isCommitted, commits)
  const isDown = read.some(({ name }) => name === 'shutdown_complete')
  tools.expect('VerifiableConsumer shuts down', isDown, read)
}

interface VerifiableEvent {
  readonly name: string
  readonly count?: number
  readonly success?: boolean
}

function event(line: string): VerifiableEvent {
  return JSON.parse(line) as VerifiableEvent
}
