// The requests of one group member, with what they need beyond their point.
import { JoinGroup } from '../../protocol/api/11-join-group.ts'
import { SyncGroup } from '../../protocol/api/14-sync-group.ts'
import { joinGroup } from '../../src/handlers/11-join-group.ts'
import { syncGroup } from '../../src/handlers/14-sync-group.ts'
import { subscription } from '../coordinator/group/shard-script.ts'
import type { GroupBench } from './group-bench.ts'

export function joinBody(memberId = '') {
  return {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: subscription(['orders']) }],
  }
}

/** A group g in generation 1 whose only member owns 'p0'; returns its member id. */
export function stableGroup(bench: GroupBench): string {
  const { memberId } = bench.now(joinGroup, JoinGroup, 3, joinBody())
  const assignments = [{ memberId, assignment: Buffer.from('p0') }]
  const body = { groupId: 'g', generationId: 1, memberId, assignments }
  bench.now(syncGroup, SyncGroup, 3, body)
  return memberId
}
