// The requests that the controller answers, decoded, and its replies, under the names that its
// parts use for them.
import type { CreateTopics } from '../../protocol/api/19-create-topics.ts'
import type { DeleteTopics } from '../../protocol/api/20-delete-topics.ts'
import type { AlterConfigs } from '../../protocol/api/33-alter-configs.ts'
import type { CreatePartitions } from '../../protocol/api/37-create-partitions.ts'
import type { IncrementalAlterConfigs } from '../../protocol/api/44-incremental-alter-configs.ts'
import type { UpdateFeatures } from '../../protocol/api/57-update-features.ts'
import type { BrokerRegistration } from '../../protocol/api/62-broker-registration.ts'
import type { BrokerHeartbeat } from '../../protocol/api/63-broker-heartbeat.ts'
import type { UnregisterBroker } from '../../protocol/api/64-unregister-broker.ts'
import type { AllocateProducerIds } from '../../protocol/api/67-allocate-producer-ids.ts'
import type { RequestOf, ResponseOf } from '../../protocol/schema/message.ts'

export type CreateTopicsRequest = RequestOf<typeof CreateTopics>
export type CreateTopicsResponse = ResponseOf<typeof CreateTopics>
export type DeleteTopicsRequest = RequestOf<typeof DeleteTopics>
export type DeleteTopicsResponse = ResponseOf<typeof DeleteTopics>
export type AlterConfigsRequest = RequestOf<typeof AlterConfigs>
export type AlterConfigsResponse = ResponseOf<typeof AlterConfigs>
export type CreatePartitionsRequest = RequestOf<typeof CreatePartitions>
export type CreatePartitionsResponse = ResponseOf<typeof CreatePartitions>
export type IncrementalAlterConfigsRequest = RequestOf<typeof IncrementalAlterConfigs>
export type IncrementalAlterConfigsResponse = ResponseOf<typeof IncrementalAlterConfigs>
export type UpdateFeaturesRequest = RequestOf<typeof UpdateFeatures>
export type UpdateFeaturesResponse = ResponseOf<typeof UpdateFeatures>
export type BrokerRegistrationRequest = RequestOf<typeof BrokerRegistration>
export type BrokerRegistrationResponse = ResponseOf<typeof BrokerRegistration>
export type BrokerHeartbeatRequest = RequestOf<typeof BrokerHeartbeat>
export type BrokerHeartbeatResponse = ResponseOf<typeof BrokerHeartbeat>
export type UnregisterBrokerRequest = RequestOf<typeof UnregisterBroker>
export type UnregisterBrokerResponse = ResponseOf<typeof UnregisterBroker>
export type AllocateProducerIdsRequest = RequestOf<typeof AllocateProducerIds>
export type AllocateProducerIdsResponse = ResponseOf<typeof AllocateProducerIds>
