// DeleteTopics: asks the controller. When it is answered the names are free (docs/architecture.md).
import { ZERO_UUID } from '../../base/uuid.ts'
import { DeleteTopics } from '../../protocol/api/20-delete-topics.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { askController } from './ask-controller.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof DeleteTopics>
type Reply = ResponseDraft<typeof DeleteTopics>

export const deleteTopics = handle(
  DeleteTopics,
  '1-6',
  (context: RequestContext<Reply>, request: Request) => {
    if (!context.node.config.get('delete.topic.enable')) return refused(context.version, request)
    const later = context.later()
    askController(context, 'deleteTopics', request)
    return later
  },
)

/** delete.topic.enable=false: every topic of the request, without a look at whether it exists. */
function refused(version: number, request: Request): Reply {
  const errorCode = version < 3 ? errors.INVALID_REQUEST : errors.TOPIC_DELETION_DISABLED
  const topics =
    version < 6 ? request.topicNames.map((name) => ({ name, topicId: ZERO_UUID })) : request.topics
  return { responses: topics.map(({ name, topicId }) => ({ name, topicId, errorCode })) }
}
