// AlterConfigs: replaces all configuration values of a resource; asks the controller.
import { AlterConfigs } from '../../protocol/api/33-alter-configs.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { askController } from './ask-controller.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof AlterConfigs>
type Reply = ResponseDraft<typeof AlterConfigs>

export const alterConfigs = handle(
  AlterConfigs,
  '0-2',
  (context: RequestContext<Reply>, request: Request) => {
    const later = context.later()
    askController(context, 'alterConfigs', request)
    return later
  },
)
