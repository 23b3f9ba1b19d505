// `npm run bench [-- --json]`: what one broker of this checkout costs on this machine, measured
// from outside: start to first acknowledged produce, memory, CPU per request. The load comes from
// another process (this one); CPU is the broker's own, from /proc, and steadier than the wall
// clock. Figures of a shared machine: compare ratios of one run, never two runs.
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { Produce } from '../protocol/api/00-produce.ts'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { buildBatch } from '../protocol/records/builder.ts'
import { encode } from '../protocol/schema/codec.ts'
import { writeRequestHeader } from '../protocol/wire/header.ts'
import { Writer } from '../protocol/wire/writer.ts'
import { startSamsa } from '../test/apache/samsa.ts'
import { stablePort } from '../test/interop/trial.ts'

const TICK_SECONDS = 0.01

interface Row {
  readonly what: string
  readonly figure: number
  readonly unit: string
}

const rows: Row[] = []
const json = process.argv.includes('--json')

function note(what: string, figure: number, unit: string): void {
  rows.push({ what, figure, unit })
  if (!json) process.stdout.write(`${what.padEnd(52)} ${figure.toFixed(1).padStart(10)} ${unit}\n`)
}

const starts: number[] = []
for (let i = 0; i < 5; i++) starts.push(await startToFirstAck())
note('start to first acknowledged produce, median of 5', median(starts), 'ms')
const broker = await startSamsa({ config: { 'num.partitions': '1' } })
try {
  const { port } = broker.bootstrap
  await request(port, metadataFrame('load'))
  note('resident memory, idle', residentMegabytes(broker.pid), 'MB')
  await load(port, { connections: 50, inFlight: 5, bytes: 100, requests: 20_000 })
  for (const shape of [
    { connections: 50, inFlight: 5, bytes: 100, requests: 100_000 },
    { connections: 1, inFlight: 1, bytes: 100, requests: 10_000 },
    { connections: 1, inFlight: 5, bytes: 16_384, requests: 30_000 },
    { connections: 1, inFlight: 5, bytes: 900_000, requests: 500 },
  ]) {
    const before = cpuSeconds(broker.pid)
    const seconds = await load(port, shape)
    const cpu = cpuSeconds(broker.pid) - before
    const name = `produce ${shape.bytes} B, ${shape.connections} x ${shape.inFlight}`
    note(`${name}: requests`, shape.requests / seconds, '/s')
    note(`${name}: broker CPU`, (cpu / shape.requests) * 1e6, 'us each')
  }
  note('resident memory, after the load', residentMegabytes(broker.pid), 'MB')
} finally {
  await broker.stop()
}
if (json) process.stdout.write(`${JSON.stringify({ node: process.version, rows }, null, 2)}\n`)

async function startToFirstAck(): Promise<number> {
  const port = await stablePort()
  const from = performance.now()
  const starting = startSamsa({ port })
  for (;;) {
    try {
      await request(port, metadataFrame('first'))
      await request(port, produceFrame('first', 100))
      break
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  const took = performance.now() - from
  await (await starting).stop()
  return took
}

interface Load {
  readonly connections: number
  readonly inFlight: number
  readonly bytes: number
  readonly requests: number
}

/** Sends whole frames and counts whole answers; returns seconds. */
async function load(
  port: number,
  { connections, inFlight, bytes, requests }: Load,
): Promise<number> {
  const frame = produceFrame('load', bytes)
  const from = performance.now()
  const each = Math.floor(requests / connections)
  await Promise.all(
    Array.from({ length: connections }, () => pump(port, frame, { inFlight, requests: each })),
  )
  return (performance.now() - from) / 1000
}

function pump(
  port: number,
  frame: Buffer,
  { inFlight, requests }: { inFlight: number; requests: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0
    let answered = 0
    let pending: Buffer = Buffer.alloc(0)
    const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true }, () => {
      for (; sent < Math.min(inFlight, requests); sent++) socket.write(frame)
    })
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      let at = 0
      while (pending.length - at >= 4 && pending.length - at >= pending.readInt32BE(at) + 4) {
        at += pending.readInt32BE(at) + 4
        answered++
        if (sent < requests) {
          socket.write(frame)
          sent++
        }
      }
      pending = pending.subarray(at)
      if (answered === requests) {
        socket.destroy()
        resolve()
      }
    })
  })
}

/** One request on a connection of its own; rejects where nobody answers. */
function request(port: number, frame: Buffer): Promise<void> {
  return pump(port, frame, { inFlight: 1, requests: 1 })
}

function metadataFrame(topic: string): Buffer {
  const topics = [{ name: topic }]
  const body = encode(Metadata.request, 9, {
    topics,
    allowAutoTopicCreation: true,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  })
  return frameOf(Metadata.key, 9, body)
}

function produceFrame(topic: string, bytes: number): Buffer {
  const value = Buffer.alloc(Math.max(1, bytes - 80), 'x')
  const records = buildBatch([{ timestamp: 1_700_000_000_000, key: null, value }])
  const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }]
  return frameOf(
    Produce.key,
    9,
    encode(Produce.request, 9, { acks: 1, timeoutMs: 5000, topicData }),
  )
}

function frameOf(apiKey: number, apiVersion: number, body: Buffer): Buffer {
  const writer = new Writer()
  writeRequestHeader(writer, { apiKey, apiVersion, correlationId: 1, clientId: 'bench' })
  const head = writer.toBuffer()
  const length = Buffer.alloc(4)
  length.writeInt32BE(head.length + body.length)
  return Buffer.concat([length, head, body])
}

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS
}

function residentMegabytes(pid: number): number {
  const match = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(match?.[1] ?? 0) / 1024
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!
}
