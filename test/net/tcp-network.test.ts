// Real sockets on the loopback: what is special about them, and a served port end to end.
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { Deadlines } from '../../base/deadlines.ts'
import type { Part } from '../../protocol/wire/part.ts'
import { BufferPool } from '../../src/net/buffer-pool.ts'
import { FlushQueue } from '../../src/net/flush-queue.ts'
import { ConnectionCount, Listener } from '../../src/net/listener.ts'
import type { ReadableRegion, Socket } from '../../src/net/network.ts'
import { PeerLog } from '../../src/net/peer-log.ts'
import { ReceiveBudget } from '../../src/net/receive-budget.ts'
import { tcpNetwork } from '../../src/net/tcp-network.ts'
import { request } from './kit.ts'

const LOOPBACK = { host: '127.0.0.1', port: 0 }

/** Bytes that differ everywhere, so that a mixed-up piece is seen. */
function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at + 4 <= length; at += 4)
    bytes.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at)
  return bytes
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

class FakeRegion implements ReadableRegion {
  readonly kind = 'region'
  readonly byteLength: number
  readsAhead = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.byteLength = bytes.length
  }

  readInto(buffer: Uint8Array, offset: number, from: number, length: number): void {
    this.readsAhead = from + length
    buffer.set(this.#bytes.subarray(from, from + length), offset)
  }
}

describe.each(['scratch', 'data'] as const)('a served port, reading by %s', (reading) => {
  async function serve(park: (answer: () => void) => void) {
    const clock = systemClock()
    const deadlines = new Deadlines(clock)
    const budget = new ReceiveBudget(clock, deadlines, { maxBytes: 1e9, patienceMs: 1000 })
    const flushQueue: FlushQueue = new FlushQueue(() => clock.endOfTurn(() => flushQueue.flush()))
    const listener = await Listener.bind({
      name: 'PLAINTEXT',
      address: LOOPBACK,
      network: tcpNetwork({ reading }),
      count: new ConnectionCount(10, () => 10),
      context: {
        clock,
        deadlines,
        pool: new BufferPool(),
        flushQueue,
        budget,
        log: new PeerLog(clock, () => undefined),
        limits: {
          maxFrameBytes: 1e8,
          maxQueuedBytes: 1e6,
          maxUnsentBytes: 1e6,
          maxPendingRequests: 10,
          maxIdleMs: 600_000,
        },
        onRequest: (slot, frame, start, end) => {
          const answer = Buffer.from(frame.subarray(start - 4, end))
          const isParked = answer.includes('park')
          if (isParked) park(() => slot.fill([answer]))
          else slot.fill([answer])
          return isParked ? 'pending' : 'answered'
        },
      },
    })
    listener.open()
    return { listener, budget }
  }

  test('megabytes behind a parked request stay in the kernel, then all is answered in order', async () => {
    let answer: () => void = () => undefined
    const parked = new Promise<void>((resolve) => {
      answer = resolve
    })
    let release: () => void = () => undefined
    const { listener, budget } = await serve((fill) => {
      release = fill
      answer()
    })
    const client = connect(listener.address().port, '127.0.0.1')
    const sent = [request(1, 'park')]
    for (let i = 0; i < 300; i++) sent.push(request(3, `${i} `.padEnd(i % 3 === 0 ? 300_000 : 50)))
    client.write(Buffer.concat(sent))
    await parked
    for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve))
    expect(budget.bytes()).toBeLessThan(2_000_000)
    release()
    const received: Buffer[] = []
    let left = sent.reduce((sum, frame) => sum + frame.length, 0)
    for await (const chunk of client) {
      received.push(chunk as Buffer)
      left -= (chunk as Buffer).length
      if (left <= 0) break
    }
    expect(hash(Buffer.concat(received))).toBe(hash(Buffer.concat(sent)))
    expect(budget.bytes()).toBe(0)
    await listener.close()
  })

  test('a peer that shut down sending still gets its answers, and then the end', async () => {
    const { listener } = await serve((fill) => setImmediate(() => setImmediate(fill)))
    const client = connect({
      port: listener.address().port,
      host: '127.0.0.1',
      allowHalfOpen: true,
    })
    const sent = [request(1, 'park'), request(3, 'behind')]
    client.end(Buffer.concat(sent))
    const received: Buffer[] = []
    for await (const chunk of client) received.push(chunk as Buffer)
    expect(Buffer.concat(received).equals(Buffer.concat(sent))).toBe(true)
    await listener.close()
  })

  test('closing the listener ends connections and frees the port', async () => {
    const { listener } = await serve(() => undefined)
    const client = connect(listener.address().port, '127.0.0.1')
    client.write(request(3, 'one'))
    await new Promise((resolve) => client.once('data', resolve))
    const ended = new Promise((resolve) => client.once('close', resolve))
    await listener.close()
    await ended
    const again = await tcpNetwork({ reading }).listen(listener.address(), () => undefined)
    await again.close()
  })
})

test('small parts, large parts and regions leave in order; a slow reader holds only a piece', async () => {
  const region = new FakeRegion(pattern(20_000_000))
  const large = pattern(100_000)
  const parts: Part[] = []
  for (let i = 0; i < 100; i++) parts.push(Buffer.from(`small ${i};`))
  parts.push(large, Buffer.from('|'), region, Buffer.from('end'))
  const expected = Buffer.concat(
    parts.map((part) => (part instanceof Uint8Array ? part : pattern(part.byteLength))),
  )
  const network = tcpNetwork()
  let sentCalls = 0
  let server: Socket | null = null
  const listening = await network.listen(LOOPBACK, (socket) => {
    server = socket
    socket.send(parts, () => sentCalls++)
    socket.send([Buffer.from('second reply')], () => sentCalls++)
    return { bytes: () => undefined, drained: () => undefined, closed: () => undefined }
  })
  const client = connect(listening.address.port, '127.0.0.1')
  await new Promise((resolve) => client.once('readable', resolve))
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve))
  expect(region.readsAhead).toBeLessThan(15_000_000)
  expect(server!.unsent).toBeGreaterThan(1_000_000)
  expect(sentCalls).toBe(0)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of client) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length === expected.length + 12) break
  }
  expect(hash(Buffer.concat(chunks))).toBe(
    hash(Buffer.concat([expected, Buffer.from('second reply')])),
  )
  expect(server!.unsent).toBe(0)
  expect(sentCalls).toBe(2)
  await listening.close()
})

test('localhost listens on both loopback families where they exist', async () => {
  const network = tcpNetwork()
  const hosts: string[] = []
  const listening = await network.listen({ host: 'localhost', port: 0 }, (socket) => {
    hosts.push(socket.remote.host)
    return undefined
  })
  for (const host of ['127.0.0.1', '::1']) {
    await new Promise((resolve) => {
      const client = connect(listening.address.port, host)
      client.on('error', resolve)
      client.on('close', resolve)
      client.resume()
    })
  }
  expect(hosts[0]).toBe('127.0.0.1')
  await listening.close()
})
