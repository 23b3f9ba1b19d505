// What a group's configuration is worth, and what may be set: group keys fall back to the broker's
// `group.*` keys and stay inside the broker's minima and maxima. KIP-848, KIP-932, KIP-1071.
import { type ConfigLayers, effectiveValue, type Overrides } from './layers.ts'
import {
  type BrokerKeyName,
  brokerKey,
  type GroupKeyName,
  type GroupValue,
  groupKey,
  groupKeys,
} from './keys/index.ts'
import { effectiveConfig, unknownKey, validateValue } from './topic.ts'

/** Every group key with its effective value, by Kafka's name. */
export type GroupConfig = { readonly [Name in GroupKeyName]: GroupValue<Name> }

/** `overrides` are the values set on the group itself; they are cut to the broker's bounds. */
export function groupConfig(layers: ConfigLayers, overrides: Overrides): GroupConfig {
  const config = effectiveConfig(layers, overrides, groupKeys)
  for (const name of overrides.keys()) {
    const value = config[name]
    if (typeof value === 'number') config[name] = clamped(layers, name, value)
  }
  return config as GroupConfig
}

/** undefined when the values may be set together, otherwise one sentence. */
export function validateGroupConfigs(
  layers: ConfigLayers,
  overrides: Overrides,
): string | undefined {
  for (const [name, value] of overrides) {
    const sentence = validateGroupConfig(layers, name, value)
    if (sentence !== undefined) return sentence
  }
  for (const kind of ['consumer', 'share', 'streams'] as const) {
    const sentence = sessionFault(layers, overrides, kind)
    if (sentence !== undefined) return sentence
  }
  const deadLetters = overrides.get('errors.deadletterqueue.topic.name')
  if (deadLetters?.trim().startsWith('__')) {
    return 'errors.deadletterqueue.topic.name must not start with __.'
  }
  return undefined
}

function validateGroupConfig(
  layers: ConfigLayers,
  name: string,
  value: string,
): string | undefined {
  const key = groupKey(name)
  if (key === undefined) return unknownKey('group', name, Object.keys(groupKeys))
  const sentence = validateValue(key, name, value)
  if (sentence !== undefined) return sentence
  const { min, max } = brokerBounds(layers, name)
  const number = Number(value)
  if (number < min || number > max) return outOfBounds(name, min, max)
  if (name === 'streams.assignor.name') {
    const known = effectiveValue(layers, 'group.streams.assignors')
    if (!known.includes(value.trim())) return `${name} must be one of ${known.join(', ')}.`
  }
  return undefined
}

function outOfBounds(name: string, min: number, max: number): string {
  if (min === -Infinity) return `${name} must be less than or equal to ${max}.`
  if (max === Infinity) return `${name} must be greater than or equal to ${min}.`
  return `${name} must be in the range ${min} to ${max} inclusive.`
}

/** A session must outlive at least one heartbeat. */
function sessionFault(
  layers: ConfigLayers,
  overrides: Overrides,
  kind: 'consumer' | 'share' | 'streams',
): string | undefined {
  const session = `${kind}.session.timeout.ms` as const
  const heartbeat = `${kind}.heartbeat.interval.ms` as const
  if (!overrides.has(session) && !overrides.has(heartbeat)) return undefined
  const config = effectiveConfig(layers, overrides, groupKeys) as GroupConfig
  if (config[session] > config[heartbeat]) return undefined
  return `${session} must be greater than ${heartbeat}.`
}

function clamped(layers: ConfigLayers, name: string, value: number): number {
  const { min, max } = brokerBounds(layers, name)
  return Math.min(Math.max(value, min), max)
}

/** Broker keys that bound a group key where the pattern of the names does not tell. */
const ODD_MAXIMA: ReadonlyMap<string, BrokerKeyName> = new Map([
  ['streams.num.standby.replicas', 'group.streams.max.standby.replicas'],
  ['streams.num.warmup.replicas', 'group.streams.max.warmup.replicas'],
])

function brokerBounds(layers: ConfigLayers, name: string): { min: number; max: number } {
  const dot = name.indexOf('.')
  const [kind, rest] = [name.slice(0, dot), name.slice(dot + 1)]
  const minimum = `group.${kind}.min.${rest}`
  const maximum = ODD_MAXIMA.get(name) ?? `group.${kind}.max.${rest}`
  return {
    min: numberOf(layers, minimum) ?? -Infinity,
    max: numberOf(layers, maximum) ?? Infinity,
  }
}

function numberOf(layers: ConfigLayers, name: string): number | undefined {
  if (brokerKey(name) === undefined) return undefined
  const value = effectiveValue(layers, name as BrokerKeyName)
  return typeof value === 'number' ? value : undefined
}
