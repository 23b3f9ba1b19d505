// Which broker keys may be altered while the broker runs, and to what. KIP-226.
import { brokerKey, withoutListenerPrefix } from './keys/index.ts'
import type { Overrides } from './layers.ts'
import { validateValue } from './topic.ts'

/** Cluster-wide keys that stay so behind a listener prefix. */
const CLUSTER_WIDE_WITH_PREFIX = new Set([
  'max.connections',
  'max.connection.creation.rate',
  'num.network.threads',
])

/** undefined when the values may be set together on one broker (`isPerBroker`) or as the cluster's
 * default, otherwise one sentence. Unknown names are allowed, as in Kafka: plug-ins have keys. */
export function validateBrokerConfigs(
  overrides: Overrides,
  isPerBroker: boolean,
): string | undefined {
  for (const [name, value] of overrides) {
    const base = withoutListenerPrefix(name)
    const key = brokerKey(base)
    if (key === undefined) continue
    if (key.dynamic === 'read-only') return `Cannot update these configs dynamically: ${name}`
    if (base === name && base.startsWith('ssl.')) {
      return `${name} can be altered only for one listener: put listener.name.<name>. before it.`
    }
    const isBound =
      base === name ? key.dynamic === 'per-broker' : !CLUSTER_WIDE_WITH_PREFIX.has(base)
    if (isBound && !isPerBroker) {
      return `Cannot update these configs at default cluster level, broker id must be specified: ${name}`
    }
    const sentence = validateValue(key, name, value)
    if (sentence !== undefined) return sentence
  }
  return undefined
}
