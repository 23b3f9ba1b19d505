// OffsetCommit: sorts out topics and partitions that do not exist, and gives the rest to the
// group's coordinator. From version 10 on topics have ids; before, ids are looked up for the
// record.
import { OffsetCommit } from '../../protocol/api/08-offset-commit.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf } from '../../protocol/schema/message.ts'
import type { MetadataImage } from '../controller/image.ts'
import type { OffsetCommitResponseTopic } from '../coordinator/group/messages.ts'
import { callerOf } from './group-caller.ts'
import { handle } from './handler.ts'

type Request = RequestOf<typeof OffsetCommit>
type Topic = Request['topics'][number]

export const offsetCommit = handle(OffsetCommit, '2-10', (context, request) => {
  const { node, version } = context
  const sorted = sortTopics(node.metadata.image(), request.topics, version >= 10)
  if (sorted.valid.length === 0) return { topics: sorted.refused }
  const later = context.later()
  const question = { caller: callerOf(context), request: { ...request, topics: sorted.valid } }
  node.groups.ask('offset-commit', request.groupId, question, ({ errorCode, reply }) => {
    const answered = reply ?? sorted.valid.map((topic) => refuse(topic, errorCode))
    later.answer({ topics: merge(sorted.refused, answered, version >= 10) })
  })
  return later
})

interface SortedTopics {
  readonly valid: readonly Topic[]
  readonly refused: readonly OffsetCommitResponseTopic[]
}

/** A topic may be in both lists, with different partitions. */
function sortTopics(image: MetadataImage, topics: readonly Topic[], byId: boolean): SortedTopics {
  const valid: Topic[] = []
  const refused: OffsetCommitResponseTopic[] = []
  for (const asked of topics) {
    const known = byId ? image.topicsById.get(asked.topicId) : image.topicsByName.get(asked.name)
    if (known === undefined) {
      const code = byId ? errors.UNKNOWN_TOPIC_ID : errors.UNKNOWN_TOPIC_OR_PARTITION
      refused.push(refuse(asked, code))
      continue
    }
    const topic = { ...asked, name: known.name, topicId: known.id }
    const exists = ({ partitionIndex }: Topic['partitions'][number]): boolean =>
      known.partitions[partitionIndex] !== undefined
    const present = asked.partitions.filter(exists)
    const absent = asked.partitions.filter((partition) => !exists(partition))
    if (absent.length > 0) {
      refused.push(refuse({ ...topic, partitions: absent }, errors.UNKNOWN_TOPIC_OR_PARTITION))
    }
    if (present.length > 0) valid.push({ ...topic, partitions: present })
  }
  return { valid, refused }
}

function refuse(topic: Topic, errorCode: number): OffsetCommitResponseTopic {
  const { name, topicId } = topic
  const partitions = topic.partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode }))
  return { name, topicId, partitions }
}

/** Each topic once: what was refused first, as Apache Kafka orders it. */
function merge(
  refused: readonly OffsetCommitResponseTopic[],
  answered: readonly OffsetCommitResponseTopic[],
  byId: boolean,
): OffsetCommitResponseTopic[] {
  if (refused.length === 0) return [...answered]
  const merged = new Map<string, OffsetCommitResponseTopic>()
  for (const topic of [...refused, ...answered]) {
    const key = byId ? topic.topicId : topic.name
    const before = merged.get(key)?.partitions ?? []
    merged.set(key, { ...topic, partitions: [...before, ...topic.partitions] })
  }
  return [...merged.values()]
}
