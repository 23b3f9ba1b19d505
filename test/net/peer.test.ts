import { expect, test } from 'vitest'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import { BufferPool } from '../../src/net/buffer-pool.ts'
import { Peer } from '../../src/net/peer.ts'
import type { PeerError } from '../../src/net/peer.ts'
import type { ReplySlot } from '../../src/net/reply-slot.ts'
import type { Connection } from '../../src/net/connection.ts'
import { World } from './kit.ts'

/** A Metadata v0 reply without brokers and topics. */
function emptyReply(correlationId: number): Buffer {
  const frame = Buffer.alloc(16)
  frame.writeInt32BE(12)
  frame.writeInt32BE(correlationId, 4)
  return frame
}

async function start(maxInFlight = 100) {
  const slots: { slot: ReplySlot<Connection>; id: number }[] = []
  const world = await World.start({}, (slot, frame, from) => {
    slots.push({ slot, id: frame.readInt32BE(from + 4) })
    return 'pending-order-fixed'
  })
  const peer = new Peer({
    network: world.network,
    clock: world.clock,
    deadlines: world.deadlines,
    pool: new BufferPool(),
    address: world.listener!.address(),
    clientId: 'me',
    requestTimeoutMs: 1000,
    maxFrameBytes: 1000,
    maxInFlight,
  })
  const results: string[] = []
  function ask(name: string): void {
    peer.request(Metadata, 0, { topics: [] }, (result) => {
      results.push(`${name}: ${result instanceof Error ? (result as PeerError).code : 'ok'}`)
    })
  }
  return { world, peer, slots, results, ask }
}

test('requests before the connection are sent when it is there, once', async () => {
  const { world, slots, results, ask, peer } = await start()
  ask('one')
  expect(peer.state()).toBe('connecting')
  world.clock.settle()
  expect(slots.map(({ id }) => id)).toEqual([1])
  slots[0]!.slot.fill([emptyReply(1)])
  world.clock.settle()
  expect(results).toEqual(['one: ok'])
})

test('a request in time is answered; a late one fails it and all behind, and closes', async () => {
  const { world, slots, results, ask, peer } = await start()
  ask('one')
  world.clock.settle()
  slots[0]!.slot.fill([emptyReply(1)])
  world.clock.advance(900)
  ask('two')
  world.clock.advance(500)
  expect(results).toEqual(['one: ok'])
  world.clock.advance(600)
  expect(results).toEqual(['one: ok', 'two: REQUEST_TIMED_OUT'])
  expect(peer.state()).toBe('closed')
  slots[1]!.slot.fill([emptyReply(2)])
  world.clock.settle()
  expect(world.listener!.connections.size).toBe(0)
})

test('more than the allowed requests in flight are refused, the others go on', async () => {
  const { world, slots, results, ask } = await start(1)
  ask('one')
  ask('two')
  world.clock.settle()
  expect(results).toEqual(['two: TOO_MANY_REQUESTS'])
  slots[0]!.slot.fill([emptyReply(1)])
  world.clock.settle()
  expect(results).toEqual(['two: TOO_MANY_REQUESTS', 'one: ok'])
})

test.each([
  ['a wrong number', emptyReply(77)],
  ['bytes left over', Buffer.concat([Buffer.from([0, 0, 0, 13, 0, 0, 0, 1]), Buffer.alloc(9)])],
  ['a length out of bounds', Buffer.from([0x7f, 0, 0, 0])],
])('a reply with %s closes the connection', async (_name, bytes) => {
  const { world, slots, results, ask, peer } = await start()
  ask('one')
  world.clock.settle()
  slots[0]!.slot.fill([bytes])
  world.clock.settle()
  expect(results).toEqual(['one: MALFORMED_REPLY'])
  expect(peer.state()).toBe('closed')
})

test('a lost connection and a closed one fail what waits; a dead port fails to connect', async () => {
  const lost = await start()
  lost.ask('one')
  lost.world.clock.settle()
  for (const { socket } of lost.world.listener!.connections) socket.destroy()
  lost.world.clock.settle()
  expect(lost.results).toEqual(['one: CONNECTION_LOST'])

  const closed = await start()
  closed.ask('one')
  closed.world.clock.settle()
  let reasons = 0
  closed.peer.whenClosed(() => reasons++)
  closed.peer.close()
  closed.world.clock.settle()
  closed.ask('two')
  closed.world.clock.settle()
  expect(closed.results).toEqual(['one: CLOSED', 'two: CLOSED'])
  expect(reasons).toBe(1)

  const dead = await start()
  await dead.world.listener!.close()
  dead.ask('one')
  dead.world.clock.settle()
  expect(dead.results).toEqual(['one: CONNECT_FAILED'])
})
