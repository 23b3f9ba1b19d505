// Is the sender of a request the member it says it is? The same check, in Kafka's order, stands
// before join, sync, heartbeat, leave and offset commit.
import { errors } from '../../../../protocol/errors.ts'
import type { ClassicGroup } from './classic-group.ts'

/** NONE, UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID. */
export function validateMember(
  group: ClassicGroup,
  memberId: string,
  groupInstanceId: string | null,
): number {
  if (groupInstanceId !== null) {
    const known = group.staticMembers.get(groupInstanceId)
    if (known === undefined) return errors.UNKNOWN_MEMBER_ID
    if (known !== memberId) return errors.FENCED_INSTANCE_ID
  }
  return group.members.has(memberId) ? errors.NONE : errors.UNKNOWN_MEMBER_ID
}
