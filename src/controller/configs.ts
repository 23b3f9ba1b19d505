// Explicitly set configuration values by resource, and how changes of one resource become records.
// Which keys there are and which values they take is the validators' affair.
import { apiError, NO_ERROR, type ApiError } from './api-error.ts'
import { errors } from '../../protocol/errors.ts'
import { RESOURCE_BROKER, RESOURCE_GROUP, RESOURCE_TOPIC } from './image.ts'
import { newRecord, type ValueOf, type MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'
import { invalidTopicName } from './topic-name.ts'
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

export type ConfigChanges = ReadonlyMap<
  string,
  { readonly operation: number; readonly value: string | null }
>

/** Operations of IncrementalAlterConfigs; the old form only sets and deletes. */
export const SET = 0
export const DELETE = 1
export const APPEND = 2
export const SUBTRACT = 3

/** Turns changes of one resource into records, or says why they are refused. */
export function changeConfigs(
  state: MetadataState,
  resource: ConfigResource,
  changes: ConfigChanges,
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
  const error =
    resourceNameError(resource) ??
    validators.validate(resource, after, current) ??
    existence(state, resource, how)
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

function resourceNameError({ type, name }: ConfigResource): ApiError | undefined {
  if (type !== RESOURCE_TOPIC && type !== RESOURCE_GROUP) return undefined
  if (name === '') {
    const kind = type === RESOURCE_TOPIC ? 'topic' : 'group'
    return apiError(errors.INVALID_REQUEST, `Default ${kind} resources are not allowed.`)
  }
  const invalid = type === RESOURCE_TOPIC ? invalidTopicName(name) : undefined
  if (invalid === undefined) return undefined
  return apiError(errors.INVALID_TOPIC_EXCEPTION, `Topic name is invalid: ${invalid}`)
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
