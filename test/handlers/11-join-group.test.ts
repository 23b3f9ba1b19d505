import { expect, test } from 'vitest'
import { JoinGroup } from '../../protocol/api/11-join-group.ts'
import { errors } from '../../protocol/errors.ts'
import { joinGroup } from '../../src/handlers/11-join-group.ts'
import { GroupBench, versionsOf } from './group-bench.ts'
import { joinBody } from './group-members.ts'

test.each(versionsOf(joinGroup))('version %i leads to a generation', (version) => {
  const bench = new GroupBench()
  const first = bench.now(joinGroup, JoinGroup, version, joinBody())
  expect(first.memberId).toMatch(/^app-[0-9a-f-]{36}$/)
  if (version >= 4) {
    expect(first).toMatchObject({ errorCode: errors.MEMBER_ID_REQUIRED, generationId: -1 })
    expect(first.protocolName).toBe(version >= 7 ? null : '')
  }
  const { memberId } = first
  const reply = version >= 4 ? bench.now(joinGroup, JoinGroup, version, joinBody(memberId)) : first
  expect(reply).toMatchObject({
    errorCode: errors.NONE,
    generationId: 1,
    protocolName: 'range',
    leader: memberId,
    members: [{ memberId }],
  })
})

test('a client without an id has a member id without a name', () => {
  const reply = new GroupBench().now(joinGroup, JoinGroup, 3, joinBody(), null)
  expect(reply.memberId).toMatch(/^-[0-9a-f]{8}-/)
})

test.each([
  [{ groupId: '' }, errors.INVALID_GROUP_ID],
  [{ sessionTimeoutMs: 5_999 }, errors.INVALID_SESSION_TIMEOUT],
  [{ sessionTimeoutMs: 1_800_001 }, errors.INVALID_SESSION_TIMEOUT],
])('what needs no coordinator is refused first (%j)', (change, errorCode) => {
  const bench = new GroupBench({}, false)
  const body = { ...joinBody('me'), ...change }
  expect(bench.now(joinGroup, JoinGroup, 9, body)).toMatchObject({ errorCode, memberId: 'me' })
})

test('a broker that does not coordinate the group says so', () => {
  const bench = new GroupBench({}, false)
  const reply = bench.now(joinGroup, JoinGroup, 5, joinBody('me'))
  expect(reply).toMatchObject({
    errorCode: errors.NOT_COORDINATOR,
    memberId: '',
    protocolName: '',
  })
})

test('version 0 has no rebalance timeout: its session timeout counts', () => {
  const bench = new GroupBench({ initialRebalanceDelayMs: 3_000 })
  const { rebalanceTimeoutMs: _, ...request } = joinBody()
  const generations: number[] = []
  const join = (): void =>
    bench.ask(joinGroup, JoinGroup, { version: 0, request }, ({ generationId }) => {
      generations.push(generationId)
    })
  join()
  bench.clock.advance(1_000)
  join()
  // Who comes in time extends the wait, as far as the rebalance timeout allows.
  bench.clock.advance(2_500)
  expect(generations).toEqual([])
  bench.clock.advance(3_000)
  expect(generations).toEqual([1, 1])
})

test('a protocol that a member names twice stops nobody', () => {
  const bench = new GroupBench()
  const [protocol] = joinBody().protocols
  const twice = { ...joinBody(), protocols: [protocol!, protocol!] }
  const reply = bench.now(joinGroup, JoinGroup, 3, twice)
  expect(reply).toMatchObject({ errorCode: errors.NONE, protocolName: 'range' })
})
