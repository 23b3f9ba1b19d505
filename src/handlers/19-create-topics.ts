// CreateTopics: asks the controller, and answers when the topics are committed and have leaders.
import { CreateTopics } from '../../protocol/api/19-create-topics.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { askController } from './ask-controller.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof CreateTopics>
type Reply = ResponseDraft<typeof CreateTopics>

export const createTopics = handle(
  CreateTopics,
  '2-7',
  (context: RequestContext<Reply>, request: Request) => {
    const later = context.later()
    askController(context, 'createTopics', request)
    return later
  },
)
