// SyncGroup: brings or fetches the assignment of a generation.
import { SyncGroup } from '../../protocol/api/14-sync-group.ts'
import { errors } from '../../protocol/errors.ts'
import type { ResponseDraft } from '../../protocol/schema/message.ts'
import { EMPTY_ASSIGNMENT } from '../coordinator/group/classic/classic-group.ts'
import { callerOf } from './group-caller.ts'
import { handle } from './handler.ts'

export const syncGroup = handle(SyncGroup, '0-5', (context, request) => {
  const { groupId, protocolType, protocolName } = request
  // Version 5 made both mandatory without saying so in the schema (KIP-559).
  if (context.version >= 5 && (protocolType === null || protocolName === null)) {
    return failure(errors.INCONSISTENT_GROUP_PROTOCOL)
  }
  if (groupId === '') return failure(errors.INVALID_GROUP_ID)
  const later = context.later()
  const question = { caller: callerOf(context), request }
  context.node.groups.ask('sync', groupId, question, ({ errorCode, reply }) => {
    later.answer(reply ?? failure(errorCode))
  })
  return later
})

function failure(errorCode: number): ResponseDraft<typeof SyncGroup> {
  return { errorCode, assignment: EMPTY_ASSIGNMENT }
}
