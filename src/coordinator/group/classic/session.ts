// Sessions of the members of a classic group: armed by every sign of life, counted in monotonic
// time. A timer that comes far too late shows that this process slept, not that the member died.
import { SUSPENSION_MS } from '../limits.ts'
import { type Turn, arm, cancel, timerKey } from '../shard-state.ts'
import type { ClassicGroup, Member } from './classic-group.ts'

export function renewSession(
  turn: Turn,
  group: ClassicGroup,
  member: Member,
  timeoutMs = member.sessionTimeoutMs,
): void {
  const key = timerKey('session', group.groupId, member.memberId)
  member.sessionDeadline = arm(turn, key, timeoutMs)
}

export function endSession(turn: Turn, group: ClassicGroup, memberId: string): void {
  cancel(turn, timerKey('session', group.groupId, memberId))
}

/** What a fired timer means for a deadline: not yet due, due, or late because the process slept. */
export function judgeTimer(turn: Turn, deadline: number): 'early' | 'due' | 'suspended' {
  const lateMs = turn.around.monotonic - deadline
  if (lateMs < 0) return 'early'
  return lateMs > SUSPENSION_MS ? 'suspended' : 'due'
}
