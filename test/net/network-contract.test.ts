// What every Network promises, run on each: memory, and TCP with both ways of reading.
import { beforeEach, describe, expect, test } from 'vitest'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { memoryNetwork } from '../../src/net/memory-network.ts'
import type {
  Listening,
  Network,
  ReadableRegion,
  Socket,
  SocketEvents,
} from '../../src/net/network.ts'
import { tcpNetwork } from '../../src/net/tcp-network.ts'

interface World {
  readonly network: Network
  /** Lets things happen until `condition` holds; fails when it never does. */
  until(condition: () => boolean): Promise<void>
  /** Lets so many turns pass. */
  pass(turns: number): Promise<void>
}

function memoryWorld(): World {
  const clock = new VirtualClock()
  return {
    network: memoryNetwork(clock, { windowBytes: 50_000, chunkBytes: 7000 }),
    async pass(turns) {
      for (let turn = 0; turn < turns; turn++) clock.runTurn()
      await Promise.resolve()
    },
    async until(condition) {
      for (let turn = 0; turn < 100_000 && !condition(); turn++) {
        await Promise.resolve()
        clock.runTurn()
      }
      expect(condition()).toBe(true)
    },
  }
}

function tcpWorld(reading: 'scratch' | 'data'): World {
  return {
    network: tcpNetwork({ reading }),
    async pass(turns) {
      for (let turn = 0; turn < turns; turn++) {
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    async until(condition) {
      for (let turn = 0; turn < 1_000_000 && !condition(); turn++) {
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(condition()).toBe(true)
    },
  }
}

/** One side of a connection, and what it was told. */
class Side implements SocketEvents {
  socket: Socket | null = null
  readonly told: string[] = []
  readonly #chunks: Buffer[] = []
  receivedBytes = 0
  failure: Error | null = null

  bytes(chunk: Buffer): void {
    this.#chunks.push(Buffer.from(chunk))
    this.receivedBytes += chunk.length
  }
  drained(): void {
    this.told.push('drained')
  }
  ended(): void {
    this.told.push('ended')
  }
  closed(error: Error | null): void {
    this.failure = error
    this.told.push('closed')
  }
  received(): Buffer {
    return Buffer.concat(this.#chunks)
  }
  isClosed(): boolean {
    return this.told.includes('closed')
  }
}

class FakeRegion implements ReadableRegion {
  readonly kind = 'region'
  readonly byteLength: number
  readonly #bytes: Buffer
  readonly #failsAt: number

  constructor(bytes: Buffer, failsAt = Infinity) {
    this.#bytes = bytes
    this.byteLength = bytes.length
    this.#failsAt = failsAt
  }

  readInto(buffer: Uint8Array, offset: number, from: number, length: number): void {
    if (from + length > this.#failsAt) throw new Error('EIO')
    buffer.set(this.#bytes.subarray(from, from + length), offset)
  }
}

function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at++) bytes[at] = (at * 31 + (at >>> 8)) & 0xff
  return bytes
}

describe.each([
  ['memory', memoryWorld],
  ['tcp by scratch', () => tcpWorld('scratch')],
  ['tcp by data', () => tcpWorld('data')],
] as const)('%s', (_name, make) => {
  let world: World
  let listening: Listening
  let client: Side
  let server: Side
  let onAccept: (socket: Socket) => void

  beforeEach(async () => {
    world = make()
    client = new Side()
    server = new Side()
    onAccept = () => undefined
    listening = await world.network.listen({ host: '127.0.0.1', port: 0 }, (socket) => {
      server.socket = socket
      onAccept(socket)
      return server
    })
    return async () => {
      for (const side of [client, server]) side.socket?.destroy()
      await listening.close()
    }
  })

  async function connect(): Promise<void> {
    let isSynchronous = true
    world.network.connect(listening.address, client, (result) => {
      expect(isSynchronous).toBe(false)
      if (result instanceof Error) throw result
      client.socket = result
    })
    isSynchronous = false
    await world.until(() => client.socket !== null && server.socket !== null)
  }

  test('both ends know both addresses', async () => {
    await connect()
    expect(server.socket!.local).toEqual(client.socket!.remote)
    expect(server.socket!.remote).toEqual(client.socket!.local)
    expect(client.socket!.remote.port).toBe(listening.address.port)
  })

  test('parts of all kinds arrive in order, and each send is told once', async () => {
    await connect()
    const big = pattern(400_000)
    const sent: number[] = []
    const parts = [Buffer.from('a'), Buffer.alloc(0), Buffer.from('b'), new FakeRegion(big)]
    server.socket!.send([...parts, Buffer.from('c')], () => sent.push(1))
    server.socket!.send([big.subarray(0, 100_000), new FakeRegion(Buffer.alloc(0))], () =>
      sent.push(2),
    )
    server.socket!.send([Buffer.from('end')], () => sent.push(3))
    const letters = [Buffer.from('ab'), big, Buffer.from('c'), big.subarray(0, 100_000)]
    const expected = Buffer.concat([...letters, Buffer.from('end')])
    await world.until(() => client.receivedBytes >= expected.length)
    expect(client.received().equals(expected)).toBe(true)
    await world.until(() => sent.length === 3)
    expect(sent).toEqual([1, 2, 3])
    expect(server.socket!.unsent).toBe(0)
  })

  test('a paused receiver makes the sender wait; after resume the sender drains', async () => {
    await connect()
    server.socket!.pause()
    const bytes = pattern(16_000_000)
    let sent = 0
    client.socket!.send([bytes], () => sent++)
    await world.pass(50)
    expect(client.socket!.unsent).toBeGreaterThan(0)
    expect(sent).toBe(0)
    expect(client.told).toEqual([])
    server.socket!.resume()
    await world.until(() => server.receivedBytes === bytes.length)
    await world.until(() => sent === 1 && client.told.includes('drained'))
    expect(server.received().equals(bytes)).toBe(true)
  })

  test('a socket paused while accepted delivers nothing until resumed', async () => {
    onAccept = (socket) => socket.pause()
    await connect()
    let sent = 0
    client.socket!.send([Buffer.from('early')], () => sent++)
    await world.until(() => sent === 1)
    await world.pass(50)
    expect(server.receivedBytes).toBe(0)
    server.socket!.resume()
    await world.until(() => server.received().toString() === 'early')
  })

  test('end: what was sent arrives, the peer may still answer, both close once', async () => {
    await connect()
    client.socket!.send([Buffer.from('question')])
    client.socket!.end()
    let afterEnd = 0
    client.socket!.send([Buffer.from('ignored')], () => afterEnd++)
    expect(afterEnd).toBe(1)
    await world.until(() => server.told.includes('ended'))
    expect(server.received().toString()).toBe('question')
    server.socket!.end()
    await world.until(() => server.isClosed() && client.isClosed())
    expect(server.told.filter((what) => what === 'closed')).toHaveLength(1)
    expect(client.told.filter((what) => what === 'closed')).toHaveLength(1)
    expect(server.failure).toBeNull()
  })

  test('destroy: sends in flight are told, this side is closed, the peer notices', async () => {
    await connect()
    client.socket!.pause()
    let sent = 0
    server.socket!.send([pattern(16_000_000)], () => sent++)
    server.socket!.send([Buffer.from('behind')], () => sent++)
    server.socket!.destroy()
    await world.until(() => server.isClosed() && sent === 2)
    client.socket!.resume()
    await world.until(() => client.told.includes('ended') || client.isClosed())
    server.socket!.send([Buffer.from('late')], () => sent++)
    await world.until(() => sent === 3)
    expect(server.told).toEqual(['closed'])
  })

  test('a region that cannot be read closes the connection with its error', async () => {
    await connect()
    let sent = 0
    server.socket!.send([new FakeRegion(pattern(1_000_000), 300_000)], () => sent++)
    await world.until(() => server.isClosed())
    expect(server.failure!.message).toBe('EIO')
    expect(sent).toBe(1)
    await world.until(() => client.told.includes('ended') || client.isClosed())
  })

  test('a taken port and a port where nobody listens have their codes', async () => {
    await expect(world.network.listen(listening.address, () => undefined)).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    await listening.close()
    let failure: Socket | Error | null = null
    world.network.connect(listening.address, client, (result) => {
      failure = result
    })
    await world.until(() => failure !== null)
    expect(failure).toMatchObject({ code: 'ECONNREFUSED' })
  })
})
