// InitProducerId: a producer id from the controller's blocks, for idempotent producers (KIP-98,
// KIP-360). A transactional id is answered as by a coordinator that is not there yet.
import { InitProducerId } from '../../protocol/api/22-init-producer-id.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof InitProducerId>
type Reply = ResponseDraft<typeof InitProducerId>

const NONE = -1

export const initProducerId = handle(
  InitProducerId,
  '0-5',
  (context: RequestContext<Reply>, request: Request) => {
    const { producerId, producerEpoch, transactionalId } = request
    // Both or neither: a producer that only knows one of them is confused.
    if ((producerId === NONE) !== (producerEpoch === NONE)) return refused(errors.INVALID_REQUEST)
    if (transactionalId === '') return refused(errors.INVALID_REQUEST)
    if (transactionalId !== null) return refused(errors.COORDINATOR_NOT_AVAILABLE)
    const later = context.later()
    context.node.producerIds.next((id) => {
      if (typeof id === 'number') {
        later.answer({ ...refused(errors.NONE), producerId: id, producerEpoch: 0 })
      } else later.answer(refused(id.errorCode))
    })
    return later
  },
)

function refused(errorCode: number): Reply {
  return { throttleTimeMs: 0, errorCode, producerId: NONE, producerEpoch: NONE }
}
