// CreatePartitions: adds partitions to topics; asks the controller.
import { CreatePartitions } from '../../protocol/api/37-create-partitions.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { askController } from './ask-controller.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof CreatePartitions>
type Reply = ResponseDraft<typeof CreatePartitions>

export const createPartitions = handle(
  CreatePartitions,
  '0-3',
  (context: RequestContext<Reply>, request: Request) => {
    const later = context.later()
    askController(context, 'createPartitions', request)
    return later
  },
)
