// An image as the records that bring it about: what a snapshot holds. Feature levels come first,
// metadata.version before all; the order is Apache Kafka's. An iterator, since it is written in
// slices; the image does not change under it.
import {
  METADATA_VERSION,
  partitionRecordVersion,
  registerBrokerRecordVersion,
} from './features.ts'
import type { BrokerImage, MetadataImage, PartitionImage } from './image.ts'
import { type MetadataRecord, newRecord } from './records.ts'

const CONFIG_TYPES = [2, 4, 8, 16, 32]

export function* snapshotRecords(image: MetadataImage): Generator<MetadataRecord, void> {
  const metadataVersion = image.features.get(METADATA_VERSION) ?? 0
  yield* featureRecords(image)
  for (const controller of image.controllers.values()) {
    yield newRecord('RegisterControllerRecord', 0, controller)
  }
  for (const broker of image.brokers.values()) yield registerBroker(broker, metadataVersion)
  for (const topic of image.topicsById.values()) {
    yield newRecord('TopicRecord', 0, { name: topic.name, topicId: topic.id })
    for (const partition of topic.partitions) yield partitionRecord(partition, metadataVersion)
  }
  for (const resourceType of CONFIG_TYPES) {
    for (const resourceName of image.configNames(resourceType)) {
      for (const [name, value] of image.config(resourceType, resourceName)) {
        yield newRecord('ConfigRecord', 0, { resourceType, resourceName, name, value })
      }
    }
  }
  for (const { entity, values } of image.quotas.values()) {
    for (const [key, value] of values) {
      yield newRecord('ClientQuotaRecord', 0, { entity, key, value, remove: false })
    }
  }
  if (image.producerIds !== undefined) yield newRecord('ProducerIdsRecord', 0, image.producerIds)
  for (const acl of image.acls.values()) yield newRecord('AccessControlEntryRecord', 0, acl)
  for (const credential of image.scramCredentials.values()) {
    yield newRecord('UserScramCredentialRecord', 0, credential)
  }
  for (const token of image.delegationTokens.values()) {
    yield newRecord('DelegationTokenRecord', 0, token)
  }
}

function* featureRecords(image: MetadataImage): Generator<MetadataRecord, void> {
  const names = [...image.features.keys()].filter((name) => name !== METADATA_VERSION)
  for (const name of [METADATA_VERSION, ...names.toSorted()]) {
    const featureLevel = image.features.get(name)
    if (featureLevel !== undefined) yield newRecord('FeatureLevelRecord', 0, { name, featureLevel })
  }
}

function registerBroker(broker: BrokerImage, metadataVersion: number): MetadataRecord {
  const features = [...broker.features].map(([name, { min, max }]) => ({
    name,
    minSupportedVersion: min,
    maxSupportedVersion: max,
  }))
  return newRecord('RegisterBrokerRecord', registerBrokerRecordVersion(metadataVersion), {
    brokerId: broker.id,
    isMigratingZkBroker: false,
    incarnationId: broker.incarnationId,
    brokerEpoch: broker.epoch,
    endPoints: [...broker.endpoints.values()],
    features,
    rack: broker.rack,
    fenced: broker.fenced,
    inControlledShutdown: broker.inControlledShutdown,
    logDirs: broker.directories,
    cordonedLogDirs: null,
  })
}

function partitionRecord(partition: PartitionImage, metadataVersion: number): MetadataRecord {
  const { index: partitionId, ...state } = partition
  return newRecord('PartitionRecord', partitionRecordVersion(metadataVersion), {
    ...state,
    partitionId,
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  })
}
