// The layers below a topic or group: what a broker's keys are worth now, with the changes made
// while it runs. Order, strongest first: this broker's dynamic values, the cluster's dynamic
// values, the static configuration, the default. KIP-226.
import type { BrokerConfig } from './load.ts'
import { type BrokerKeyName, type BrokerValue, brokerKey } from './keys/index.ts'
import { type ParsedValue, parseValue } from './value.ts'

export type Overrides = ReadonlyMap<string, string>

export interface ConfigLayers {
  readonly broker: BrokerConfig
  /** Dynamic values of this broker (Config records of its id). */
  readonly brokerOverrides: Overrides
  /** Dynamic values of every broker (Config records with an empty name). */
  readonly clusterOverrides: Overrides
}

const NONE: Overrides = new Map()

/** The layers of a broker on which nothing was changed. */
export function staticLayers(broker: BrokerConfig): ConfigLayers {
  return { broker, brokerOverrides: NONE, clusterOverrides: NONE }
}

/** Value of a broker key now. */
export function effectiveValue<Name extends BrokerKeyName>(
  layers: ConfigLayers,
  name: Name,
): BrokerValue<Name> {
  const overridden = dynamicValue(layers, name)
  return overridden === undefined
    ? layers.broker.get(name)
    : (overridden.value as BrokerValue<Name>)
}

/** Text of a broker key now, as DescribeConfigs prints it. */
export function effectiveText(layers: ConfigLayers, name: BrokerKeyName): string | null {
  const overridden = dynamicValue(layers, name)
  return overridden === undefined ? layers.broker.text(name) : overridden.text
}

/** True when any layer above the default sets the key. */
export function isSet(layers: ConfigLayers, name: BrokerKeyName): boolean {
  return dynamicValue(layers, name) !== undefined || layers.broker.sourceOf(name) !== 'default'
}

/** A stored value that no longer parses counts as not set, so that an old log cannot stop a
 * start. */
function dynamicValue(layers: ConfigLayers, name: BrokerKeyName): ParsedValue | undefined {
  const key = brokerKey(name)!
  for (const overrides of [layers.brokerOverrides, layers.clusterOverrides]) {
    const text = overrides.get(name)
    if (text === undefined) continue
    const parsed = parseValue(key, text)
    if (typeof parsed !== 'string') return parsed
  }
  return undefined
}
