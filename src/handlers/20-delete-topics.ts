// DeleteTopics: asks the controller. When it is answered the names are free (docs/architecture.md).
import { DeleteTopics } from '../../protocol/api/20-delete-topics.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { askController } from './ask-controller.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof DeleteTopics>
type Reply = ResponseDraft<typeof DeleteTopics>

export const deleteTopics = handle(
  DeleteTopics,
  '1-6',
  (context: RequestContext<Reply>, request: Request) => {
    const later = context.later()
    askController(context, 'deleteTopics', request)
    return later
  },
)
