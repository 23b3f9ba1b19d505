// DescribeTopicPartitions: topics and partitions in pages, by name (KIP-966).
import { ZERO_UUID } from '../../base/uuid.ts'
import { DescribeTopicPartitions } from '../../protocol/api/75-describe-topic-partitions.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { invalidTopicName } from '../controller/topic-name.ts'
import type { PartitionImage, TopicImage } from '../controller/image.ts'
import { ALL_TOPIC_OPERATIONS } from './authorized-operations.ts'
import { liveIds } from './endpoints.ts'
import { handle, type RequestContext } from './handler.ts'
import { isInternalTopic } from './internal-topics.ts'

type Request = RequestOf<typeof DescribeTopicPartitions>
type Reply = ResponseDraft<typeof DescribeTopicPartitions>
type TopicReply = Reply['topics'][number]
type PartitionReply = TopicReply['partitions'][number]
type Context = RequestContext<Reply>

export const describeTopicPartitions = handle(
  DescribeTopicPartitions,
  '0',
  (context: Context, request: Request): Reply => {
    const { cursor } = request
    const first = cursor?.topicName ?? ''
    const { topicsByName } = context.node.metadata.image()
    const all = request.topics.length === 0
    const asked = all ? topicsByName.keys() : request.topics.map((topic) => topic.name)
    const names = [...new Set(asked)].filter((name) => name >= first).toSorted(byCodeUnit)
    const lost = cursor !== null && !all && !names.includes(first)
    if (lost || (cursor !== null && cursor.partitionIndex < 0)) {
      return refused(request, errors.INVALID_REQUEST)
    }
    // Apache Kafka stumbles over the empty name and refuses the whole request.
    if (names.includes('')) return refused(request, errors.UNKNOWN_SERVER_ERROR)
    const most = context.node.config.get('max.request.partition.size.limit')
    let left = Math.max(1, Math.min(most, request.responsePartitionLimit))
    const topics: TopicReply[] = []
    for (const name of names) {
      if (left === 0) return page(topics, { topicName: name, partitionIndex: 0 })
      const topic = topicsByName.get(name)
      if (topic === undefined) {
        if (!all) topics.push(unknown(name))
        continue
      }
      const from = name === first && cursor !== null ? cursor.partitionIndex : 0
      const until = Math.min(topic.partitions.length, from + left)
      topics.push(describe(context, topic, { from, until }))
      if (until < topic.partitions.length) {
        return page(topics, { topicName: name, partitionIndex: until })
      }
      left -= Math.max(0, until - from)
    }
    return page(topics, null)
  },
)

function page(topics: TopicReply[], nextCursor: Reply['nextCursor'] | null): Reply {
  return { topics, nextCursor: nextCursor ?? null }
}

/** Java orders names by UTF-16 code units. */
function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function refused(request: Request, errorCode: number): Reply {
  const refuse = ({ name }: { name: string }): TopicReply => ({
    errorCode,
    name,
    topicId: ZERO_UUID,
    isInternal: false,
    partitions: [],
  })
  return page(request.topics.map(refuse), null)
}

function unknown(name: string): TopicReply {
  const valid = invalidTopicName(name) === undefined
  return {
    errorCode: valid ? errors.UNKNOWN_TOPIC_OR_PARTITION : errors.INVALID_TOPIC_EXCEPTION,
    name,
    topicId: ZERO_UUID,
    isInternal: isInternalTopic(name),
    partitions: [],
    topicAuthorizedOperations: ALL_TOPIC_OPERATIONS,
  }
}

function describe(
  context: Context,
  topic: TopicImage,
  range: { from: number; until: number },
): TopicReply {
  const live = liveIds(context)
  const partitions = topic.partitions.slice(range.from, range.until)
  return {
    errorCode: errors.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions: partitions.map((partition) => describePartition(partition, live)),
    topicAuthorizedOperations: ALL_TOPIC_OPERATIONS,
  }
}

function describePartition(image: PartitionImage, live: ReadonlySet<number>): PartitionReply {
  return {
    errorCode: errors.NONE,
    partitionIndex: image.index,
    leaderId: live.has(image.leader) ? image.leader : -1,
    leaderEpoch: image.leaderEpoch,
    replicaNodes: image.replicas,
    isrNodes: image.isr,
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    offlineReplicas: image.replicas.filter((id) => !live.has(id)),
  }
}
