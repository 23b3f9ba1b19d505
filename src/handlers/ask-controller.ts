// Requests that the active controller answers: passed on decoded, with the reply passed back. Where
// there is no controller any more the connection closes, and the client asks another broker.
import type { CallKind, ReplyTo, RequestTo } from '../controller/controller.ts'
import type { Later, RequestContext } from './handler.ts'

export function askController<Kind extends CallKind, Reply>(
  context: RequestContext<Reply>,
  kind: Kind,
  request: RequestTo<Kind>,
): Later<Reply> {
  const later = context.later()
  context.node.metadata.call(kind, request, (reply) => {
    if (typeof reply === 'object' && 'refused' in reply) {
      later.close('there is no active controller')
    } else later.answer(reply as ReplyTo<Kind> & Reply)
  })
  return later
}
