// DescribeUserScramCredentials: mechanisms and iterations of the users that have some (KIP-554).
import { DescribeUserScramCredentials } from '../../protocol/api/50-describe-user-scram-credentials.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof DescribeUserScramCredentials>
type Reply = ResponseDraft<typeof DescribeUserScramCredentials>
type Result = Reply['results'][number]
type Credential = Result['credentialInfos'][number]

export const describeUserScramCredentials = handle(
  DescribeUserScramCredentials,
  '0',
  (context: RequestContext<Reply>, request: Request): Reply => {
    const known = new Map<string, Credential[]>()
    for (const { name, mechanism, iterations } of context.node.metadata
      .image()
      .scramCredentials.values()) {
      known.set(name, [...(known.get(name) ?? []), { mechanism, iterations }])
    }
    const asked = request.users?.map((user) => user.name) ?? []
    const names = asked.length === 0 ? [...known.keys()] : [...new Set(asked)]
    const results = names.map((user) => {
      if (asked.filter((name) => name === user).length > 1) {
        return refused(user, errors.DUPLICATE_RESOURCE, 'The user is named twice.')
      }
      const credentialInfos = known.get(user)
      return credentialInfos === undefined
        ? refused(user, errors.RESOURCE_NOT_FOUND, 'The user has no SCRAM credentials.')
        : { user, errorCode: errors.NONE, errorMessage: '', credentialInfos }
    })
    return { throttleTimeMs: 0, errorCode: errors.NONE, errorMessage: '', results }
  },
)

function refused(user: string, errorCode: number, why: string): Result {
  return { user, errorCode, errorMessage: `${why} (${user})`, credentialInfos: [] }
}
