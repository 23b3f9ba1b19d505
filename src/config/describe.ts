// The entries of DescribeConfigs: value, source and synonyms of every key of a broker, topic or
// group, as Apache Kafka's ConfigHelper gives them. Knows no wire format.
import { effectiveText, type ConfigLayers, type Overrides } from './layers.ts'
import {
  type BrokerKeyName,
  brokerKey,
  groupKey,
  groupKeys,
  listedBrokerKeyNames,
  topicKey,
  topicKeys,
  withoutListenerPrefix,
} from './keys/index.ts'
import type { ConfigValue, Key, Kind } from './keys/key.ts'
import { clientMetricsKeys } from './keys/client-metrics.ts'
import { groupConfig } from './group.ts'
import { topicConfig } from './topic.ts'
import { canonicalText, initialValue, parseValue, printValue } from './value.ts'

/** Kafka's numbers for where a value came from. */
export const CONFIG_SOURCE = {
  topic: 1,
  broker: 2,
  clusterDefault: 3,
  static: 4,
  default: 5,
  clientMetrics: 7,
  group: 8,
} as const

export type ConfigSource = (typeof CONFIG_SOURCE)[keyof typeof CONFIG_SOURCE]

/** Kafka's numbers for the kinds of values; 0 is unknown. */
export const CONFIG_TYPE: Readonly<Record<Kind, number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
}

export interface DescribedSynonym {
  readonly name: string
  readonly value: string | null
  readonly source: ConfigSource
}

export interface DescribedConfig {
  readonly name: string
  readonly value: string | null
  readonly source: ConfigSource
  readonly isReadOnly: boolean
  readonly isSensitive: boolean
  readonly synonyms: readonly DescribedSynonym[]
  readonly type: number
  readonly documentation: string | null
}

/** Every topic key that is not internal or is set, in alphabetical order. */
export function describeTopicConfigs(
  layers: ConfigLayers,
  overrides: Overrides,
): DescribedConfig[] {
  const config = topicConfig(layers, overrides)
  return resourceKeys(topicKeys, overrides).map((name) => {
    const key = topicKey(name)
    const value = (config as Record<string, ConfigValue>)[name]
    const inherited = key?.from ? brokerSynonyms(layers, key.from[0]!.name) : []
    return resourceEntry({ name, key, value, overrides, inherited, source: CONFIG_SOURCE.topic })
  })
}

/** Every group key that is not internal or is set, in alphabetical order. */
export function describeGroupConfigs(
  layers: ConfigLayers,
  overrides: Overrides,
): DescribedConfig[] {
  const config = groupConfig(layers, overrides)
  return resourceKeys(groupKeys, overrides).map((name) => {
    const key = groupKey(name)
    const value = (config as Record<string, ConfigValue>)[name]
    const own = { name, value: key?.initial ?? null, source: CONFIG_SOURCE.default }
    const inherited = key?.from ? brokerSynonyms(layers, key.from[0]!.name) : [own]
    return resourceEntry({ name, key, value, overrides, inherited, source: CONFIG_SOURCE.group })
  })
}

/** Every key of a client metrics subscription, in alphabetical order; any name has the defaults. */
export function describeClientMetricsConfigs(overrides: Overrides): DescribedConfig[] {
  const keys: Readonly<Record<string, Key>> = clientMetricsKeys
  return resourceKeys(keys, overrides).map((name) => {
    const key = keys[name]
    const value = key === undefined ? undefined : clientMetricsValue(key, overrides.get(name))
    const source = CONFIG_SOURCE.clientMetrics
    return resourceEntry({ name, key, value, overrides, inherited: [], source })
  })
}

/** A text that no longer parses counts as not set. */
function clientMetricsValue(key: Key, text: string | undefined): ConfigValue {
  const parsed = text === undefined ? undefined : parseValue(key, text)
  return parsed === undefined || typeof parsed === 'string' ? initialValue(key) : parsed.value
}

/** Every broker key, or with `isPerBroker` false the cluster's dynamic defaults only. */
export function describeBrokerConfigs(
  layers: ConfigLayers,
  isPerBroker: boolean,
): DescribedConfig[] {
  const { broker, brokerOverrides, clusterOverrides } = layers
  if (!isPerBroker) {
    const names = [...clusterOverrides.keys()].sort()
    return names.map((name) => clusterEntry(layers, name))
  }
  const names = new Set<string>(listedBrokerKeyNames())
  for (const layer of [broker.explicit, brokerOverrides, clusterOverrides]) {
    for (const name of layer.keys()) names.add(name)
  }
  return [...names].sort().map((name) => brokerEntry(layers, name))
}

function resourceKeys(keys: Readonly<Record<string, Key>>, overrides: Overrides): string[] {
  const listed = Object.keys(keys).filter((name) => !keys[name]!.internal)
  return [...new Set([...listed, ...overrides.keys()])].sort()
}

interface ResourceEntry {
  readonly name: string
  readonly key: Key | undefined
  readonly value: ConfigValue | undefined
  readonly overrides: Overrides
  readonly inherited: readonly DescribedSynonym[]
  readonly source: ConfigSource
}

function resourceEntry(entry: ResourceEntry): DescribedConfig {
  const { name, key, overrides, inherited, source } = entry
  // A name that is no key any more might be a secret.
  const isSensitive = key === undefined || key.kind === 'password'
  const value = isSensitive ? null : entryText(key, entry)
  const synonyms = overrides.has(name) ? [{ name, value, source }, ...inherited] : inherited
  return {
    name,
    value,
    source: synonyms[0]?.source ?? CONFIG_SOURCE.default,
    isReadOnly: false,
    isSensitive,
    synonyms,
    type: key ? CONFIG_TYPE[key.kind] : 0,
    documentation: key?.doc ?? null,
  }
}

/** A number beyond 2^53 lost its digits when it was parsed, so its own text is printed. */
function entryText(key: Key, { name, value, overrides }: ResourceEntry): string | null {
  const isBeyond = typeof value === 'number' && !Number.isFinite(value)
  const own = isBeyond ? canonicalText(key, overrides.get(name) ?? '') : undefined
  return own ?? printValue(key, value ?? null)
}

function brokerEntry(layers: ConfigLayers, name: string): DescribedConfig {
  const key = brokerKey(withoutListenerPrefix(name))
  const isSensitive = key === undefined || key.kind === 'password'
  const synonyms = brokerSynonyms(layers, name)
  const isOwnKey = brokerKey(name) !== undefined
  const text = isOwnKey ? effectiveText(layers, name as BrokerKeyName) : firstText(layers, name)
  return {
    name,
    value: isSensitive ? null : text,
    source: synonyms[0]?.source ?? CONFIG_SOURCE.default,
    isReadOnly: !isOwnKey || key?.dynamic === 'read-only',
    isSensitive,
    synonyms,
    type: key ? CONFIG_TYPE[key.kind] : 0,
    documentation: isOwnKey ? (key?.doc ?? null) : null,
  }
}

function clusterEntry(layers: ConfigLayers, name: string): DescribedConfig {
  const entry = brokerEntry(layers, name)
  const synonyms = entry.synonyms.filter((one) => one.source === CONFIG_SOURCE.clusterDefault)
  const value = entry.isSensitive ? null : (layers.clusterOverrides.get(name) ?? null)
  return { ...entry, value, source: synonyms[0]?.source ?? CONFIG_SOURCE.default, synonyms }
}

function firstText(layers: ConfigLayers, name: string): string | null {
  const { brokerOverrides, clusterOverrides, broker } = layers
  return (
    brokerOverrides.get(name) ?? clusterOverrides.get(name) ?? broker.explicit.get(name) ?? null
  )
}

/** Names that Kafka treats as one setting in several units, each list in the order of
 * precedence. */
const FAMILIES: readonly (readonly string[])[] = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
]

function familyOf(name: string): readonly string[] {
  if (name === 'log.flush.interval.ms') return [name, 'log.flush.scheduler.interval.ms']
  const family = FAMILIES.find((one) => one.includes(name))
  if (family) return family
  const base = withoutListenerPrefix(name)
  return base === name ? [name] : [name, base]
}

/** Layer by layer, and in each layer the family in order; what comes before the first entry of the
 * name itself is dropped, as Kafka does. */
function brokerSynonyms(layers: ConfigLayers, name: string): DescribedSynonym[] {
  const family = familyOf(name)
  const isSensitive = isSecret(name)
  const found: DescribedSynonym[] = []
  function add(layer: Overrides, source: ConfigSource): void {
    for (const member of family) {
      const text = layer.get(member)
      if (text !== undefined) {
        found.push({ name: member, value: isSensitive ? null : text, source })
      }
    }
  }
  add(layers.brokerOverrides, CONFIG_SOURCE.broker)
  add(layers.clusterOverrides, CONFIG_SOURCE.clusterDefault)
  add(layers.broker.explicit, CONFIG_SOURCE.static)
  for (const member of family) {
    const key = brokerKey(member)
    // A default of null is no synonym; without one for the name itself there is none at all.
    if (key === undefined || key.required || key.initial === null) continue
    found.push({ name: member, value: key.initial, source: CONFIG_SOURCE.default })
  }
  const first = found.findIndex((synonym) => synonym.name === name)
  return first < 0 ? [] : found.slice(first)
}

function isSecret(name: string): boolean {
  const key = brokerKey(withoutListenerPrefix(name))
  return key === undefined || key.kind === 'password'
}
