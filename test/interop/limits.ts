// What hostile, idle and slow connections cost the others: CPU per request, memory, order, service.
// Raw sockets, because no client library does this on purpose.
import { connect, type Socket } from 'node:net'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Cluster, Endpoint } from '../apache/cluster.ts'
import type { SamsaOptions } from '../apache/samsa.ts'
import { batch } from '../oracle/batch.ts'
import { encodeRequest, frame } from '../oracle/codec.ts'
import { RawClient } from '../oracle/raw-client.ts'
import { answer, createTopics, list } from './ask.ts'
import { pipelined } from './pipelined.ts'
import { cpuMs, megabytes, residentBytes } from './process.ts'
import { sleep, stablePort, type Check, type Trial } from './trial.ts'

export const limits: Check = {
  name: 'limits',
  about: 'idle, slow, hostile and pipelining connections against CPU, memory and order',
  faults: [
    { name: 'heavy', plants: 'a connection costs CPU', caughtBy: /at most 10 % more CPU/ },
    {
      name: 'fat',
      plants: 'a connection costs 0.3 MB',
      caughtBy: /announcements.* by at most 10 MB/,
    },
    { name: 'unwritten', plants: 'one record is not written', caughtBy: /see what the one before/ },
    { name: 'fragile', plants: 'an unreadable request ends the broker', caughtBy: /nothing else/ },
  ],
  async run(trial) {
    if (trial.fault === undefined || trial.fault === 'heavy') await crowd(trial)
    if (trial.fault === undefined || trial.fault === 'unwritten') await pipelined(trial)
    if (trial.fault === undefined || trial.fault === 'fragile') await garbage(trial)
    if (trial.fault === undefined || trial.fault === 'fat') await announcements(trial)
  },
}

const TURN_REQUESTS = 500

function start(trial: Trial, options: SamsaOptions = {}): Promise<Cluster> {
  const fault = trial.fault === 'fragile' ? 'fragile.cjs' : 'heavy-connections.cjs'
  if (!['heavy', 'fat', 'fragile'].includes(trial.fault ?? '')) return trial.broker(options)
  const file = path.resolve('test', 'interop', 'faults', fault)
  return trial.broker({ ...options, env: { NODE_OPTIONS: `--require ${file}` } })
}

/** 1,000 idle connections and a reader that takes 1 KB now and then, against produce on one other. */
async function crowd(trial: Trial): Promise<void> {
  const place = { port: await stablePort(), dataDir: path.join(trial.directory(), 'data') }
  let broker = await start(trial, place)
  await createTopics(broker.bootstrap, ['load', 'big'], 1)
  await fill(broker)
  // A new process, so that what it keeps of the records just written is not in the figures.
  await broker.stop()
  broker = await start(trial, place)
  const load = await Load.open(broker)
  await load.round(200)
  trial.figure('RSS without them', megabytes(residentBytes(broker.pid)))
  const first = await gather(broker)
  await load.round(1000)
  const resident = residentBytes(broker.pid)
  first.leave()
  trial.figure('RSS among 1,000 idle and a slow reader', megabytes(resident))
  trial.expect('1,000 idle and one slow connection: RSS under 90 MB', resident < 90e6, resident)

  trial.figure('RSS after that and 1,000 produce requests', megabytes(residentBytes(broker.pid)))
  load.close()
  await broker.stop()
  await compare(trial)
}

/** Two brokers take turns, one of them in a crowd; then the crowd changes sides, so that a difference
 * between the two processes cancels out. Turns are short, because the machine gets slower and faster
 * within tenths of a second. All that a broker uses counts, between its turns too: nothing escapes. */
async function compare(trial: Trial): Promise<void> {
  const brokers = [await start(trial), await start(trial)] as const
  const loads: Load[] = []
  for (const broker of brokers) {
    await createTopics(broker.bootstrap, ['load', 'big'], 1)
    await fill(broker)
    loads.push(await Load.open(broker))
  }
  for (const load of loads) await warmUp(load, trial.isSmall ? 2000 : 5000)
  const logarithms: number[] = []
  for (const side of trial.isSmall ? [0, 1] : [0, 1, 1, 0]) {
    const crowd = await gather(brokers[side]!)
    const [crowded, alone] = [loads[side]!, loads[1 - side]!]
    // Connecting is not what is measured, nor the garbage of it.
    await crowded.round(5000)
    const before = [cpuMs(brokers[0].pid), cpuMs(brokers[1].pid)]
    const pairs = trial.isSmall ? 60 : 120
    for (let pair = 0; pair < pairs; pair++) {
      // Who goes first changes too: the first of a pair finds the machine colder.
      for (const load of pair % 2 === 0 ? [crowded, alone] : [alone, crowded]) {
        await load.round(TURN_REQUESTS)
      }
    }
    const [first, second] = brokers.map(
      ({ pid }, i) => ((cpuMs(pid) - before[i]!) * 1000) / (pairs * TURN_REQUESTS),
    )
    const [among, apart] = side === 0 ? [first!, second!] : [second!, first!]
    trial.figure('CPU us per produce alone, among them', `${apart.toFixed(1)}, ${among.toFixed(1)}`)
    logarithms.push(Math.log(among / apart))
    crowd.leave()
  }
  const mean = logarithms.reduce((sum, logarithm) => sum + logarithm, 0) / logarithms.length
  const more = (Math.exp(mean) - 1) * 100
  trial.figure('that is, by the mean of the sides', `${more.toFixed(1)} % more`)
  trial.expect('1,000 idle and one slow connection: at most 10 % more CPU', more <= 10, more)
  for (const load of loads) load.close()
  for (const broker of brokers) await broker.stop()
}

/** Until the compilers of the broker are through with the path: two rounds in a row cost the same. */
async function warmUp(load: Load, requests: number): Promise<void> {
  let before = await load.round(requests)
  for (let round = 0; round < 15; round++) {
    const now = await load.round(requests)
    if (round > 4 && now > before * 0.95) return
    before = now
  }
}

async function gather(broker: Cluster): Promise<{ leave: () => void }> {
  const sockets = await many(1000, broker.bootstrap)
  for (const socket of sockets) socket.write(versionsFrame())
  const reader = await slowReader(broker)
  await sleep(1000)
  return {
    leave() {
      reader.end()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Produce requests of one batch of 1 KB on one connection, each sent when the one before is answered. */
class Load {
  readonly #client: RawClient
  readonly #pid: number
  readonly #request: Readonly<Record<string, unknown>>

  private constructor(client: RawClient, pid: number) {
    this.#client = client
    this.#pid = pid
    const records = batch([{ key: 'k', value: 'v'.repeat(1000) }])
    const topicData = [{ name: 'load', partitionData: [{ index: 0, records }] }]
    this.#request = { acks: -1, timeoutMs: 10_000, topicData }
  }

  static async open(broker: Cluster): Promise<Load> {
    return new Load(await RawClient.open(broker.bootstrap), broker.pid)
  }

  /** CPU microseconds of the broker per request. */
  async round(requests: number): Promise<number> {
    const before = cpuMs(this.#pid)
    for (let i = 0; i < requests; i++) await this.once()
    return ((cpuMs(this.#pid) - before) * 1000) / requests
  }

  /** Milliseconds until it was answered without an error. */
  async once(): Promise<number> {
    const from = performance.now()
    const reply = await answer(this.#client, 'Produce', 9, this.#request)
    const partition = list(list(reply, 'responses')[0]!, 'partitionResponses')[0]!
    if (partition['errorCode'] !== 0) throw new Error(`Produce: ${JSON.stringify(partition)}`)
    return performance.now() - from
  }

  close(): void {
    this.#client.close()
  }
}

/** More than socket buffers take, so that a reader can be slow. */
async function fill(broker: Cluster): Promise<void> {
  const client = await RawClient.open(broker.bootstrap)
  const records = batch([{ key: 'k', value: 'v'.repeat(900_000) }])
  const topicData = [{ name: 'big', partitionData: [{ index: 0, records }] }]
  for (let i = 0; i < 15; i++) {
    await answer(client, 'Produce', 9, { acks: -1, timeoutMs: 10_000, topicData })
  }
  client.close()
}

/** Asks for 50 MB and takes 1 KB every 50 ms. */
async function slowReader(broker: Cluster): Promise<{ end(): void }> {
  const socket = await open(broker.bootstrap)
  socket.pause()
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 50_000_000 }]
  const request = {
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: 50_000_000,
    sessionEpoch: -1,
    topics: [{ topic: 'big', partitions }],
  }
  socket.write(frame(encodeRequest('Fetch', 12, request, { correlationId: 1, clientId: 'slow' })))
  const timer = setInterval(() => socket.read(1024), 50)
  return {
    end() {
      clearInterval(timer)
      socket.destroy()
    },
  }
}

/** Three ways to speak something else: that connection ends, the log names it, the others go on. */
async function garbage(trial: Trial): Promise<void> {
  const broker = await start(trial)
  await createTopics(broker.bootstrap, ['load'], 1)
  const huge = Buffer.alloc(4)
  huge.writeInt32BE(0x7fff_ffff)
  const random = Buffer.from('garbage\u0000\u0001\u00ff\u00fe that nobody can read as a frame')
  const cases: [string, Buffer, RegExp][] = [
    ['a frame of 2 GiB announced', huge, /WARN.*2147483647/],
    ['garbage bytes', random, /WARN/],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), /WARN.*HTTP/i],
  ]
  for (const [what, bytes, logged] of cases) {
    const load = await Load.open(broker)
    await load.once()
    const logLength = readFileSync(broker.logFile).length
    const memory = residentBytes(broker.pid)
    const socket = await open(broker.bootstrap)
    const closed = new Promise<boolean>((resolve) => {
      socket.on('close', () => resolve(true))
      setTimeout(() => resolve(false), 3000)
    })
    socket.write(bytes)
    trial.expect(`${what}: that connection is closed`, await closed)
    await sleep(100)
    const lines = readFileSync(broker.logFile).subarray(logLength).toString('utf8').trim()
    trial.expect(`${what}: a log line says so`, logged.test(lines), lines)
    trial.figure('it says', lines.split('\n')[0] ?? '')
    const isServing = await load.once().then(
      () => true,
      () => false,
    )
    const grown = isServing ? residentBytes(broker.pid) - memory : 0
    const isQuiet = lines.split('\n').length === 1
    trial.expect(`${what}: nothing else happens`, isServing && isQuiet && grown < 5e6, {
      isServing,
      lines,
      grown,
    })
    load.close()
  }
  await broker.stop()
}

/** 50 connections announce 90 MB each, which is allowed, and send nothing, or a byte a second. */
async function announcements(trial: Trial): Promise<void> {
  const broker = await start(trial)
  await createTopics(broker.bootstrap, ['load'], 1)
  const load = await Load.open(broker)
  for (let warm = 0; warm < 3; warm++) await load.round(2000)
  const seconds = trial.isSmall ? 2 : 8
  const announced = Buffer.alloc(4)
  announced.writeInt32BE(90 * 1024 * 1024)
  for (const drip of [false, true]) {
    const what = drip ? 'announcements of 90 MB and a byte a second' : 'announcements of 90 MB'
    await load.round(500)
    const calm = residentBytes(broker.pid)
    const sockets = await many(50, broker.bootstrap)
    for (const socket of sockets) socket.write(announced)
    const timer = setInterval(() => {
      for (const socket of sockets) if (drip) socket.write('x')
    }, 1000)
    const delays: number[] = []
    let peak = 0
    const end = performance.now() + seconds * 1000
    while (performance.now() < end) {
      delays.push(await load.once())
      peak = Math.max(peak, residentBytes(broker.pid))
      await sleep(10)
    }
    clearInterval(timer)
    const isOpen = sockets.every((socket) => !socket.destroyed)
    for (const socket of sockets) socket.destroy()
    const grown = peak - calm
    trial.figure(`50 ${what}`, `RSS ${megabytes(calm)} and at most ${megabytes(grown)} more`)
    trial.figure('ms per produce meanwhile', `median ${median(delays).toFixed(1)}`)
    trial.expect(`50 ${what} raise RSS by at most 10 MB`, grown <= 10e6, megabytes(grown))
    trial.expect(`50 ${what}: every produce is answered, soon`, median(delays) < 20, delays.length)
    trial.expect(`50 ${what}: they are allowed`, isOpen)
  }
  load.close()
  await broker.stop()
}

function versionsFrame(): Buffer {
  return frame(encodeRequest('ApiVersions', 0, {}, { correlationId: 1, clientId: 'idle' }))
}

async function many(count: number, endpoint: Endpoint): Promise<Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < count) {
    const some = Math.min(50, count - sockets.length)
    sockets.push(...(await Promise.all(Array.from({ length: some }, () => open(endpoint)))))
  }
  for (const socket of sockets) socket.resume()
  return sockets
}

function open({ host, port }: Endpoint): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host)
    socket.once('connect', () => {
      socket.removeListener('error', reject)
      socket.on('error', () => socket.destroy())
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)]!
}
