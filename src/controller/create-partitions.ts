// CreatePartitions (KIP-195): a topic only grows, with the replication factor that it has.
import type { Random } from '../../base/random.ts'
import { errors } from '../../protocol/errors.ts'
import { apiError, NO_ERROR, type ApiError } from './api-error.ts'
import {
  manualAssignmentError,
  MAX_PARTITIONS_PER_REQUEST,
  newPartition,
  place,
} from './create-topics.ts'
import type { TopicImage } from './image.ts'
import type { CreatePartitionsRequest, CreatePartitionsResponse } from './messages.ts'
import type { MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'

type GrowingTopic = CreatePartitionsRequest['topics'][number]

export function createPartitions(
  state: MetadataState,
  request: CreatePartitionsRequest,
  random: Random,
): { readonly records: readonly MetadataRecord[]; readonly reply: CreatePartitionsResponse } {
  const counts = new Map<string, number>()
  for (const { name } of request.topics) counts.set(name, (counts.get(name) ?? 0) + 1)
  const single = request.topics.filter(({ name }) => counts.get(name) === 1)
  const results: CreatePartitionsResponse['results'][number][] = []
  for (const [name, count] of counts) {
    if (count === 1) continue
    const errorMessage = 'Duplicate topic name.'
    results.push({ name, errorCode: errors.INVALID_REQUEST, errorMessage })
  }
  const tooMany = tooManyPartitions(state, single)
  const records: MetadataRecord[] = []
  for (const topic of single) {
    const grown = tooMany ?? grow(state, topic, random)
    const { code, message } = Array.isArray(grown) ? NO_ERROR : grown
    if (Array.isArray(grown)) records.push(...grown)
    results.push({ name: topic.name, errorCode: code, errorMessage: message })
  }
  return {
    records: request.validateOnly ? [] : records,
    reply: { throttleTimeMs: 0, results },
  }
}

function tooManyPartitions(
  state: MetadataState,
  topics: readonly GrowingTopic[],
): ApiError | undefined {
  let total = 0
  for (const { name, count } of topics) {
    const known = state.topicsByName.get(name)
    if (known !== undefined) total += Math.max(0, count - known.partitions.length)
  }
  if (total <= MAX_PARTITIONS_PER_REQUEST) return undefined
  const text = 'Excessively large number of additional partitions per request.'
  return apiError(errors.POLICY_VIOLATION, text)
}

function grow(
  state: MetadataState,
  asked: GrowingTopic,
  random: Random,
): MetadataRecord[] | ApiError {
  const topic = state.topicsByName.get(asked.name)
  if (topic === undefined) {
    return apiError(errors.UNKNOWN_TOPIC_OR_PARTITION, null)
  }
  const has = topic.partitions.length
  if (asked.count === has) {
    return apiError(errors.INVALID_PARTITIONS, `Topic already has ${has} partition(s).`)
  }
  if (asked.count < has) {
    const text =
      `The topic ${asked.name} currently has ${has} partition(s); ` +
      `${asked.count} would not be an increase.`
    return apiError(errors.INVALID_PARTITIONS, text)
  }
  const assignment = assign(state, topic, asked, random)
  if (!Array.isArray(assignment)) return assignment
  return assignment.map((replicas, i) =>
    newPartition(state, { topicId: topic.id, index: has + i, replicas }),
  )
}

function assign(
  state: MetadataState,
  topic: TopicImage,
  asked: GrowingTopic,
  random: Random,
): (readonly number[])[] | ApiError {
  const first = topic.partitions.length
  const additional = asked.count - first
  const factor = topic.partitions[0]!.replicas.length
  if (asked.assignments === null) return place(state, { count: additional, factor }, random)
  if (asked.assignments.length !== additional) {
    const text =
      `Attempted to add ${additional} additional partition(s), ` +
      `but only ${asked.assignments.length} assignment(s) were specified.`
    return apiError(errors.INVALID_REPLICA_ASSIGNMENT, text)
  }
  const assignment: (readonly number[])[] = []
  for (const { brokerIds } of asked.assignments) {
    const index = first + assignment.length
    const error = manualAssignmentError(state, { index, brokerIds, factor })
    if (error !== undefined) return error
    assignment.push(brokerIds)
  }
  return assignment
}
