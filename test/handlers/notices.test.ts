import { expect, test } from 'vitest'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { Notices } from '../../src/handlers/notices.ts'

function bench() {
  const clock = new VirtualClock()
  const lines: string[] = []
  return { clock, lines, notices: new Notices(clock, (line) => lines.push(line)) }
}

test('a line is said once, and at most a thousand different ones', () => {
  const { lines, notices } = bench()
  for (let i = 0; i < 3; i++) notices.once('again')
  for (let i = 0; i < 2000; i++) notices.once(`line ${i}`)
  expect(lines.filter((line) => line === 'again')).toHaveLength(1)
  expect(lines).toHaveLength(1000)
})

test('a topic that a client brings back within five seconds is named with that client', () => {
  const { clock, lines, notices } = bench()
  notices.topicDeleted('orders')
  clock.advance(4000)
  notices.topicWanted('orders', 'stale-consumer')
  notices.topicWanted('orders', 'stale-consumer')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^topic orders was deleted 4000 ms ago .* client stale-consumer asks/)
})

test('a topic that comes back later, or was never deleted, is nothing to talk about', () => {
  const { clock, lines, notices } = bench()
  notices.topicDeleted('orders')
  clock.advance(6000)
  notices.topicWanted('orders', null)
  notices.topicWanted('payments', null)
  expect(lines).toEqual([])
})
