// ListGroups: the groups that this broker coordinates.
import { ListGroups } from '../../protocol/api/16-list-groups.ts'
import { callerOf } from './group-caller.ts'
import { handle } from './handler.ts'

export const listGroups = handle(ListGroups, '0-5', (context, request) => {
  const later = context.later()
  const question = { caller: callerOf(context), request }
  context.node.groups.list(question, ({ errorCode, reply }) => {
    later.answer({ errorCode, groups: reply ?? [] })
  })
  return later
})
