import { describe, expect, test } from 'vitest'
import { MalformedFrame } from '../../protocol/wire/reader.ts'
import type { Connection } from '../../src/net/connection.ts'
import type { ReplySlot } from '../../src/net/reply-slot.ts'
import { reply, request, World } from './kit.ts'
import type { WorldOptions } from './kit.ts'

const PRODUCE = 0
const FETCH = 1
const METADATA = 3

interface Parked {
  readonly body: string
  readonly slot: ReplySlot<Connection>
}

/** Bodies say what happens: 'park...' waits, 'fixed...' waits with its order fixed, 'skip...' has no
 * reply, 'close...' refuses, 'throw...' throws; all others are echoed at once. */
async function start(options: WorldOptions = {}) {
  const started: string[] = []
  const parked: Parked[] = []
  const world = await World.start(options, (slot, frame, from, to) => {
    const body = frame.toString('latin1', from + 2, to)
    started.push(body.slice(0, 20))
    if (body.startsWith('throw')) throw new MalformedFrame('bad bytes')
    if (body.startsWith('bug')) throw new TypeError('our own fault')
    if (body.startsWith('close')) {
      slot.closeConnection('it asked for it')
      return 'answered'
    }
    if (body.startsWith('skip')) {
      slot.skip()
      return 'answered'
    }
    if (body.startsWith('park') || body.startsWith('fixed')) {
      parked.push({ body, slot })
      return body.startsWith('park') ? 'pending' : 'pending-order-fixed'
    }
    slot.fill([reply(body)])
    return 'answered'
  })
  function answer(body: string): void {
    const found = parked.find((entry) => entry.body === body)
    found!.slot.fill([reply(body)])
    world.clock.settle()
  }
  return { world, started, parked, answer, peer: world.connect() }
}

describe('order', () => {
  test('pipelined requests are answered in order, with one write per turn', async () => {
    const { peer, world } = await start()
    const wanted = Array.from({ length: 100 }, (_, index) => `request ${index}`)
    peer.send(Buffer.concat(wanted.map((body) => request(METADATA, body))))
    world.clock.settle()
    expect(peer.replies()).toEqual(wanted)
  })

  test('what is behind a parked request starts when that is answered', async () => {
    const { peer, started, answer } = await start()
    peer.send(request(FETCH, 'park'), request(METADATA, 'next'), request(PRODUCE, 'last'))
    expect(started).toEqual(['park'])
    answer('park')
    expect(started).toEqual(['park', 'next', 'last'])
    expect(peer.replies()).toEqual(['park', 'next', 'last'])
  })

  test('a Produce may start behind unanswered ones, nothing else may', async () => {
    const { peer, started, answer } = await start()
    peer.send(request(PRODUCE, 'fixed 1'), request(PRODUCE, 'fixed 2'), request(METADATA, 'after'))
    expect(started).toEqual(['fixed 1', 'fixed 2'])
    answer('fixed 2')
    expect(peer.replies()).toEqual([])
    answer('fixed 1')
    expect(peer.replies()).toEqual(['fixed 1', 'fixed 2', 'after'])
  })

  test('a run of unanswered Produce requests has an end', async () => {
    const { peer, started, answer } = await start({ limits: { maxPendingRequests: 2 } })
    peer.send(request(0, 'fixed 1'), request(0, 'fixed 2'), request(0, 'fixed 3'))
    expect(started).toEqual(['fixed 1', 'fixed 2'])
    answer('fixed 1')
    expect(started).toEqual(['fixed 1', 'fixed 2', 'fixed 3'])
  })

  test('a request without reply leaves no gap', async () => {
    const { peer } = await start()
    peer.send(request(PRODUCE, 'skip'), request(METADATA, 'one'), request(PRODUCE, 'skip'))
    peer.send(request(METADATA, 'two'))
    expect(peer.replies()).toEqual(['one', 'two'])
  })

  test('a throttled connection answers and starts nothing until its time', async () => {
    const { peer, started, world } = await start()
    for (const connection of world.listener!.connections) connection.throttle(500)
    peer.send(request(METADATA, 'later'))
    world.clock.advance(490)
    expect(started).toEqual([])
    world.clock.advance(20)
    expect(peer.replies()).toEqual(['later'])
  })
})

describe('bounds', () => {
  test('bytes behind a parked request wait in the network once the budget is used', async () => {
    const { peer, world, answer } = await start({
      limits: { maxQueuedBytes: 10_000 },
      window: { windowBytes: 20_000, chunkBytes: 5_000 },
    })
    peer.send(request(FETCH, 'park'))
    const wanted = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(1000, '.'))
    peer.send(...wanted.map((body) => request(METADATA, body)))
    expect(world.budget.bytes()).toBeGreaterThanOrEqual(10_000)
    expect(world.budget.bytes()).toBeLessThanOrEqual(15_000)
    expect(peer.socket!.unsent).toBeGreaterThan(60_000)
    answer('park')
    expect(peer.replies()).toEqual(['park', ...wanted])
    expect(world.budget.bytes()).toBe(0)
  })

  test('a slow reader is neither read nor served further, and goes on when it reads', async () => {
    const { peer, started } = await start({
      limits: { maxUnsentBytes: 50_000 },
      window: { windowBytes: 10_000, chunkBytes: 5_000 },
    })
    peer.socket!.pause()
    const wanted = Array.from({ length: 60 }, (_, index) => `${index}`.padEnd(4000, '.'))
    for (const body of wanted) peer.send(request(METADATA, body))
    const before = started.length
    expect(before).toBeLessThan(30)
    peer.socket!.resume()
    peer.send()
    expect(peer.replies()).toEqual(wanted)
  })

  test('a flood in one chunk starts a few hundred requests per turn, and all are answered', async () => {
    const { peer, started, world } = await start()
    const wanted = Array.from({ length: 1000 }, (_, index) => `${index}`)
    peer.socket!.send(wanted.map((body) => request(METADATA, body)))
    world.clock.runTurn()
    expect(started).toHaveLength(256)
    world.clock.settle()
    expect(peer.replies()).toEqual(wanted)
  })

  test('replies that wait for the end of the turn count as unsent', async () => {
    const { peer, started, world } = await start({ limits: { maxUnsentBytes: 10_000 } })
    const wanted = Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(4000, '.'))
    peer.socket!.send(wanted.map((body) => request(METADATA, body)))
    world.clock.runTurn()
    expect(started).toHaveLength(3)
    world.clock.settle()
    expect(peer.replies()).toEqual(wanted)
  })

  test('over the total, unfinished requests wait for one that goes on; the stuck one is cut off', async () => {
    const { world } = await start({ budgetBytes: 200_000, window: { chunkBytes: 50_000 } })
    const announce = Buffer.alloc(4)
    announce.writeInt32BE(180_000)
    const peers = [world.connect(), world.connect(), world.connect()]
    for (const peer of peers) peer.send(announce, Buffer.alloc(150_000))
    expect(world.budget.bytes()).toBeGreaterThan(200_000)
    expect(world.budget.bytes()).toBeLessThan(450_000)
    world.clock.advance(31_000)
    expect(world.lines.join('\n')).toContain('do not finish')
    for (const peer of peers) peer.send(Buffer.alloc(30_000))
    expect(peers.filter((peer) => peer.replies().length === 1).length).toBe(2)
    expect(world.budget.bytes()).toBe(0)
  })

  test('an idle connection is closed after its time, a busy one is not', async () => {
    const { world, peer } = await start({ limits: { maxIdleMs: 1000 } })
    const idle = world.connect()
    for (let i = 0; i < 5; i++) {
      world.clock.advance(400)
      peer.send(request(METADATA, 'still here'))
    }
    expect(idle.sawEnd).toBe(true)
    expect(peer.sawEnd).toBe(false)
  })

  test('one address gets no more than its connections, and a place that was left', async () => {
    const { world, peer } = await start({ maxPerHost: 2 })
    const second = world.connect()
    expect(world.connect().failure).not.toBeNull()
    expect(world.lines.join()).toContain('max.connections.per.ip is 2')
    second.socket!.destroy()
    world.clock.settle()
    expect(world.connect().failure).toBeNull()
    expect(peer.isClosed).toBe(false)
  })
})

describe('ends', () => {
  test('a parked request learns that its peer is gone, and a late answer is harmless', async () => {
    const { peer, parked, world } = await start()
    peer.send(request(FETCH, 'park'))
    let gone = 0
    let released = 0
    parked[0]!.slot.onAbandoned(() => gone++)
    peer.socket!.destroy()
    world.clock.settle()
    expect(gone).toBe(0)
    world.clock.advance(120)
    expect(gone).toBe(1)
    parked[0]!.slot.fill([reply('late')], () => released++)
    expect(released).toBe(1)
    expect(world.listener!.connections.size).toBe(0)
  })

  test('requests sent before the peer ended its side are still handled and answered', async () => {
    const { peer, started, answer, world } = await start()
    peer.socket!.send([request(0, 'fixed'), request(METADATA, 'behind')])
    peer.socket!.end()
    world.clock.settle()
    expect(started).toEqual(['fixed'])
    answer('fixed')
    expect(started).toEqual(['fixed', 'behind'])
    expect(world.listener!.connections.size).toBe(0)
  })

  test.each([
    ['close', 'it asked for it'],
    ['throw', 'bad bytes'],
    ['bug', 'our own fault'],
  ])('%s: replies before it leave, then the connection ends with a line', async (body, line) => {
    const { peer, started, world } = await start()
    peer.send(request(METADATA, 'before'), request(METADATA, body), request(METADATA, 'never'))
    expect(peer.replies()).toEqual(['before'])
    expect(peer.sawEnd).toBe(true)
    expect(started).toEqual(['before', body])
    expect(world.lines.join()).toContain(line)
  })

  test('an HTTP request closes its connection with a line, and no other', async () => {
    const { peer, world } = await start()
    const browser = world.connect()
    browser.send(Buffer.from('GET / HTTP/1.1\r\nHost: localhost:9092\r\n\r\n'))
    expect(browser.sawEnd).toBe(true)
    expect(world.lines).toHaveLength(1)
    expect(world.lines[0]).toContain('HTTP')
    peer.send(request(METADATA, 'fine'))
    expect(peer.replies()).toEqual(['fine'])
  })

  test('fifty connections that announce 90 MB and send nothing hold next to nothing', async () => {
    const { world, peer } = await start()
    const announce = Buffer.alloc(4)
    announce.writeInt32BE(90 * 1024 * 1024)
    for (let i = 0; i < 50; i++) world.connect().send(announce)
    expect(world.budget.bytes()).toBe(200)
    peer.send(request(METADATA, 'fine'))
    expect(peer.replies()).toEqual(['fine'])
  })

  test('lines about one address are few', async () => {
    const { world } = await start()
    for (let i = 0; i < 100; i++) world.connect().send(Buffer.from([0xff, 0, 0, 0]))
    expect(world.lines).toHaveLength(10)
    expect(world.lines.at(-1)).toContain('left out')
  })

  test('closing the listener waits for started requests, and starts no other', async () => {
    const { world, peer, answer, started } = await start()
    peer.send(request(FETCH, 'park'), request(METADATA, 'never'))
    const closed = world.listener!.close()
    world.clock.settle()
    answer('park')
    await closed
    expect(peer.replies()).toEqual(['park'])
    expect(started).toEqual(['park'])
    expect(peer.sawEnd).toBe(true)
  })

  test('before open() connections are made but nothing is read', async () => {
    const { world, peer, started } = await start({ closed: true })
    peer.send(request(METADATA, 'early'))
    expect(started).toEqual([])
    world.listener!.open()
    world.clock.settle()
    expect(peer.replies()).toEqual(['early'])
  })
})
