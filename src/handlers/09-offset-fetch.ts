// OffsetFetch: one question per group to its coordinator, and the answers together again. Versions
// below 8 ask for one group; from version 10 on topics have ids.
import { ZERO_UUID } from '../../base/uuid.ts'
import { OffsetFetch } from '../../protocol/api/09-offset-fetch.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import type { MetadataImage } from '../controller/image.ts'
import type {
  Caller,
  OffsetFetchResponseGroup,
  OffsetFetchResponseTopic,
} from '../coordinator/group/messages.ts'
import type { GroupCoordinator } from '../coordinator/registry.ts'
import { gather } from './gather.ts'
import { callerOf } from './group-caller.ts'
import { handle } from './handler.ts'

type Request = RequestOf<typeof OffsetFetch>
type Reply = ResponseDraft<typeof OffsetFetch>
type Group = Request['groups'][number]
type Topic = NonNullable<Group['topics']>[number]

export const offsetFetch = handle(OffsetFetch, '1-10', (context, request) => {
  const { node, version } = context
  const groups = version >= 8 ? request.groups : [onlyGroup(request)]
  const asking: Asking = {
    groups: node.groups,
    image: node.metadata.image(),
    caller: callerOf(context),
    requireStable: request.requireStable,
  }
  const later = context.later()
  gather<OffsetFetchResponseGroup>(
    groups.map((group) => (found) => fetchGroup(asking, group, found)),
    (found) => later.answer(toReply(version, found)),
  )
  return later
})

interface Asking {
  readonly groups: GroupCoordinator
  readonly image: MetadataImage
  readonly caller: Caller
  readonly requireStable: boolean
}

function onlyGroup({ groupId, topics }: Request): Group {
  const named = topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null
  return { groupId, memberId: null, memberEpoch: -1, topics: named }
}

function fetchGroup(
  asking: Asking,
  group: Group,
  found: (reply: OffsetFetchResponseGroup) => void,
): void {
  const { caller, image, requireStable } = asking
  const byId = caller.apiVersion >= 10
  const named = byId && group.topics !== null ? withNames(image, group.topics) : group.topics
  const topics = byId && named !== null ? named.filter(({ name }) => name !== '') : named
  const unknown = byId && named !== null ? named.filter(({ name }) => name === '') : []
  const question = { caller, request: { ...group, topics, requireStable } }
  asking.groups.ask('offset-fetch', group.groupId, question, ({ errorCode, reply }) => {
    if (reply === null) return found(groupError(group, errorCode, caller.apiVersion))
    const fetched = byId && topics === null ? withIds(image, reply.topics) : reply.topics
    const missing = unknown.map((topic) => noOffsets(topic, errors.UNKNOWN_TOPIC_ID))
    found({ ...reply, topics: [...fetched, ...missing] })
  })
}

function withNames(image: MetadataImage, topics: readonly Topic[]): Topic[] {
  return topics.map((topic) => ({
    ...topic,
    name: image.topicsById.get(topic.topicId)?.name ?? '',
  }))
}

/** What belongs to no topic that exists cannot be named by an id, and is left out. */
function withIds(
  image: MetadataImage,
  topics: readonly OffsetFetchResponseTopic[],
): OffsetFetchResponseTopic[] {
  return topics.flatMap((topic) => {
    const topicId = image.topicsByName.get(topic.name)?.id
    return topicId === undefined ? [] : [{ ...topic, topicId }]
  })
}

/** Version 1 has no place for an error but the partitions. */
function groupError(group: Group, errorCode: number, version: number): OffsetFetchResponseGroup {
  const { groupId } = group
  if (version >= 2) return { groupId, errorCode, topics: [] }
  const topics = (group.topics ?? []).map((topic) => noOffsets(topic, errorCode))
  return { groupId, errorCode, topics }
}

function noOffsets(topic: Topic, errorCode: number): OffsetFetchResponseTopic {
  const { name, topicId, partitionIndexes } = topic
  const partitions = partitionIndexes.map((partitionIndex) => ({
    partitionIndex,
    committedOffset: -1,
    committedLeaderEpoch: -1,
    metadata: '',
    errorCode,
  }))
  return { name, topicId, partitions }
}

function toReply(version: number, groups: readonly OffsetFetchResponseGroup[]): Reply {
  if (version >= 8) return { topics: [], groups }
  const [group] = groups
  const { errorCode = errors.NONE, topics = [] } = group ?? {}
  return { errorCode, topics, groups: [] }
}
