// Heartbeat: "I am alive", and whether the group rebalances.
import { Heartbeat } from '../../protocol/api/12-heartbeat.ts'
import { errors } from '../../protocol/errors.ts'
import { callerOf } from './group-caller.ts'
import { handle } from './handler.ts'

export const heartbeat = handle(Heartbeat, '0-4', (context, request) => {
  if (request.groupId === '') return { errorCode: errors.INVALID_GROUP_ID }
  const later = context.later()
  const question = { caller: callerOf(context), request }
  context.node.groups.ask('heartbeat', request.groupId, question, ({ errorCode, reply }) => {
    // While the shard loads no session runs out, so the member need not rejoin.
    const isLoading = errorCode === errors.COORDINATOR_LOAD_IN_PROGRESS
    later.answer(reply ?? { errorCode: isLoading ? errors.NONE : errorCode })
  })
  return later
})
