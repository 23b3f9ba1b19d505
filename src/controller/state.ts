// The replayed metadata: what the records of the log add up to. The controller machine holds one as
// its hard state (everything appended), the publisher another (everything committed). Only
// `replay` writes it. Records between Begin and End take effect together; Abort drops them.
import { assert } from '../../base/assert.ts'
import type { Uuid } from '../../base/uuid.ts'
import { replayAccess } from './access.ts'
import { replayBroker } from './brokers.ts'
import { replayConfig } from './configs.ts'
import { replayFeatureLevel } from './features.ts'
import type { BrokerImage, ClientQuotaImage, TopicImage } from './image.ts'
import type { ValueOf, MetadataRecord } from './records.ts'
import { replayTopic } from './topics.ts'
import type { MutableMap } from './versioned-map.ts'

/** What was touched since the last image; the publisher clears it. */
export interface Touched {
  readonly topics: Map<Uuid, string>
  readonly brokers: Set<number>
  /** 'type/name' of config resources. */
  readonly configs: Map<string, { readonly type: number; readonly name: string }>
  features: boolean
  acls: boolean
  quotas: boolean
  scram: boolean
}

export interface MetadataState {
  readonly topicsById: MutableMap<Uuid, TopicImage>
  readonly topicsByName: MutableMap<string, TopicImage>
  /** Names that hold '.' or '_', by what they are with every '.' as '_'. */
  readonly collidingNames: Map<string, Set<string>>
  readonly brokers: MutableMap<number, BrokerImage>
  readonly controllers: MutableMap<number, ValueOf<'RegisterControllerRecord'>>
  readonly configs: Map<number, MutableMap<string, ReadonlyMap<string, string>>>
  readonly features: MutableMap<string, number>
  producerIds: ValueOf<'ProducerIdsRecord'> | undefined
  readonly acls: MutableMap<Uuid, ValueOf<'AccessControlEntryRecord'>>
  readonly quotas: MutableMap<string, ClientQuotaImage>
  readonly scramCredentials: MutableMap<string, ValueOf<'UserScramCredentialRecord'>>
  readonly delegationTokens: MutableMap<string, ValueOf<'DelegationTokenRecord'>>
  /** Records since an open Begin; undefined outside of a transaction. */
  transaction: { record: MetadataRecord; offset: number }[] | undefined
  readonly touched: Touched | undefined
  readonly newMap: <K, V>() => MutableMap<K, V>
}

/** `newMap` is Map, or VersionedMap where images are taken; `touched` only there. */
export function emptyState(
  newMap: <K, V>() => MutableMap<K, V>,
  touched: Touched | undefined,
): MetadataState {
  return {
    topicsById: newMap(),
    topicsByName: newMap(),
    collidingNames: new Map(),
    brokers: newMap(),
    controllers: newMap(),
    configs: new Map(),
    features: newMap(),
    producerIds: undefined,
    acls: newMap(),
    quotas: newMap(),
    scramCredentials: newMap(),
    delegationTokens: newMap(),
    transaction: undefined,
    touched,
    newMap,
  }
}

export function replay(state: MetadataState, record: MetadataRecord, offset: number): void {
  switch (record.name) {
    case 'BeginTransactionRecord':
      assert(state.transaction === undefined, `a transaction begins in another at ${offset}`)
      state.transaction = []
      return
    case 'EndTransactionRecord':
    case 'AbortTransactionRecord': {
      const held = state.transaction
      assert(held !== undefined, `${record.name} without a transaction at ${offset}`)
      state.transaction = undefined
      if (record.name === 'AbortTransactionRecord') return
      for (const each of held) replayOne(state, each.record, each.offset)
      return
    }
    default:
      if (state.transaction === undefined) replayOne(state, record, offset)
      else state.transaction.push({ record, offset })
  }
}

function replayOne(state: MetadataState, record: MetadataRecord, offset: number): void {
  switch (record.name) {
    case 'TopicRecord':
    case 'PartitionRecord':
    case 'PartitionChangeRecord':
    case 'RemoveTopicRecord':
      replayTopic(state, record)
      return
    case 'RegisterBrokerRecord':
    case 'UnregisterBrokerRecord':
    case 'FenceBrokerRecord':
    case 'UnfenceBrokerRecord':
    case 'BrokerRegistrationChangeRecord':
    case 'RegisterControllerRecord':
      replayBroker(state, record)
      return
    case 'ConfigRecord':
      replayConfig(state, record.value)
      return
    case 'FeatureLevelRecord':
      replayFeatureLevel(state, record.value)
      return
    case 'ProducerIdsRecord':
      state.producerIds = record.value
      return
    case 'NoOpRecord':
    case 'ZkMigrationStateRecord':
      return
    case 'AccessControlEntryRecord':
    case 'RemoveAccessControlEntryRecord':
    case 'ClientQuotaRecord':
    case 'UserScramCredentialRecord':
    case 'RemoveUserScramCredentialRecord':
    case 'DelegationTokenRecord':
    case 'RemoveDelegationTokenRecord':
      replayAccess(state, record)
      return
    default:
      assert(false, `no replay for ${record.name} at ${offset}`)
  }
}
