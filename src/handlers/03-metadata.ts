// Metadata: brokers, topics, partitions and their leaders, as this client may reach them. May
// create the topics that it is asked for (auto.create.topics.enable).
import { ZERO_UUID } from '../../base/uuid.ts'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import type { PartitionImage, TopicImage } from '../controller/image.ts'
import { ALL_CLUSTER_OPERATIONS, ALL_TOPIC_OPERATIONS } from './authorized-operations.ts'
import { autoCreate } from './auto-create.ts'
import { liveEndpoints, liveIds } from './endpoints.ts'
import { type Filling, handle, type Later, type RequestContext } from './handler.ts'
import { isInternalTopic } from './internal-topics.ts'
import { invalidTopicName } from '../controller/topic-name.ts'

type Request = RequestOf<typeof Metadata>
type Reply = ResponseDraft<typeof Metadata>
type TopicReply = Filling<Reply['topics'][number]>
type PartitionReply = TopicReply['partitions'][number]
type Context = RequestContext<Reply>

export const metadata = handle(Metadata, '0-13', serve, { repeatsReplies: true })

function serve(context: Context, request: Request): Reply | Later<Reply> {
  const fault = badTopic(context.version, request)
  if (fault !== undefined) return fault
  const wanted = wantedTopics(context, request)
  if (wanted === 'all') return ofAllTopics(context, request)
  const ids = wanted.ids.map((id) => byId(context, id))
  const missing = wanted.names.filter((name) => !exists(context, name))
  const finish = (): Reply => {
    const named = wanted.names.map((name) => byName(context, name))
    return reply(context, request, [...ids, ...named])
  }
  const mayCreate = context.node.config.get('auto.create.topics.enable')
  if (missing.length === 0 || !mayCreate || !request.allowAutoTopicCreation) return finish()
  const later = context.later()
  autoCreate(context, missing, () => later.answer(finish()))
  return later
}

/** Clients mix few versions and addresses at one time; more are built each time, because with
 * thousands of topics each of them holds megabytes. */
const MOST_KEPT = 4

/** The same object until the image changes, so that it is encoded once (performance D13). */
function ofAllTopics(context: Context, request: Request): Reply {
  const { node, version } = context
  const image = node.metadata.image()
  const { imageCache } = node
  if (imageCache.metadata.image !== image) imageCache.metadata = { image, replies: new Map() }
  const { replies } = imageCache.metadata
  const addresses = liveEndpoints(context).map(({ host, port }) => `${host}:${port}`)
  const { includeClusterAuthorizedOperations, includeTopicAuthorizedOperations } = request
  const asked = [version, includeClusterAuthorizedOperations, includeTopicAuthorizedOperations]
  const key = [...asked, context.connection.listenerName, ...addresses].join()
  const kept = replies.get(key) as Reply | undefined
  if (kept !== undefined) return kept
  const made = reply(context, request, allTopics(context))
  if (replies.size < MOST_KEPT) replies.set(key, made)
  return made
}

/**
 * Before version 12 a topic is asked for by its name, or the whole request is refused. From then on
 * only one that has neither name nor id is wrong, and Apache Kafka stumbles over it.
 */
function badTopic(version: number, request: Request): Reply | undefined {
  if (request.topics === null) return undefined
  const isById = request.topics.some(({ topicId }) => topicId !== ZERO_UUID)
  const isNameless = request.topics.some(({ name }) => name === null)
  const wrong = version < 12 ? isNameless || isById : isNameless && !isById
  if (!wrong) return undefined
  const errorCode = version < 12 ? errors.INVALID_REQUEST : errors.UNKNOWN_SERVER_ERROR
  const topics = request.topics.map(({ name, topicId }) => ({
    ...topicReply(errorCode, name ?? '', topicId),
  }))
  return { brokers: [], topics, errorCode }
}

function wantedTopics(
  context: Context,
  request: Request,
): 'all' | { ids: string[]; names: string[] } {
  // Version 0 has no null: there an empty list means all topics.
  if (request.topics === null) return 'all'
  if (request.topics.length === 0 && context.version === 0) return 'all'
  const ids = request.topics.map((topic) => topic.topicId).filter((id) => id !== ZERO_UUID)
  if (ids.length > 0) return { ids: [...new Set(ids)], names: [] }
  return { ids: [], names: [...new Set(request.topics.map((topic) => topic.name ?? ''))] }
}

function reply(context: Context, request: Request, topics: TopicReply[]): Reply {
  const { node, version } = context
  const brokers = liveEndpoints(context)
  const describeCluster = version <= 10 && request.includeClusterAuthorizedOperations
  if (version >= 8 && request.includeTopicAuthorizedOperations) {
    for (const topic of topics) topic.topicAuthorizedOperations = ALL_TOPIC_OPERATIONS
  }
  return {
    brokers,
    clusterId: node.clusterId,
    // Admin clients send controller requests there, and any live broker passes them on.
    controllerId: brokers[0]?.nodeId ?? -1,
    topics,
    ...(version >= 8 && describeCluster
      ? { clusterAuthorizedOperations: ALL_CLUSTER_OPERATIONS }
      : {}),
  }
}

function exists(context: Context, name: string): boolean {
  return context.node.metadata.image().topicsByName.has(name)
}

function allTopics(context: Context): TopicReply[] {
  const topics = context.node.metadata.image().topicsByName.values()
  return Array.from(topics, (topic) => describe(context, topic))
}

function byId(context: Context, id: string): TopicReply {
  const topic = context.node.metadata.image().topicsById.get(id)
  return topic === undefined
    ? topicReply(errors.UNKNOWN_TOPIC_ID, null, id)
    : describe(context, topic)
}

function byName(context: Context, name: string): TopicReply {
  const topic = context.node.metadata.image().topicsByName.get(name)
  if (topic !== undefined) return describe(context, topic)
  const valid = invalidTopicName(name) === undefined
  const code = valid ? errors.UNKNOWN_TOPIC_OR_PARTITION : errors.INVALID_TOPIC_EXCEPTION
  return topicReply(code, name, ZERO_UUID)
}

function topicReply(errorCode: number, name: string | null, topicId: string): TopicReply {
  const isInternal = name !== null && isInternalTopic(name)
  return { errorCode, name, topicId, isInternal, partitions: [] }
}

function describe(context: Context, topic: TopicImage): TopicReply {
  const partitions = topic.partitions.map((partition) => describePartition(context, partition))
  return { ...topicReply(errors.NONE, topic.name, topic.id), partitions }
}

function describePartition(context: Context, partition: PartitionImage): PartitionReply {
  const live = liveIds(context)
  const { replicas, isr, leader } = partition
  const isWhole = replicas.every((id) => live.has(id)) && isr.every((id) => live.has(id))
  // Version 0 clients take a missing broker for an error; later ones are just not told of it.
  const isLess = !isWhole && context.version === 0
  const leaderAlive = leader >= 0 && live.has(leader)
  return {
    errorCode: leaderAlive
      ? isLess
        ? errors.REPLICA_NOT_AVAILABLE
        : errors.NONE
      : noLeader(context, leader),
    partitionIndex: partition.index,
    leaderId: leaderAlive ? leader : -1,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: isLess ? replicas.filter((id) => live.has(id)) : replicas,
    isrNodes: isLess ? isr.filter((id) => live.has(id)) : isr,
    offlineReplicas: isWhole ? NONE : replicas.filter((id) => !live.has(id)),
  }
}

const NONE: readonly number[] = []

function noLeader(context: Context, leader: number): number {
  const known = context.node.metadata.image().brokers.has(leader)
  return known && context.version >= 6 ? errors.LISTENER_NOT_FOUND : errors.LEADER_NOT_AVAILABLE
}
