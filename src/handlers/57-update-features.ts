// UpdateFeatures: raises or lowers finalized feature levels (KIP-584); asks the controller.
import { UpdateFeatures } from '../../protocol/api/57-update-features.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { askController } from './ask-controller.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof UpdateFeatures>
type Reply = ResponseDraft<typeof UpdateFeatures>

export const updateFeatures = handle(
  UpdateFeatures,
  '0-2',
  (context: RequestContext<Reply>, request: Request) => {
    const later = context.later()
    askController(context, 'updateFeatures', request)
    return later
  },
)
