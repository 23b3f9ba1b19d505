// OffsetDelete: removes committed offsets of single partitions. Topics and partitions that do not
// exist are answered here; the group is asked in any case.
import { OffsetDelete } from '../../protocol/api/47-offset-delete.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf } from '../../protocol/schema/message.ts'
import type { MetadataImage } from '../controller/image.ts'
import type { OffsetDeleteResponse } from '../coordinator/group/messages.ts'
import { callerOf } from './group-caller.ts'
import { handle } from './handler.ts'

type Topic = RequestOf<typeof OffsetDelete>['topics'][number]
type Answered = OffsetDeleteResponse['topics'][number]

export const offsetDelete = handle(OffsetDelete, '0', (context, request) => {
  const { node } = context
  const { groupId } = request
  const { valid, refused } = sortTopics(node.metadata.image(), request.topics)
  if (groupId === '') return { errorCode: errors.INVALID_GROUP_ID, topics: [] }
  const later = context.later()
  const question = { caller: callerOf(context), request: { groupId, topics: valid } }
  node.groups.ask('offset-delete', groupId, question, ({ errorCode, reply }) => {
    if (reply === null) return later.answer({ errorCode, topics: [] })
    if (reply.errorCode !== errors.NONE) return later.answer(reply)
    later.answer({ ...reply, topics: merge([...refused, ...reply.topics]) })
  })
  return later
})

/** A topic may be in both lists, with different partitions. */
function sortTopics(
  image: MetadataImage,
  topics: readonly Topic[],
): { valid: Topic[]; refused: Answered[] } {
  const valid: Topic[] = []
  const refused: Answered[] = []
  for (const { name, partitions } of topics) {
    const known = image.topicsByName.get(name)?.partitions ?? []
    const present = partitions.filter(({ partitionIndex }) => known[partitionIndex] !== undefined)
    const absent = partitions.filter(({ partitionIndex }) => known[partitionIndex] === undefined)
    const errorCode = errors.UNKNOWN_TOPIC_OR_PARTITION
    if (absent.length > 0 || known.length === 0) {
      refused.push({ name, partitions: absent.map((one) => ({ ...one, errorCode })) })
    }
    if (present.length > 0) valid.push({ name, partitions: present })
  }
  return { valid, refused }
}

function merge(topics: readonly Answered[]): Answered[] {
  const merged = new Map<string, Answered>()
  for (const { name, partitions } of topics) {
    const before = merged.get(name)?.partitions ?? []
    merged.set(name, { name, partitions: [...before, ...partitions] })
  }
  return [...merged.values()]
}
