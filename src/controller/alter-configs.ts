// AlterConfigs and IncrementalAlterConfigs (KIP-339): first what Kafka's broker checks before it
// passes a request on, then what its controller decides. Answers in the order of the request.
import { errors } from '../../protocol/errors.ts'
import { apiError, type ApiError } from './api-error.ts'
import { changeConfigs, type ConfigChanges, configsOf, DELETE, SET, SUBTRACT } from './configs.ts'
import {
  RESOURCE_BROKER,
  RESOURCE_CLIENT_METRICS,
  RESOURCE_GROUP,
  RESOURCE_TOPIC,
} from './image.ts'
import type {
  AlterConfigsRequest,
  AlterConfigsResponse,
  IncrementalAlterConfigsRequest,
} from './messages.ts'
import type { MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'
import type { ConfigValidators } from './validators.ts'

export interface ConfigsDecision {
  readonly records: readonly MetadataRecord[]
  readonly reply: AlterConfigsResponse
}

export interface AlterConfigsContext {
  readonly validators: ConfigValidators
  /** The broker that was asked: it takes changes of its own configuration only. */
  readonly nodeId: number
}

/** Single values are set, deleted, appended to or subtracted from. */
export function incrementalAlterConfigs(
  state: MetadataState,
  request: IncrementalAlterConfigsRequest,
  context: AlterConfigsContext,
): ConfigsDecision {
  const plain = request.resources.map((resource) => ({
    ...resource,
    configs: resource.configs.map(({ name, value, configOperation: operation }) => ({
      name,
      value,
      operation,
    })),
  }))
  return alterResources(state, { ...request, resources: plain }, context)
}

/** The old form: what the request does not name is deleted. */
export function alterConfigs(
  state: MetadataState,
  request: AlterConfigsRequest,
  context: AlterConfigsContext,
): ConfigsDecision {
  const plain = request.resources.map((resource) => ({
    ...resource,
    configs: resource.configs.map(({ name, value }) => ({ name, value, operation: SET })),
    replaces: true,
  }))
  return alterResources(state, { ...request, resources: plain }, context)
}

interface AlteredResource {
  readonly resourceType: number
  readonly resourceName: string
  readonly configs: readonly {
    readonly name: string
    readonly value: string | null
    readonly operation: number
  }[]
  /** Values that are not named go. */
  readonly replaces?: boolean
}

interface AlterRequest {
  readonly resources: readonly AlteredResource[]
  readonly validateOnly: boolean
}

function alterResources(
  state: MetadataState,
  request: AlterRequest,
  context: AlterConfigsContext,
): ConfigsDecision {
  const counts = new Map<string, number>()
  for (const each of request.resources) {
    counts.set(keyOf(each), (counts.get(keyOf(each)) ?? 0) + 1)
  }
  const records: MetadataRecord[] = []
  const responses = request.resources.map((each) => {
    const { resourceType, resourceName } = each
    let error =
      counts.get(keyOf(each))! > 1
        ? apiError(errors.INVALID_REQUEST, 'Each resource must appear at most once.')
        : firstError(each, context)
    if (error === undefined) {
      const outcome = change(state, each, context)
      error = outcome.error
      records.push(...outcome.records)
    }
    return { errorCode: error.code, errorMessage: error.message, resourceType, resourceName }
  })
  return {
    records: request.validateOnly ? [] : records,
    reply: { throttleTimeMs: 0, responses },
  }
}

function keyOf({ resourceType, resourceName }: AlteredResource): string {
  return `${resourceType}/${resourceName}`
}

function firstError(resource: AlteredResource, context: AlterConfigsContext): ApiError | undefined {
  const { resourceType, resourceName, configs } = resource
  function refuse(text: string): ApiError {
    return apiError(errors.INVALID_REQUEST, text)
  }
  if (new Set(configs.map(({ name }) => name)).size < configs.length) {
    return refuse('Error due to duplicate config keys')
  }
  const nulls = configs.filter(({ value, operation }) => value === null && operation !== DELETE)
  if (nulls.length > 0) {
    return refuse(`Null value not supported for : ${nulls.map(({ name }) => name).join(', ')}`)
  }
  const strange = configs.find(({ operation }) => operation < SET || operation > SUBTRACT)
  switch (resourceType) {
    case RESOURCE_BROKER:
      if (resourceName !== '') {
        const id = /^-?\d+$/.test(resourceName) ? Number(resourceName) : undefined
        if (id === undefined)
          return refuse(`Node id must be an integer, but it is: ${resourceName}`)
        if (id !== context.nodeId) {
          return refuse(`Unexpected broker id, expected ${context.nodeId}, but received ${id}`)
        }
      }
      if (strange === undefined) return undefined
      return refuse(`Unknown operations type ${strange.operation}`)
    case RESOURCE_TOPIC:
    case RESOURCE_GROUP:
    case RESOURCE_CLIENT_METRICS:
      // Kafka's controller fails on an operation that it does not know.
      return strange === undefined ? undefined : apiError(errors.UNKNOWN_SERVER_ERROR, null)
    default:
      return refuse(`Unknown resource type ${resourceType}`)
  }
}

function change(
  state: MetadataState,
  each: AlteredResource,
  { validators }: AlterConfigsContext,
): { readonly error: ApiError; readonly records: readonly MetadataRecord[] } {
  const resource = { type: each.resourceType, name: each.resourceName }
  const changes = new Map<string, { operation: number; value: string | null }>()
  for (const { name, operation, value } of each.configs) changes.set(name, { operation, value })
  if (each.replaces === true) {
    for (const name of configsOf(state, resource.type, resource.name).keys()) {
      if (!changes.has(name)) changes.set(name, { operation: DELETE, value: null })
    }
  }
  return changeConfigs(state, resource, changes satisfies ConfigChanges, {
    validators,
    newResource: false,
  })
}
