// What a topic's configuration is worth: its own values, then the broker keys that stand in for
// them, in Kafka's order and with its units (retention.ms from log.retention.hours). One typed
// object, made once per change, which the log and the partition read on the hot path.
import { type ConfigLayers, effectiveValue, isSet, type Overrides } from './layers.ts'
import {
  type BrokerKeyName,
  type TopicKeyName,
  type TopicValue,
  topicKey,
  topicKeys,
} from './keys/index.ts'
import type { ConfigValue, Key } from './keys/key.ts'
import { nearest } from './nearest.ts'
import { initialValue, parseValue } from './value.ts'

/** Every topic key with its effective value, by Kafka's name: `config['max.message.bytes']`. */
export type TopicConfig = { readonly [Name in TopicKeyName]: TopicValue<Name> }

/** `overrides` are the values set on the topic itself. */
export function topicConfig(layers: ConfigLayers, overrides: Overrides): TopicConfig {
  return effectiveConfig(layers, overrides, topicKeys) as TopicConfig
}

/** undefined when the value may be set, otherwise one sentence that says what is allowed. */
export function validateTopicConfig(name: string, value: string): string | undefined {
  const key = topicKey(name)
  if (key === undefined) return unknownKey('topic', name, Object.keys(topicKeys))
  return validateValue(key, name, value)
}

/** Rules over several keys, checked on what the topic would then have. */
export function validateTopicConfigs(
  layers: ConfigLayers,
  overrides: Overrides,
): string | undefined {
  for (const [name, value] of overrides) {
    const sentence = validateTopicConfig(name, value)
    if (sentence !== undefined) return sentence
  }
  const config = topicConfig(layers, overrides)
  if (config['min.compaction.lag.ms'] > config['max.compaction.lag.ms']) {
    return (
      `min.compaction.lag.ms (${config['min.compaction.lag.ms']}) is larger than ` +
      `max.compaction.lag.ms (${config['max.compaction.lag.ms']}).`
    )
  }
  if (config['remote.storage.enable']) {
    return 'remote.storage.enable is true: tiered storage is switched off on this broker.'
  }
  return undefined
}

/** Shared with group keys: own value, broker synonyms in order, the default of the key. */
export function effectiveConfig(
  layers: ConfigLayers,
  overrides: Overrides,
  keys: Readonly<Record<string, Key>>,
): Record<string, ConfigValue> {
  const config: Record<string, ConfigValue> = {}
  for (const [name, key] of Object.entries(keys)) {
    const text = overrides.get(name)
    const parsed = text === undefined ? undefined : parseValue(key, text)
    config[name] =
      parsed === undefined || typeof parsed === 'string' ? inherited(layers, key) : parsed.value
  }
  return config
}

function inherited(layers: ConfigLayers, key: Key): ConfigValue {
  for (const { name, times } of key.from ?? []) {
    const value: ConfigValue = effectiveValue(layers, name as BrokerKeyName)
    // A list of assignors stands for its first where one name is wanted.
    if (Array.isArray(value) && key.kind !== 'list') return value[0] ?? null
    if (value !== null) return typeof value === 'number' ? inUnit(value, times) : value
    if (isSet(layers, name as BrokerKeyName)) return value
  }
  return initialValue(key)
}

/** -1 means no limit in every unit. */
function inUnit(value: number, times: number): number {
  return value < 0 ? value : value * times
}

export function validateValue(key: Key, name: string, value: string): string | undefined {
  const parsed = parseValue(key, value)
  if (typeof parsed !== 'string') return undefined
  return `Invalid value ${value} for configuration ${name}: allowed is ${parsed}.`
}

export function unknownKey(kind: string, name: string, known: Iterable<string>): string {
  const near = nearest(name, known)
  return `Unknown ${kind} config name: ${name}${near === undefined ? '' : ` (did you mean ${near}?)`}`
}
