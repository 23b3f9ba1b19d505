// OffsetForLeaderEpoch: where an epoch ends in the leader's log, so that a consumer or follower
// detects that its own tail was cut off (KIP-101, KIP-320).
import { OffsetForLeaderEpoch } from '../../protocol/api/23-offset-for-leader-epoch.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof OffsetForLeaderEpoch>
type Asked = Request['topics'][number]['partitions'][number]
type Reply = ResponseDraft<typeof OffsetForLeaderEpoch>
type PartitionReply = Reply['topics'][number]['partitions'][number]

export const offsetForLeaderEpoch = handle(
  OffsetForLeaderEpoch,
  '2-4',
  (context: RequestContext<Reply>, request: Request): Reply => ({
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((asked) => endOffset(context, topic, asked)),
    })),
  }),
)

function endOffset(context: RequestContext<Reply>, topic: string, asked: Asked): PartitionReply {
  const { node } = context
  const refused = (errorCode: number): PartitionReply => ({
    errorCode,
    partition: asked.partition,
  })
  const image = node.metadata.image().topicsByName.get(topic)
  if (image?.partitions[asked.partition] === undefined) {
    return refused(errors.UNKNOWN_TOPIC_OR_PARTITION)
  }
  const partition = node.partitions.get(topic, asked.partition)
  if (partition === undefined) return refused(node.partitions.absence(topic, asked.partition))
  const failure = partition.check(asked.currentLeaderEpoch)
  if (failure !== errors.NONE) return refused(failure)
  const end = partition.log.endOffsetForEpoch(asked.leaderEpoch)
  if (end === undefined) return refused(errors.NONE)
  return {
    errorCode: errors.NONE,
    partition: asked.partition,
    leaderEpoch: end.epoch,
    endOffset: end.endOffset,
  }
}
