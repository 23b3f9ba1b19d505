// IncrementalAlterConfigs: sets, deletes, appends and subtracts values (KIP-339); asks the
// controller.
import { IncrementalAlterConfigs } from '../../protocol/api/44-incremental-alter-configs.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { askController } from './ask-controller.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof IncrementalAlterConfigs>
type Reply = ResponseDraft<typeof IncrementalAlterConfigs>

export const incrementalAlterConfigs = handle(
  IncrementalAlterConfigs,
  '0-1',
  (context: RequestContext<Reply>, request: Request) => {
    const later = context.later()
    askController(context, 'incrementalAlterConfigs', request)
    return later
  },
)
