// DeleteTopics, by name (to version 5) or by name or id (from version 6). Removing a topic is one
// record; partitions and configuration go with it.
import { type Uuid, ZERO_UUID } from '../../base/uuid.ts'
import { errors } from '../../protocol/errors.ts'
import { apiError, NO_SUCH_TOPIC_PARTITION, type ApiError } from './api-error.ts'
import type { TopicImage } from './image.ts'
import type { DeleteTopicsRequest, DeleteTopicsResponse } from './messages.ts'
import { newRecord, type MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'

type Result = DeleteTopicsResponse['responses'][number]

/** What the caller may do with a topic, as the authorizer says. */
export interface DeletionRights {
  mayDescribe(topic: string): boolean
  mayDelete(topic: string): boolean
}

export function deleteTopics(
  state: MetadataState,
  request: DeleteTopicsRequest,
  rights: DeletionRights,
): { readonly records: readonly MetadataRecord[]; readonly reply: DeleteTopicsResponse } {
  const responses: Result[] = []
  const asked = askedTopics(request, responses)
  const doomed = new Map<Uuid, TopicImage>()
  for (const id of asked.ids) {
    const topic = state.topicsById.get(id)
    if (topic === undefined) responses.push(failed(null, id, unknownTopicId()))
    else if (rights.mayDelete(topic.name)) doomed.set(id, topic)
    else {
      const name = rights.mayDescribe(topic.name) ? topic.name : null
      responses.push(failed(name, id, notAuthorized()))
    }
  }
  for (const name of asked.names) {
    const topic = state.topicsByName.get(name)
    const error = namedTopicError(name, topic, rights)
    if (error !== undefined) responses.push(failed(name, ZERO_UUID, error))
    else if (topic !== undefined && !doomed.has(topic.id)) doomed.set(topic.id, topic)
    else if (topic !== undefined) {
      doomed.delete(topic.id)
      const text = 'The provided topic name maps to an ID that was already supplied.'
      responses.push(failed(name, topic.id, apiError(errors.INVALID_REQUEST, text)))
    }
  }
  const records: MetadataRecord[] = []
  for (const { id, name } of doomed.values()) {
    records.push(newRecord('RemoveTopicRecord', 0, { topicId: id }))
    responses.push({ name, topicId: id, errorCode: 0, errorMessage: null })
  }
  return { records, reply: { throttleTimeMs: 0, responses } }
}

function namedTopicError(
  name: string,
  topic: TopicImage | undefined,
  rights: DeletionRights,
): ApiError | undefined {
  if (!rights.mayDescribe(name)) return notAuthorized()
  if (topic === undefined) {
    return apiError(errors.UNKNOWN_TOPIC_OR_PARTITION, NO_SUCH_TOPIC_PARTITION)
  }
  return rights.mayDelete(name) ? undefined : notAuthorized()
}

function askedTopics(
  request: DeleteTopicsRequest,
  responses: Result[],
): { readonly names: ReadonlySet<string>; readonly ids: ReadonlySet<Uuid> } {
  const names: string[] = [...request.topicNames]
  const ids: Uuid[] = []
  for (const { name, topicId } of request.topics) {
    if (name === null && topicId === ZERO_UUID) {
      const text = 'Neither topic name nor id were specified.'
      responses.push(failed(null, ZERO_UUID, apiError(errors.INVALID_REQUEST, text)))
    } else if (name === null) ids.push(topicId)
    else if (topicId === ZERO_UUID) names.push(name)
    else {
      const text = 'You may not specify both topic name and topic id.'
      responses.push(failed(name, topicId, apiError(errors.INVALID_REQUEST, text)))
    }
  }
  const once = { names: split(names), ids: split(ids) }
  for (const name of once.names.repeated) {
    responses.push(
      failed(name, ZERO_UUID, apiError(errors.INVALID_REQUEST, 'Duplicate topic name.')),
    )
  }
  for (const id of once.ids.repeated) {
    responses.push(failed(null, id, apiError(errors.INVALID_REQUEST, 'Duplicate topic id.')))
  }
  return { names: once.names.single, ids: once.ids.single }
}

function split(values: readonly string[]): {
  readonly single: ReadonlySet<string>
  readonly repeated: ReadonlySet<string>
} {
  const single = new Set<string>()
  const repeated = new Set<string>()
  for (const value of values) {
    if (single.has(value)) repeated.add(value)
    single.add(value)
  }
  for (const value of repeated) single.delete(value)
  return { single, repeated }
}

function notAuthorized(): ApiError {
  return apiError(errors.TOPIC_AUTHORIZATION_FAILED, 'Topic authorization failed.')
}

function unknownTopicId(): ApiError {
  return apiError(errors.UNKNOWN_TOPIC_ID, 'This server does not host this topic ID.')
}

function failed(name: string | null, topicId: Uuid, { code, message }: ApiError): Result {
  return { name, topicId, errorCode: code, errorMessage: message }
}
