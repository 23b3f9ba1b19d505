// Explicitly set configuration values by resource, and the two requests that change them. What a
// name may be and which values it takes is the validators' affair.
import { apiError, NO_ERROR, type ApiError } from './api-error.ts'
import { errors } from '../../protocol/errors.ts'
import {
  RESOURCE_BROKER,
  RESOURCE_BROKER_LOGGER,
  RESOURCE_CLIENT_METRICS,
  RESOURCE_GROUP,
  RESOURCE_TOPIC,
} from './image.ts'
import type {
  AlterConfigsRequest,
  AlterConfigsResponse,
  IncrementalAlterConfigsRequest,
} from './messages.ts'
import { newRecord, type ValueOf, type MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'
import type { ConfigValidators } from './validators.ts'

const NONE: ReadonlyMap<string, string> = new Map()
const MAX_VALUE_LENGTH = 32_767

export interface ConfigResource {
  readonly type: number
  readonly name: string
}

export function configsOf(
  state: Pick<MetadataState, 'configs'>,
  type: number,
  name: string,
): ReadonlyMap<string, string> {
  return state.configs.get(type)?.get(name) ?? NONE
}

export function replayConfig(state: MetadataState, body: ValueOf<'ConfigRecord'>): void {
  const values = new Map(configsOf(state, body.resourceType, body.resourceName))
  if (body.value === null) values.delete(body.name)
  else values.set(body.name, body.value)
  let resources = state.configs.get(body.resourceType)
  if (resources === undefined) {
    resources = state.newMap()
    state.configs.set(body.resourceType, resources)
  }
  if (values.size === 0) resources.delete(body.resourceName)
  else resources.set(body.resourceName, values)
  touch(state, body.resourceType, body.resourceName)
}

/** A removed topic takes its configuration along; there is no record for it. */
export function dropConfigs(state: MetadataState, type: number, name: string): void {
  if (state.configs.get(type)?.delete(name) === true) touch(state, type, name)
}

function touch(state: MetadataState, type: number, name: string): void {
  state.touched?.configs.set(`${type}/${name}`, { type, name })
}

type Changes = ReadonlyMap<string, { readonly operation: number; readonly value: string | null }>

const SET = 0
const DELETE = 1
const APPEND = 2
const SUBTRACT = 3
const REPLACED = -1

export interface ConfigsDecision {
  readonly records: readonly MetadataRecord[]
  readonly reply: AlterConfigsResponse
}

/** KIP-339: single values are set, deleted, appended to or subtracted from. */
export function incrementalAlterConfigs(
  state: MetadataState,
  request: IncrementalAlterConfigsRequest,
  validators: ConfigValidators,
): ConfigsDecision {
  return alterResources(state, request, validators, (configs) => {
    const changes = new Map<string, { operation: number; value: string | null }>()
    for (const each of configs) {
      changes.set(each.name, { operation: each.configOperation ?? SET, value: each.value })
    }
    return changes
  })
}

/** The old form: what the request does not name is deleted. */
export function alterConfigs(
  state: MetadataState,
  request: AlterConfigsRequest,
  validators: ConfigValidators,
): ConfigsDecision {
  return alterResources(state, request, validators, (configs, current) => {
    const changes = new Map<string, { operation: number; value: string | null }>()
    for (const each of configs) changes.set(each.name, { operation: REPLACED, value: each.value })
    for (const name of current.keys()) {
      if (!changes.has(name)) changes.set(name, { operation: DELETE, value: null })
    }
    return changes
  })
}

interface AlterRequest {
  readonly resources: readonly {
    readonly resourceType: number
    readonly resourceName: string
    readonly configs: readonly {
      readonly name: string
      readonly configOperation?: number
      readonly value: string | null
    }[]
  }[]
  readonly validateOnly: boolean
}

type ChangesOf = (
  configs: AlterRequest['resources'][number]['configs'],
  current: ReadonlyMap<string, string>,
) => Changes

function alterResources(
  state: MetadataState,
  request: AlterRequest,
  validators: ConfigValidators,
  changesOf: ChangesOf,
): ConfigsDecision {
  const records: MetadataRecord[] = []
  const responses: AlterConfigsResponse['responses'][number][] = []
  const seen = new Map<string, number>()
  for (const { resourceType, resourceName } of request.resources) {
    const key = `${resourceType}/${resourceName}`
    seen.set(key, (seen.get(key) ?? 0) + 1)
  }
  const answered = new Set<string>()
  for (const each of request.resources) {
    const key = `${each.resourceType}/${each.resourceName}`
    const resource = { type: each.resourceType, name: each.resourceName }
    if (answered.has(key)) continue
    let error = resourceError(resource)
    if (error === NO_ERROR && seen.get(key)! > 1) {
      answered.add(key)
      error = apiError(errors.INVALID_REQUEST, 'Duplicate resource.')
    }
    if (error === NO_ERROR) {
      const current = configsOf(state, resource.type, resource.name)
      const outcome = changeConfigs(state, resource, changesOf(each.configs, current), {
        validators,
        newResource: false,
      })
      error = outcome.error
      if (error === NO_ERROR) records.push(...outcome.records)
    }
    const { code, message } = error
    responses.push({
      errorCode: code,
      errorMessage: message,
      resourceType: each.resourceType,
      resourceName: each.resourceName,
    })
  }
  return {
    records: request.validateOnly ? [] : records,
    reply: { throttleTimeMs: 0, responses },
  }
}

function resourceError({ type }: ConfigResource): ApiError {
  switch (type) {
    case RESOURCE_TOPIC:
    case RESOURCE_BROKER:
    case RESOURCE_GROUP:
    case RESOURCE_CLIENT_METRICS:
      return NO_ERROR
    case RESOURCE_BROKER_LOGGER:
      return apiError(errors.INVALID_REQUEST, 'Unexpected resource type BROKER_LOGGER.')
    default:
      return apiError(errors.UNSUPPORTED_VERSION, `Unknown resource type ${type}.`)
  }
}

/** Turns changes of one resource into records, or says why they are refused. */
export function changeConfigs(
  state: MetadataState,
  resource: ConfigResource,
  changes: Changes,
  how: { readonly validators: ConfigValidators; readonly newResource: boolean },
): { readonly error: ApiError; readonly records: readonly MetadataRecord[] } {
  const { validators } = how
  const current = configsOf(state, resource.type, resource.name)
  const after = new Map<string, string>(current)
  const records: MetadataRecord[] = []
  for (const [name, { operation, value }] of changes) {
    const before = current.get(name) ?? null
    let next = value
    if (operation === DELETE) next = null
    else if (operation === APPEND || operation === SUBTRACT) {
      if (!validators.isList(resource.type, name)) {
        const verb = operation === APPEND ? 'APPEND' : 'SUBTRACT'
        const text = `Can't ${verb} to key ${name} because its type is not LIST.`
        return { error: apiError(errors.INVALID_CONFIG, text), records: [] }
      }
      const base = before ?? validators.defaultValue(resource.type, name) ?? ''
      next = listAfter(base, operation, value ?? '')
    }
    // A broker's value is written again even if equal: it makes brokers reload key stores.
    if (next === before && resource.type !== RESOURCE_BROKER) continue
    if (next !== null && next.length > MAX_VALUE_LENGTH) {
      const text = `The value of ${name} is longer than ${MAX_VALUE_LENGTH} characters.`
      return { error: apiError(errors.INVALID_CONFIG, text), records: [] }
    }
    if (next === null) after.delete(name)
    else after.set(name, next)
    const { type: resourceType, name: resourceName } = resource
    records.push(newRecord('ConfigRecord', 0, { resourceType, resourceName, name, value: next }))
  }
  const error = validators.validate(resource, after, current) ?? existence(state, resource, how)
  return error === NO_ERROR ? { error, records } : { error, records: [] }
}

function listAfter(current: string, operation: number, value: string): string {
  const items = current.split(',').filter((item) => item !== '')
  for (const item of value.split(',')) {
    const at = items.indexOf(item)
    if (operation === APPEND && at < 0) items.push(item)
    else if (operation === SUBTRACT && at >= 0) items.splice(at, 1)
  }
  return items.join(',')
}

function existence(
  state: MetadataState,
  { type, name }: ConfigResource,
  how: { readonly newResource: boolean },
): ApiError {
  if (how.newResource) return NO_ERROR
  if (type === RESOURCE_TOPIC && !state.topicsByName.has(name)) {
    return apiError(errors.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${name}' does not exist.`)
  }
  if (type === RESOURCE_BROKER && name !== '') {
    const id = Number(name)
    if (!state.brokers.has(id) && !state.controllers.has(id)) {
      return apiError(errors.BROKER_ID_NOT_REGISTERED, `No node with id ${id} found.`)
    }
  }
  return NO_ERROR
}
