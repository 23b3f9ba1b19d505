// DescribeQuorum: voters and observers of the metadata log and how far they are (KIP-595, KIP-836).
import { DescribeQuorum } from '../../protocol/api/55-describe-quorum.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof DescribeQuorum>
type Reply = ResponseDraft<typeof DescribeQuorum>

const METADATA_TOPIC = '__cluster_metadata'

export const describeQuorum = handle(
  DescribeQuorum,
  '0-2',
  (context: RequestContext<Reply>, request: Request): Reply => {
    const [topic, ...otherTopics] = request.topics
    const [partition, ...others] = topic?.partitions ?? []
    const isMetadata = topic?.topicName === METADATA_TOPIC && partition?.partitionIndex === 0
    if (!isMetadata || otherTopics.length + others.length > 0) return unknown(request)
    const { nodes, ...quorum } = context.node.metadata.describeQuorum()
    return {
      errorCode: errors.NONE,
      topics: [
        {
          topicName: METADATA_TOPIC,
          partitions: [{ partitionIndex: 0, errorCode: errors.NONE, ...quorum }],
        },
      ],
      ...(context.version >= 2 ? { nodes } : {}),
    }
  },
)

function unknown(request: Request): Reply {
  return {
    errorCode: errors.NONE,
    topics: request.topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION,
        leaderId: 0,
        leaderEpoch: 0,
        highWatermark: 0,
        currentVoters: [],
        observers: [],
      })),
    })),
  }
}
