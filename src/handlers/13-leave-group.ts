// LeaveGroup: several members at once; versions below 3 name one, and have one error code.
import { LeaveGroup } from '../../protocol/api/13-leave-group.ts'
import { errors } from '../../protocol/errors.ts'
import type { ResponseDraft } from '../../protocol/schema/message.ts'
import type { LeaveGroupResponse } from '../coordinator/group/messages.ts'
import { callerOf } from './group-caller.ts'
import { handle } from './handler.ts'

export const leaveGroup = handle(LeaveGroup, '0-5', (context, request) => {
  const { version, node } = context
  const { groupId, memberId } = request
  if (groupId === '') return { errorCode: errors.INVALID_GROUP_ID, members: [] }
  const only = { memberId, groupInstanceId: null, reason: null }
  const members = version >= 3 ? request.members : [only]
  const later = context.later()
  const question = { caller: callerOf(context), request: { groupId, members } }
  node.groups.ask('leave', groupId, question, ({ errorCode, reply }) => {
    later.answer(reply === null ? { errorCode, members: [] } : toReply(version, reply))
  })
  return later
})

function toReply(version: number, reply: LeaveGroupResponse): ResponseDraft<typeof LeaveGroup> {
  if (version >= 3) return reply
  return { errorCode: reply.members[0]?.errorCode ?? errors.NONE, members: [] }
}
