// The load programs under planted faults: each must end with an error, or show in its figures what the
// server did to it. A load program that does not notice would print a fine number for a broken broker.
import { spawn } from 'node:child_process'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { startProgram } from '../test/apache/program.ts'
import { compiled, type CompiledProgram } from './compile.ts'

const MESSAGE_TOO_LARGE = 10
const DELAY_MS = 200
const UNSUPPORTED_VERSION = 35
const PRODUCE = 0
const FETCH = 1
const METADATA = 3
const API_VERSIONS = 18

/** What the server below does wrong at its tenth answer to a Produce. */
type Fault = 'none' | 'error code' | 'correlation id' | 'close' | 'silence' | 'delay'

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

type Judge = (outcome: Outcome) => string | undefined

const CLIENTS = [
  'produce',
  '--topic',
  'frames',
  '--records',
  '1000',
  '--set',
  'batch.num.messages=10',
]
const CONSUME = ['consume', '--topic', 'frames', '--timeout', '2']

export interface LoadCheck {
  readonly name: string
  /** Resolves with nothing when the program behaved, else with what it did instead. */
  run(): Promise<string | undefined>
}

export const loadChecks: readonly LoadCheck[] = [
  { name: 'frames: a right answer is no error', run: () => frames('none', expectCode(0, /^$/)) },
  {
    name: 'frames: an error code is counted and ends it with 1',
    run: () =>
      frames('error code', (outcome) => {
        const printed = JSON.parse(outcome.stdout) as Record<string, unknown>
        const isCounted = printed['errors'] === 1 && /"10":1/.test(outcome.stdout)
        return isCounted ? expectCode(1, /carried an error/)(outcome) : outcome.stdout
      }),
  },
  {
    name: 'frames: a wrong correlation id ends it',
    run: () => frames('correlation id', expectCode(1, /answer \d+ came where \d+ was due/)),
  },
  {
    name: 'frames: a closed connection ends it',
    run: () => frames('close', expectCode(1, /closed a connection/)),
  },
  {
    name: 'frames: a server that falls silent ends it',
    run: () => frames('silence', expectCode(1, /no answer for 1 s/)),
  },
  {
    name: 'frames: in an open loop a delay counts for every request that it held up',
    // 1,000 a second and one delay of 200 ms: 200 of 1,000 requests wait, their median half of it.
    run: () =>
      frames('delay', (outcome) => {
        const printed = JSON.parse(outcome.stdout) as { p50Us: number; p99Us: number }
        const isSeen = printed.p99Us > DELAY_MS * 800 && printed.p99Us < DELAY_MS * 10_000
        return isSeen ? expectCode(0, /^$/)(outcome) : outcome.stdout
      }),
  },
  {
    name: 'clients: a record that is refused ends it with 1',
    run: () => againstFault('error code', 'clients', CLIENTS, expectCode(1, /were not delivered/)),
  },
  {
    name: 'clients: a consumer that finds fewer records than it should ends with 1',
    run: () =>
      againstSink([
        ['frames', ['produce', '--requests', '10', '--records', '10'], expectCode(0, /^$/)],
        ['clients', [...CONSUME, '--records', '100', '--check'], expectCode(0, /^$/)],
        ['clients', [...CONSUME, '--records', '101'], expectCode(1, /^100 of 101 records came/)],
      ]),
  },
  {
    name: 'sink: a batch with a wrong CRC is refused',
    run: () =>
      againstSink([
        ['frames', ['produce', '--requests', '5', '--corrupt'], expectCode(1, /^5 answers/)],
      ]),
  },
]

function expectCode(code: number, stderr: RegExp): Judge {
  return (outcome) =>
    outcome.code === code && stderr.test(outcome.stderr.trim())
      ? undefined
      : `it ended with ${outcome.code}: ${outcome.stderr}${outcome.stdout}`
}

function frames(fault: Fault, judge: Judge): Promise<string | undefined> {
  const rate = fault === 'delay' ? ['--rate', '1000'] : []
  const options = ['produce', '--requests', '1000', '--timeout', '1', ...rate]
  return againstFault(fault, 'frames', options, judge)
}

async function againstFault(
  fault: Fault,
  program: CompiledProgram,
  options: readonly string[],
  judge: Judge,
): Promise<string | undefined> {
  const server = await listen(fault)
  const port = (server.address() as AddressInfo).port
  try {
    return judge(await ended(compiled(program), [...options, '--port', String(port)]))
  } finally {
    server.close()
  }
}

/** One run after the other, until one misbehaves. */
async function againstSink(
  runs: readonly (readonly [CompiledProgram, readonly string[], Judge])[],
): Promise<string | undefined> {
  const sink = startProgram(compiled('sink'), [], { logFile: '/dev/null' })
  try {
    const [, port = ''] = await sink.line(/^listening (\d+)/m, 10_000)
    for (const [program, options, judge] of runs) {
      const wrong = judge(await ended(compiled(program), [...options, '--port', port]))
      if (wrong !== undefined) return wrong
    }
  } finally {
    await sink.stop()
  }
  return undefined
}

function ended(command: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** A server that says yes to everything, one request at a time, but for its fault. */
function listen(fault: Fault): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      let produced = 0
      let pending = Buffer.alloc(0)
      socket.on('error', () => socket.destroy())
      socket.on('data', (chunk: Buffer) => {
        pending = Buffer.concat([pending, chunk])
        while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
          const frame = pending.subarray(4, 4 + pending.readInt32BE(0))
          pending = pending.subarray(4 + frame.length)
          const isTenth = frame.readInt16BE(0) === PRODUCE && ++produced === 10
          answer(socket, frame, isTenth ? fault : 'none')
        }
      })
    })
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

function answer(socket: Socket, frame: Buffer, fault: Fault): void {
  if (fault === 'close') socket.destroy()
  if (fault === 'close' || fault === 'silence') return
  const head = Buffer.alloc(8)
  head.writeInt32BE(frame.readInt32BE(4) + (fault === 'correlation id' ? 1 : 0), 4)
  const [key, version] = [frame.readInt16BE(0), frame.readInt16BE(2)]
  const isTooNew = key === API_VERSIONS && version > 0
  const refused = isTooNew ? UNSUPPORTED_VERSION : 0
  const port = socket.localPort ?? 0
  const body = bodyOf(key, fault === 'error code' ? MESSAGE_TOO_LARGE : refused, port)
  head.writeInt32BE(4 + body.length, 0)
  const send = () => socket.write(Buffer.concat([head, body]))
  if (fault === 'delay') setTimeout(send, DELAY_MS)
  else send()
}

/** ApiVersions 0, Metadata 4 of one topic with one partition, Produce 7. Fetch is only named: without
 * it librdkafka would send the message format of 2016. */
function bodyOf(key: number, error: number, port: number): Buffer {
  const string = (text: string) => [0, text.length, ...Buffer.from(text)]
  const int32 = (value: number) => [0, 0, value >> 8, value & 255]
  const int64 = (value: number) => [0, 0, 0, 0, ...int32(value)]
  const topic = [...int32(1), ...string('frames')]
  if (key === PRODUCE) {
    return Buffer.from([
      ...topic,
      ...int32(1),
      ...int32(0),
      0,
      error,
      ...int64(0),
      ...int64(0),
      ...int64(0),
      ...int32(0),
    ])
  }
  if (key === METADATA) {
    const broker = [...int32(1), ...string('127.0.0.1'), ...int32(port), 255, 255]
    const partition = [0, 0, ...int32(0), ...int32(1), ...int32(0), ...int32(0)]
    const described = [0, 0, ...string('frames'), 0, ...int32(1), ...partition]
    return Buffer.from([
      ...int32(0),
      ...int32(1),
      ...broker,
      255,
      255,
      ...int32(1),
      ...int32(1),
      ...described,
    ])
  }
  const range = (api: number, newest: number) => [0, api, 0, 0, 0, newest]
  const ranges = [...range(PRODUCE, 7), ...range(FETCH, 4), ...range(METADATA, 4)]
  return Buffer.from([0, error, ...int32(3), ...ranges])
}
