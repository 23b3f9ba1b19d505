// The committed metadata as readers see it: what handlers, partitions and coordinators look at. An
// image is immutable; a new one is published when the high watermark of the metadata log moves.
import type { Uuid } from '../../base/uuid.ts'
import type { ValueOf } from './records.ts'

export interface PartitionImage {
  readonly topicId: Uuid
  readonly index: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly removingReplicas: readonly number[]
  readonly addingReplicas: readonly number[]
  /** -1 when there is none. */
  readonly leader: number
  readonly leaderRecoveryState: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly directories: readonly Uuid[]
}

export interface TopicImage {
  readonly name: string
  readonly id: Uuid
  /** Dense: index i is partition i. */
  readonly partitions: readonly PartitionImage[]
}

export interface EndpointImage {
  readonly name: string
  readonly host: string
  readonly port: number
  /** PLAINTEXT 0, SSL 1, SASL_PLAINTEXT 2, SASL_SSL 3. */
  readonly securityProtocol: number
}

export interface VersionRange {
  readonly min: number
  readonly max: number
}

export interface BrokerImage {
  readonly id: number
  /** The offset of the record that registered this incarnation. */
  readonly epoch: number
  readonly incarnationId: Uuid
  readonly endpoints: ReadonlyMap<string, EndpointImage>
  /** Supported feature levels by feature name. */
  readonly features: ReadonlyMap<string, VersionRange>
  readonly rack: string | null
  readonly fenced: boolean
  readonly inControlledShutdown: boolean
  readonly directories: readonly Uuid[]
}

/** Kafka's resource types in Config records and requests. */
export const RESOURCE_TOPIC = 2
export const RESOURCE_BROKER = 4
export const RESOURCE_BROKER_LOGGER = 8
export const RESOURCE_CLIENT_METRICS = 16
export const RESOURCE_GROUP = 32

export interface ClientQuotaImage {
  readonly entity: ValueOf<'ClientQuotaRecord'>['entity']
  /** By quota key, such as producer_byte_rate. */
  readonly values: ReadonlyMap<string, number>
}

export interface MetadataImage {
  /** Last offset of the metadata log that this image contains (-1: none), and its epoch. */
  readonly offset: number
  readonly epoch: number
  readonly clusterId: string
  /** Node id of the active controller, -1 when unknown. */
  readonly controllerId: number
  readonly brokers: ReadonlyMap<number, BrokerImage>
  readonly controllers: ReadonlyMap<number, ValueOf<'RegisterControllerRecord'>>
  readonly topicsByName: ReadonlyMap<string, TopicImage>
  readonly topicsById: ReadonlyMap<Uuid, TopicImage>
  /** Explicitly set values only: resource type, then resource name ('' = cluster default). */
  config(type: number, name: string): ReadonlyMap<string, string>
  /** Names of that type that have at least one explicit value. */
  configNames(type: number): Iterable<string>
  /** Finalized levels by feature name (metadata.version, ...). */
  readonly features: ReadonlyMap<string, number>
  /** The last block that was given out. */
  readonly producerIds: ValueOf<'ProducerIdsRecord'> | undefined
  readonly acls: ReadonlyMap<Uuid, ValueOf<'AccessControlEntryRecord'>>
  readonly quotas: ReadonlyMap<string, ClientQuotaImage>
  readonly scramCredentials: ReadonlyMap<string, ValueOf<'UserScramCredentialRecord'>>
  readonly delegationTokens: ReadonlyMap<string, ValueOf<'DelegationTokenRecord'>>
}

/** A created topic has no `before`, a deleted one no `after`; unchanged partitions are
 * identical. */
export interface TopicDelta {
  readonly id: Uuid
  readonly name: string
  readonly before: TopicImage | undefined
  readonly after: TopicImage | undefined
}

export interface BrokerDelta {
  readonly id: number
  readonly before: BrokerImage | undefined
  readonly after: BrokerImage | undefined
}

/** What one published image changes against the one before. */
export interface ImageDelta {
  readonly topics: readonly TopicDelta[]
  readonly brokers: readonly BrokerDelta[]
  readonly configs: readonly { readonly type: number; readonly name: string }[]
  readonly featuresChanged: boolean
  readonly aclsChanged: boolean
  readonly quotasChanged: boolean
  readonly scramChanged: boolean
}
