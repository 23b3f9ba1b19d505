// All key tables as one: the only place that lists them. Names are types, so a misspelt key does
// not compile.
import { processKeys } from './broker.ts'
import { coordinatorKeys, groupKeys } from './group.ts'
import type { Key, ValueOf } from './key.ts'
import { logKeys } from './log.ts'
import { quotaKeys, throttleKeys } from './quota.ts'
import { replicationKeys } from './replication.ts'
import { samsaKeys } from './samsa.ts'
import { authorizerKeys, securityKeys } from './security.ts'
import { topicKeys } from './topic.ts'

/** What DescribeConfigs of a broker lists whether set or not, but for internal keys. */
const listedKeys = {
  ...processKeys,
  ...logKeys,
  ...replicationKeys,
  ...coordinatorKeys,
  ...quotaKeys,
  ...securityKeys,
} as const

export const brokerKeys = {
  ...listedKeys,
  ...throttleKeys,
  ...authorizerKeys,
  ...samsaKeys,
} as const

export type BrokerKeyName = keyof typeof brokerKeys
export type BrokerValue<Name extends BrokerKeyName> = ValueOf<(typeof brokerKeys)[Name]>
export type TopicKeyName = keyof typeof topicKeys
export type TopicValue<Name extends TopicKeyName> = ValueOf<(typeof topicKeys)[Name]>
export type GroupKeyName = keyof typeof groupKeys
export type GroupValue<Name extends GroupKeyName> = ValueOf<(typeof groupKeys)[Name]>

export { groupKeys, topicKeys }

export function brokerKey(name: string): Key | undefined {
  return Object.hasOwn(brokerKeys, name) ? brokerKeys[name as BrokerKeyName] : undefined
}

export function topicKey(name: string): Key | undefined {
  return Object.hasOwn(topicKeys, name) ? topicKeys[name as TopicKeyName] : undefined
}

export function groupKey(name: string): Key | undefined {
  return Object.hasOwn(groupKeys, name) ? groupKeys[name as GroupKeyName] : undefined
}

/** Names in alphabetical order. */
export function brokerKeyNames(): BrokerKeyName[] {
  return Object.keys(brokerKeys).sort() as BrokerKeyName[]
}

/** Names that DescribeConfigs of a broker always lists, in alphabetical order. */
export function listedBrokerKeyNames(): BrokerKeyName[] {
  const names = Object.keys(listedKeys) as (keyof typeof listedKeys)[]
  return names.filter((name) => !(listedKeys[name] as Key).internal).sort()
}

/** `listener.name.<listener>.` and, for SASL, `<mechanism>.` in front of a key: the key itself. */
export function withoutListenerPrefix(name: string): string {
  const match = /^listener\.name\.[^.]+\.(.+)$/.exec(name)
  if (match === null) return name
  const rest = match[1]!
  const mechanism = /^[^.]+\.(sasl\..+|connections\.max\.reauth\.ms)$/.exec(rest)
  return mechanism !== null && brokerKey(rest) === undefined ? mechanism[1]! : rest
}
