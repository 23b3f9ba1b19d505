// DeleteRecords: moves the log start of partitions forward (KIP-107). Nothing is erased at once;
// the log drops whole segments behind the new start.
import { DeleteRecords } from '../../protocol/api/21-delete-records.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { handle, type RequestContext } from './handler.ts'
import { isInternalTopic } from './internal-topics.ts'

type Request = RequestOf<typeof DeleteRecords>
type Reply = ResponseDraft<typeof DeleteRecords>
type Result = { readonly lowWatermark: number; readonly errorCode: number }

const TO_HIGH_WATERMARK = -1

export const deleteRecords = handle(
  DeleteRecords,
  '0-2',
  (context: RequestContext<Reply>, request: Request): Reply => ({
    throttleTimeMs: 0,
    topics: request.topics.map((topic) => ({
      name: topic.name,
      partitions: topic.partitions.map(({ partitionIndex, offset }) => ({
        partitionIndex,
        ...deleteBefore(context, { topic: topic.name, partitionIndex, offset }),
      })),
    })),
  }),
)

function deleteBefore(
  context: RequestContext<Reply>,
  asked: { topic: string; partitionIndex: number; offset: number },
): Result {
  const { topic, partitionIndex, offset } = asked
  const image = context.node.metadata.image().topicsByName.get(topic)
  if (image?.partitions[partitionIndex] === undefined) {
    return refused(errors.UNKNOWN_TOPIC_OR_PARTITION)
  }
  if (isInternalTopic(topic)) return refused(errors.INVALID_TOPIC_EXCEPTION)
  const partition = context.node.partitions.get(topic, partitionIndex)
  if (partition === undefined) {
    return refused(context.node.partitions.absence(topic, partitionIndex))
  }
  const failure = partition.check(-1)
  if (failure !== errors.NONE) return refused(failure)
  if (!partition.settings.deletes) return refused(errors.POLICY_VIOLATION)
  const start = offset === TO_HIGH_WATERMARK ? partition.highWatermark : offset
  if (start < 0 || start > partition.highWatermark) return refused(errors.OFFSET_OUT_OF_RANGE)
  partition.deleteRecordsBefore(start)
  return { lowWatermark: partition.log.logStartOffset, errorCode: errors.NONE }
}

function refused(errorCode: number): Result {
  return { lowWatermark: -1, errorCode }
}
