// DescribeGroups: state and members of classic groups, each from its own coordinator.
import { DescribeGroups } from '../../protocol/api/15-describe-groups.ts'
import { errors } from '../../protocol/errors.ts'
import type { ResponseDraft } from '../../protocol/schema/message.ts'
import { ALL_GROUP_OPERATIONS } from './authorized-operations.ts'
import { gather } from './gather.ts'
import { callerOf } from './group-caller.ts'
import { handle } from './handler.ts'

type Described = ResponseDraft<typeof DescribeGroups>['groups'][number]

export const describeGroups = handle(DescribeGroups, '0-6', (context, request) => {
  const { node, version } = context
  const caller = callerOf(context)
  const later = context.later()
  gather<Described>(
    request.groups.map((groupId) => (found) => {
      const question = { caller, request: { groups: [groupId] } }
      node.groups.ask('describe', groupId, question, ({ errorCode, reply }) => {
        found(reply?.[0] ?? unavailable(groupId, errorCode))
      })
    }),
    (groups) => {
      const wantsOperations = version >= 3 && request.includeAuthorizedOperations
      later.answer({ groups: wantsOperations ? groups.map(withOperations) : groups })
    },
  )
  return later
})

function withOperations(group: Described): Described {
  const isKnown = group.errorCode === errors.NONE
  return isKnown ? { ...group, authorizedOperations: ALL_GROUP_OPERATIONS } : group
}

function unavailable(groupId: string, errorCode: number): Described {
  return {
    errorCode,
    groupId,
    groupState: '',
    protocolType: '',
    protocolData: '',
    members: [],
  }
}
