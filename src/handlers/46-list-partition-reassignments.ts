// ListPartitionReassignments: partitions whose replicas are on the way to other brokers (KIP-455).
import { ListPartitionReassignments } from '../../protocol/api/46-list-partition-reassignments.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import type { TopicImage } from '../controller/image.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof ListPartitionReassignments>
type Reply = ResponseDraft<typeof ListPartitionReassignments>

export const listPartitionReassignments = handle(
  ListPartitionReassignments,
  '0',
  (context: RequestContext<Reply>, request: Request): Reply => {
    const { topicsByName } = context.node.metadata.image()
    const asked =
      request.topics === null
        ? Array.from(topicsByName.values(), (topic) => ({ topic, indexes: null }))
        : request.topics.flatMap(({ name, partitionIndexes: indexes }) => {
            const topic = topicsByName.get(name)
            return topic === undefined ? [] : [{ topic, indexes }]
          })
    const topics = asked.map(({ topic, indexes }) => reassigning(topic, indexes))
    return {
      throttleTimeMs: 0,
      errorCode: errors.NONE,
      errorMessage: null,
      topics: topics.filter(({ partitions }) => partitions.length > 0),
    }
  },
)

function reassigning(
  topic: TopicImage,
  indexes: readonly number[] | null,
): Reply['topics'][number] {
  const partitions = topic.partitions.filter(
    ({ index, addingReplicas, removingReplicas }) =>
      (indexes === null || indexes.includes(index)) &&
      addingReplicas.length + removingReplicas.length > 0,
  )
  return {
    name: topic.name,
    partitions: partitions.map(({ index, replicas, addingReplicas, removingReplicas }) => ({
      partitionIndex: index,
      replicas,
      addingReplicas,
      removingReplicas,
    })),
  }
}
