import { expect, test } from 'vitest'
import { errors } from '../../../protocol/errors.ts'
import { ShardBench } from './shard-bench.ts'

test('members that come and go over one connection leave nothing behind', () => {
  const bench = new ShardBench({ ghostEviction: true })
  for (let i = 0; i < 1000; i++) {
    const { errorCode, memberId } = bench.now('join', {
      groupId: `g${i % 7}`,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId: '',
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
      reason: null,
    })
    expect(errorCode).toBe(errors.MEMBER_ID_REQUIRED)
    const member = { memberId, groupInstanceId: null, reason: null }
    bench.now('leave', { groupId: `g${i % 7}`, members: [member] })
  }
  const { presence } = bench.state().soft
  expect(presence.byConnection.get(1)!.size).toBeLessThan(64)
  expect(presence.members.size).toBeLessThan(64)
})
