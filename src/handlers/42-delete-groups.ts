// DeleteGroups: removes empty groups with their offsets, each at its own coordinator.
import { DeleteGroups } from '../../protocol/api/42-delete-groups.ts'
import type { ResponseDraft } from '../../protocol/schema/message.ts'
import { gather } from './gather.ts'
import { callerOf } from './group-caller.ts'
import { handle } from './handler.ts'

type Result = ResponseDraft<typeof DeleteGroups>['results'][number]

export const deleteGroups = handle(DeleteGroups, '0-3', (context, request) => {
  const { node } = context
  const caller = callerOf(context)
  const later = context.later()
  gather<Result>(
    [...new Set(request.groupsNames)].map((groupId) => (found) => {
      const question = { caller, request: { groups: [groupId] } }
      node.groups.ask('delete', groupId, question, ({ errorCode, reply }) => {
        found(reply?.[0] ?? { groupId, errorCode })
      })
    }),
    (results) => later.answer({ throttleTimeMs: 0, results }),
  )
  return later
})
