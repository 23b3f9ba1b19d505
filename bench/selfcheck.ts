// The load programs under planted faults: each must end with an error, or show in its figures what the
// server did to it. A load program that does not notice would print a fine number for a broken broker.
import { spawn } from 'node:child_process'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { compiled } from './compile.ts'

const UNKNOWN_TOPIC_OR_PARTITION = 3
const DELAY_MS = 200
const PRODUCE = 0
const METADATA = 3

/** What the server below does wrong at its tenth answer to a Produce. */
type Fault = 'none' | 'error code' | 'correlation id' | 'close' | 'silence' | 'delay'

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

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
        const isCounted = printed['errors'] === 1 && /"3":1/.test(outcome.stdout)
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
]

function expectCode(code: number, stderr: RegExp): (outcome: Outcome) => string | undefined {
  return (outcome) =>
    outcome.code === code && stderr.test(outcome.stderr.trim())
      ? undefined
      : `it ended with ${outcome.code}: ${outcome.stderr}${outcome.stdout}`
}

async function frames(
  fault: Fault,
  judge: (outcome: Outcome) => string | undefined,
): Promise<string | undefined> {
  const server = await listen(fault)
  const port = (server.address() as AddressInfo).port
  const rate = fault === 'delay' ? ['--rate', '1000'] : []
  const options = ['--port', String(port), '--requests', '1000', '--timeout', '1', ...rate]
  try {
    return judge(await ended(compiled('frames'), ['produce', ...options]))
  } finally {
    server.close()
  }
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
  const body = bodyOf(frame.readInt16BE(0), fault === 'error code' ? UNKNOWN_TOPIC_OR_PARTITION : 0)
  head.writeInt32BE(4 + body.length, 0)
  const send = () => socket.write(Buffer.concat([head, body]))
  if (fault === 'delay') setTimeout(send, DELAY_MS)
  else send()
}

/** ApiVersions 0, Metadata 4 of one topic with one partition, Produce 7. */
function bodyOf(key: number, error: number): Buffer {
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
    const broker = [...int32(1), ...string('127.0.0.1'), ...int32(1), 255, 255]
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
  return Buffer.from([0, 0, ...int32(2), ...range(PRODUCE, 7), ...range(METADATA, 4)])
}
