// rsyslog with its Kafka output, as Debian ships it: a daemon of our own (its own settings, no privileges,
// a free loopback port) takes lines of syslog by TCP and forwards them to a topic.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { hostPort } from '../../../apache/apache.ts'
import type { Endpoint } from '../../../apache/cluster.ts'
import { logTail, runProgram, startProgram, type Program } from '../../../apache/program.ts'
import { createTopics } from '../../ask.ts'
import { requireInstalled } from '../../prepare.ts'
import { until } from '../../trial.ts'
import { readPartition, untilServed, type RawBatch } from '../raw-log.ts'
import { text } from '../wire-record.ts'
import type { Application } from './application.ts'
import { Objections } from './objections.ts'

const RSYSLOGD = '/usr/sbin/rsyslogd'
const TOPIC = 'syslog'
const LINES = 250

export const syslog: Application = {
  name: 'rsyslog',
  title: "rsyslog 8.2302 with Debian's rsyslog-kafka",
  about: 'a syslog daemon forwards 500 lines to a topic, compressed, and is restarted in between',
  files: ['test/interop/matrix/applications/syslog.ts'],
  prepare() {
    const scratch = mkdtempSync(path.join(tmpdir(), 'rsyslog-'))
    try {
      const file = path.join(scratch, 'check.conf')
      writeFileSync(file, settings({ host: '127.0.0.1', port: 9092 }, scratch))
      // -N1 reads the settings, loads the modules they name, and ends.
      requireInstalled('rsyslog-kafka', () => runProgram(RSYSLOGD, ['-N1', '-f', file]))
    } finally {
      rmSync(scratch, { recursive: true })
    }
  },
  run: (at, scratch) => Objections.over((objections) => story(objections, at, scratch)),
}

async function story(objections: Objections, at: Endpoint, scratch: string): Promise<void> {
  await createTopics(at, [TOPIC], 1)
  await untilServed(at, TOPIC, 1)
  const sent: string[] = []
  for (const run of ['first', 'second']) {
    const daemon = start(at, scratch)
    objections.after(() => daemon.kill())
    const lines = Array.from({ length: LINES }, (_, i) =>
      `${run} ${i} of ${LINES}: café ☕ `.padEnd(90, '.'),
    )
    await forward(scratch, lines)
    sent.push(...lines)
    await arrived(at, daemon, sent.length)
    objections.equal(`the ${run} daemon ends with 0`, await daemon.stop(), 0)
    rmSync(portFile(scratch))
  }
  const batches = await readPartition(at, TOPIC, 0)
  const records = batches.flatMap((batch) => batch.records)
  const wrong = sent.findIndex((line, i) => records[i]?.value !== text(line))
  objections.equal('records', records.length, sent.length)
  objections.expect('all lines in order', wrong === -1, { wrong, found: records[wrong] })
  objections.expect(
    'every key is the host',
    records.every(({ key }) => key === text('printer')),
  )
  // The output takes the time of the message, in seconds.
  const second = Date.parse('2026-01-02T03:04:05Z')
  objections.expect(
    'every timestamp is the time of the message',
    records.every(({ timestamp }) => timestamp === second),
  )
  const isPacked = ({ codec, records: { length } }: RawBatch) => codec === 'lz4' && length > 1
  objections.expect('batches of lz4', batches.some(isPacked))
}

function start(at: Endpoint, scratch: string): Program {
  const file = path.join(scratch, 'rsyslog.conf')
  writeFileSync(file, settings(at, scratch))
  // -n: in the foreground; the pid file of the machine's own daemon is left alone.
  const args = ['-n', '-f', file, '-i', path.join(scratch, 'rsyslog.pid')]
  return startProgram(RSYSLOGD, args, { logFile: path.join(scratch, 'rsyslog.log') })
}

/** What it says of itself goes to a file, what comes by TCP to Kafka. */
function settings(at: Endpoint, scratch: string): string {
  const own = path.join(scratch, 'own.log')
  return `
global(workDirectory="${scratch}")
module(load="imtcp")
module(load="omkafka")
template(name="message" type="string" string="%msg%")
template(name="host" type="string" string="%hostname%")
ruleset(name="kafka") {
  action(type="omkafka" broker=["${hostPort(at)}"] topic="${TOPIC}" template="message"
    dynakey="on" key="host" partitions.auto="on" errorFile="${own}"
    confParam=["compression.codec=lz4", "queue.buffering.max.ms=20", "broker.address.family=v4"])
}
input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="${portFile(scratch)}"
  ruleset="kafka")
action(type="omfile" file="${own}")
`
}

function portFile(scratch: string): string {
  return path.join(scratch, 'port')
}

/** One connection, lines of RFC 5424. */
async function forward(scratch: string, lines: readonly string[]): Promise<void> {
  const file = portFile(scratch)
  const isListening = () => existsSync(file) && readFileSync(file, 'utf8') !== ''
  await until('rsyslog to listen', 20_000, isListening)
  const head = '<134>1 2026-01-02T03:04:05.678Z printer lpd 42 - -'
  const port = Number(readFileSync(file, 'utf8'))
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.end(lines.map((line) => `${head} ${line}\n`).join(''))
    })
    socket.resume()
    socket.on('error', reject).on('close', () => resolve())
  })
}

async function arrived(at: Endpoint, daemon: Program, count: number): Promise<void> {
  const there = async () => (await readPartition(at, TOPIC, 0)).at(-1)?.lastOffset ?? -1
  try {
    await until(`${count} records`, 30_000, async () => (await there()) >= count - 1)
  } catch (error) {
    throw new Error(`${String(error)}\n${logTail(daemon.logFile)}`, { cause: error })
  }
}
