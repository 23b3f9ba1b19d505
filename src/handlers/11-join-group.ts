// JoinGroup: what needs no coordinator is answered here; the rest waits for the group.
import { JoinGroup } from '../../protocol/api/11-join-group.ts'
import { errors } from '../../protocol/errors.ts'
import type { ResponseDraft } from '../../protocol/schema/message.ts'
import { allowsSessionTimeout } from '../coordinator/group/limits.ts'
import { callerOf } from './group-caller.ts'
import { handle } from './handler.ts'

type Reply = ResponseDraft<typeof JoinGroup>

export const joinGroup = handle(JoinGroup, '0-9', (context, request) => {
  const { node, version } = context
  const { groupId, memberId, sessionTimeoutMs } = request
  if (groupId === '') return failure(version, errors.INVALID_GROUP_ID, memberId)
  if (!allowsSessionTimeout(node.groups.limits(), sessionTimeoutMs)) {
    return failure(version, errors.INVALID_SESSION_TIMEOUT, memberId)
  }
  const later = context.later()
  const question = { caller: callerOf(context), request }
  node.groups.ask('join', groupId, question, ({ errorCode, reply }) => {
    if (reply === null) return later.answer(failure(version, errorCode, ''))
    later.answer({ ...reply, protocolName: protocolName(version, reply.protocolName) })
  })
  return later
})

function failure(version: number, errorCode: number, memberId: string): Reply {
  return {
    errorCode,
    protocolName: protocolName(version, null),
    leader: '',
    memberId,
    members: [],
  }
}

/** No protocol is null from version 7 on, and empty before. */
function protocolName(version: number, name: string | null): string | null {
  if (version < 7) return name ?? ''
  return name === '' ? null : name
}
