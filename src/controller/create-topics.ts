// CreateTopics and CreatePartitions: validation in Kafka's order with Kafka's codes, placement, and
// the records. All topics of a request that are legal become one atomic batch.
import { type Random } from '../../base/random.ts'
import { ONE_UUID, randomUuid, type Uuid, ZERO_UUID } from '../../base/uuid.ts'
import { errors } from '../../protocol/errors.ts'
import { apiError, NO_ERROR, type ApiError } from './api-error.ts'
import { changeConfigs } from './configs.ts'
import { metadataVersionOf, partitionRecordVersion } from './features.ts'
import { RESOURCE_TOPIC } from './image.ts'
import type { CreateTopicsRequest, CreateTopicsResponse } from './messages.ts'
import { isActive } from './partition-change.ts'
import { placeReplicas } from './placement.ts'
import { newRecord, type MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'
import { collisionKey, invalidTopicName } from './topic-name.ts'
import type { ConfigValidators } from './validators.ts'

export const MAX_PARTITIONS_PER_REQUEST = 10_000
const CLUSTER_METADATA_TOPIC = '__cluster_metadata'

export interface CreationContext {
  readonly random: Random
  readonly validators: ConfigValidators
  /** Topics of the request whose configuration the caller may see. */
  mayDescribeConfigs(topic: string): boolean
}

type CreatableTopic = CreateTopicsRequest['topics'][number]
type TopicResult = CreateTopicsResponse['topics'][number]

export function createTopics(
  state: MetadataState,
  request: CreateTopicsRequest,
  context: CreationContext,
): { readonly records: readonly MetadataRecord[]; readonly reply: CreateTopicsResponse } {
  const names = new Map<string, number>()
  for (const { name } of request.topics) names.set(name, (names.get(name) ?? 0) + 1)
  const topics: TopicResult[] = []
  const records: MetadataRecord[] = []
  const repeated = new Set<string>()
  const creatable = request.topics.filter(
    ({ name }) => names.get(name) === 1 && name !== CLUSTER_METADATA_TOPIC,
  )
  const tooMany = tooManyPartitions(creatable, context.validators)
  for (const topic of creatable) {
    const outcome = tooMany ?? createTopic(state, topic, context)
    if ('code' in outcome) {
      topics.push(failed(topic.name, outcome))
      continue
    }
    topics.push(outcome.result)
    records.push(...outcome.records)
  }
  for (const { name } of request.topics) {
    if (names.get(name)! > 1 && !repeated.has(name)) {
      repeated.add(name)
      topics.push(failed(name, apiError(errors.INVALID_REQUEST, 'Duplicate topic name.')))
    } else if (name === CLUSTER_METADATA_TOPIC) {
      const text = `Creation of internal topic ${name} is prohibited.`
      topics.push(failed(name, apiError(errors.INVALID_REQUEST, text)))
    }
  }
  return {
    records: request.validateOnly ? [] : records,
    reply: { throttleTimeMs: 0, topics },
  }
}

function tooManyPartitions(
  topics: readonly CreatableTopic[],
  validators: ConfigValidators,
): ApiError | undefined {
  let total = 0
  for (const { assignments, numPartitions } of topics) {
    if (assignments.length > 0) total += assignments.length
    else if (numPartitions === -1) total += validators.defaultPartitions()
    else total += Math.max(0, numPartitions)
  }
  if (total <= MAX_PARTITIONS_PER_REQUEST) return undefined
  return apiError(errors.POLICY_VIOLATION, 'Excessively large number of partitions per request.')
}

type Creation =
  | ApiError
  | { readonly result: TopicResult; readonly records: readonly MetadataRecord[] }

function createTopic(
  state: MetadataState,
  topic: CreatableTopic,
  context: CreationContext,
): Creation {
  const nameError = topicNameError(state, topic.name)
  if (nameError !== undefined) return nameError
  const overrides = new Map<string, string>()
  const nulls: string[] = []
  for (const { name, value } of topic.configs) {
    if (value === null) nulls.push(name)
    else overrides.set(name, value)
  }
  if (nulls.length > 0) {
    const text = `Null value not supported for topic configs: ${nulls.join(',')}`
    return apiError(errors.INVALID_CONFIG, text)
  }
  const changes = new Map([...overrides].map(([name, value]) => [name, { operation: 0, value }]))
  const resource = { type: RESOURCE_TOPIC, name: topic.name }
  const how = { validators: context.validators, newResource: true }
  const configs = changes.size === 0 ? undefined : changeConfigs(state, resource, changes, how)
  if (configs !== undefined && configs.error !== NO_ERROR) return configs.error
  const assignment = assign(state, topic, context)
  if (!Array.isArray(assignment)) return assignment
  const topicId = randomUuid(context.random)
  const partitions = assignment.map((replicas, index) =>
    newPartition(state, { topicId, index, replicas }),
  )
  return {
    result: created(topic.name, topicId, { assignment, overrides, context }),
    records: [
      newRecord('TopicRecord', 0, { name: topic.name, topicId }),
      ...(configs?.records ?? []),
      ...partitions,
    ],
  }
}

/** The first thing that is wrong with a new topic's name. */
function topicNameError(state: MetadataState, name: string): ApiError | undefined {
  if (state.topicsByName.has(name)) {
    return apiError(errors.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`)
  }
  const key = collisionKey(name)
  const colliding = key === undefined ? undefined : state.collidingNames.get(key)
  if (colliding !== undefined) {
    const [other] = colliding
    const text = `Topic '${name}' collides with existing topic: ${other}`
    return apiError(errors.INVALID_TOPIC_EXCEPTION, text)
  }
  const invalid = invalidTopicName(name)
  if (invalid === undefined) return undefined
  return apiError(errors.INVALID_TOPIC_EXCEPTION, `Topic name is invalid: ${invalid}`)
}

type Assignment = (readonly number[])[]

function assign(
  state: MetadataState,
  topic: CreatableTopic,
  context: CreationContext,
): Assignment | ApiError {
  if (topic.assignments.length > 0) return assignManually(state, topic)
  const { replicationFactor, numPartitions } = topic
  if (replicationFactor < -1 || replicationFactor === 0) {
    const text = 'Replication factor must be larger than 0, or -1 to use the default value.'
    return apiError(errors.INVALID_REPLICATION_FACTOR, text)
  }
  if (numPartitions < -1 || numPartitions === 0) {
    const text = 'Number of partitions was set to an invalid non-positive value.'
    return apiError(errors.INVALID_PARTITIONS, text)
  }
  const { validators, random } = context
  const count = numPartitions === -1 ? validators.defaultPartitions() : numPartitions
  const factor =
    replicationFactor === -1 ? validators.defaultReplicationFactor() : replicationFactor
  return place(state, { count, factor }, random)
}

/** Places `count` partitions, or says INVALID_REPLICATION_FACTOR. */
export function place(
  state: MetadataState,
  { count, factor }: { readonly count: number; readonly factor: number },
  random: Random,
): Assignment | ApiError {
  const placed = placeReplicas(state.brokers.values(), count, factor, random)
  const prefix = `Unable to replicate the partition ${factor} time(s):`
  if ('refusal' in placed) {
    return apiError(errors.INVALID_REPLICATION_FACTOR, `${prefix} ${placed.refusal}`)
  }
  const dead = placed.replicas.some((replicas) => !replicas.some((id) => isActive(state, id)))
  if (!dead) return [...placed.replicas]
  const text = `${prefix} All brokers are currently fenced or in controlled shutdown.`
  return apiError(errors.INVALID_REPLICATION_FACTOR, text)
}

function assignManually(state: MetadataState, topic: CreatableTopic): Assignment | ApiError {
  for (const field of ['replicationFactor', 'numPartitions'] as const) {
    if (topic[field] === -1) continue
    const what = field === 'replicationFactor' ? 'replication factor' : 'numPartitions'
    const text = `A manual partition assignment was specified, but ${what} was not set to -1.`
    return apiError(errors.INVALID_REQUEST, text)
  }
  const byIndex = new Map<number, readonly number[]>()
  let factor: number | undefined
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (byIndex.has(partitionIndex)) {
      const text = `Found multiple manual partition assignments for partition ${partitionIndex}`
      return apiError(errors.INVALID_REPLICA_ASSIGNMENT, text)
    }
    const error = manualAssignmentError(state, { index: partitionIndex, brokerIds, factor })
    if (error !== undefined) return error
    factor = brokerIds.length
    byIndex.set(partitionIndex, brokerIds)
  }
  const assignment: Assignment = []
  for (let index = 0; index < byIndex.size; index++) {
    const replicas = byIndex.get(index)
    if (replicas === undefined) {
      const text = 'partitions should be a consecutive 0-based integer sequence'
      return apiError(errors.INVALID_REPLICA_ASSIGNMENT, text)
    }
    assignment.push(replicas)
  }
  return assignment
}

/** `factor` is what the partitions before had; undefined for the first. */
export function manualAssignmentError(
  state: MetadataState,
  manual: {
    readonly index: number
    readonly brokerIds: readonly number[]
    readonly factor: number | undefined
  },
): ApiError | undefined {
  const { brokerIds, factor, index } = manual
  function refuse(text: string): ApiError {
    return apiError(errors.INVALID_REPLICA_ASSIGNMENT, text)
  }
  const prefix = 'The manual partition assignment includes'
  if (brokerIds.length === 0) return refuse(`${prefix} an empty replica list.`)
  const sorted = brokerIds.toSorted((a, b) => a - b)
  for (const [i, id] of sorted.entries()) {
    if (!state.brokers.has(id)) {
      return refuse(`${prefix} broker ${id}, but no such broker is registered.`)
    }
    if (i > 0 && sorted[i - 1] === id) return refuse(`${prefix} the broker ${id} more than once.`)
  }
  if (factor !== undefined && brokerIds.length !== factor) {
    return refuse(
      `${prefix} a partition with ${brokerIds.length} replica(s), but this is not consistent ` +
        `with previous partitions, which have ${factor} replica(s).`,
    )
  }
  if (brokerIds.some((id) => isActive(state, id))) return undefined
  return refuse(
    `All brokers specified in the manual partition assignment for partition ${index} ` +
      'are fenced or in controlled shutdown.',
  )
}

/** A fresh partition: the active replicas are its ISR, the first of them leads. */
export function newPartition(
  state: MetadataState,
  at: { readonly topicId: Uuid; readonly index: number; readonly replicas: readonly number[] },
): MetadataRecord {
  const isr = at.replicas.filter((id) => isActive(state, id))
  const metadataVersion = metadataVersionOf(state)
  return newRecord('PartitionRecord', partitionRecordVersion(metadataVersion), {
    partitionId: at.index,
    topicId: at.topicId,
    replicas: at.replicas,
    isr,
    removingReplicas: [],
    addingReplicas: [],
    leader: isr[0]!,
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    directories: at.replicas.map((id) => directoryOf(state, id)),
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  })
}

/** A broker with one directory is told it; with several it chooses itself: UNASSIGNED. */
function directoryOf(state: MetadataState, id: number): Uuid {
  const directories = state.brokers.get(id)?.directories ?? []
  if (directories.length === 0) return ZERO_UUID
  return directories.length === 1 ? directories[0]! : ONE_UUID
}

function created(
  name: string,
  topicId: Uuid,
  what: {
    readonly assignment: Assignment
    readonly overrides: ReadonlyMap<string, string>
    readonly context: CreationContext
  },
): TopicResult {
  const { assignment, overrides, context } = what
  const visible = context.mayDescribeConfigs(name)
  const configs = visible ? context.validators.effectiveTopicConfigs(overrides) : []
  return {
    name,
    topicId,
    errorCode: 0,
    errorMessage: null,
    topicConfigErrorCode: visible ? 0 : errors.TOPIC_AUTHORIZATION_FAILED,
    numPartitions: visible ? assignment.length : -1,
    replicationFactor: visible ? assignment[0]!.length : -1,
    configs: configs.map((each) => ({ ...each, value: each.isSensitive ? null : each.value })),
  }
}

function failed(name: string, { code, message }: ApiError): TopicResult {
  return {
    name,
    topicId: ZERO_UUID,
    errorCode: code,
    errorMessage: message,
    topicConfigErrorCode: 0,
    numPartitions: -1,
    replicationFactor: -1,
    configs: [],
  }
}
