// The records of the metadata log as values: a name, a version and a value. Bytes are the affair of
// record-codec.ts; what a record does is the affair of the part that replays it (state.ts).
import type { Uuid } from '../../base/uuid.ts'

export interface RecordValues {
  RegisterBrokerRecord: {
    readonly brokerId: number
    readonly isMigratingZkBroker: boolean
    readonly incarnationId: Uuid
    readonly brokerEpoch: number
    readonly endPoints: readonly {
      readonly name: string
      readonly host: string
      readonly port: number
      readonly securityProtocol: number
    }[]
    readonly features: readonly {
      readonly name: string
      readonly minSupportedVersion: number
      readonly maxSupportedVersion: number
    }[]
    readonly rack: string | null
    readonly fenced: boolean
    readonly inControlledShutdown: boolean
    readonly logDirs: readonly Uuid[]
    readonly cordonedLogDirs: readonly Uuid[] | null
  }
  UnregisterBrokerRecord: {
    readonly brokerId: number
    readonly brokerEpoch: number
  }
  TopicRecord: {
    readonly name: string
    readonly topicId: Uuid
  }
  PartitionRecord: {
    readonly partitionId: number
    readonly topicId: Uuid
    readonly replicas: readonly number[]
    readonly isr: readonly number[]
    readonly removingReplicas: readonly number[]
    readonly addingReplicas: readonly number[]
    readonly leader: number
    readonly leaderRecoveryState: number
    readonly leaderEpoch: number
    readonly partitionEpoch: number
    readonly directories: readonly Uuid[]
    readonly eligibleLeaderReplicas: readonly number[] | null
    readonly lastKnownElr: readonly number[] | null
  }
  ConfigRecord: {
    readonly resourceType: number
    readonly resourceName: string
    readonly name: string
    readonly value: string | null
  }
  PartitionChangeRecord: {
    readonly partitionId: number
    readonly topicId: Uuid
    readonly isr: readonly number[] | null
    readonly leader: number
    readonly replicas: readonly number[] | null
    readonly removingReplicas: readonly number[] | null
    readonly addingReplicas: readonly number[] | null
    readonly leaderRecoveryState: number
    readonly directories: readonly Uuid[] | null
    readonly eligibleLeaderReplicas: readonly number[] | null
    readonly lastKnownElr: readonly number[] | null
  }
  FenceBrokerRecord: {
    readonly id: number
    readonly epoch: number
  }
  UnfenceBrokerRecord: {
    readonly id: number
    readonly epoch: number
  }
  RemoveTopicRecord: {
    readonly topicId: Uuid
  }
  DelegationTokenRecord: {
    readonly owner: string
    readonly requester: string
    readonly renewers: readonly string[]
    readonly issueTimestamp: number
    readonly maxTimestamp: number
    readonly expirationTimestamp: number
    readonly tokenId: string
  }
  UserScramCredentialRecord: {
    readonly name: string
    readonly mechanism: number
    readonly salt: Uint8Array
    readonly storedKey: Uint8Array
    readonly serverKey: Uint8Array
    readonly iterations: number
  }
  FeatureLevelRecord: {
    readonly name: string
    readonly featureLevel: number
  }
  ClientQuotaRecord: {
    readonly entity: readonly { readonly entityType: string; readonly entityName: string | null }[]
    readonly key: string
    readonly value: number
    readonly remove: boolean
  }
  ProducerIdsRecord: {
    readonly brokerId: number
    readonly brokerEpoch: number
    readonly nextProducerId: number
  }
  BrokerRegistrationChangeRecord: {
    readonly brokerId: number
    readonly brokerEpoch: number
    readonly fenced: number
    readonly inControlledShutdown: number
    readonly logDirs: readonly Uuid[]
    readonly cordonedLogDirs: readonly Uuid[] | null
  }
  AccessControlEntryRecord: {
    readonly id: Uuid
    readonly resourceType: number
    readonly resourceName: string
    readonly patternType: number
    readonly principal: string
    readonly host: string
    readonly operation: number
    readonly permissionType: number
  }
  RemoveAccessControlEntryRecord: {
    readonly id: Uuid
  }
  NoOpRecord: {}
  ZkMigrationStateRecord: {
    readonly zkMigrationState: number
  }
  RemoveUserScramCredentialRecord: {
    readonly name: string
    readonly mechanism: number
  }
  BeginTransactionRecord: {
    readonly name: string | null
  }
  EndTransactionRecord: {}
  AbortTransactionRecord: {
    readonly reason: string | null
  }
  RemoveDelegationTokenRecord: {
    readonly tokenId: string
  }
  RegisterControllerRecord: {
    readonly controllerId: number
    readonly incarnationId: Uuid
    readonly zkMigrationReady: boolean
    readonly endPoints: readonly {
      readonly name: string
      readonly host: string
      readonly port: number
      readonly securityProtocol: number
    }[]
    readonly features: readonly {
      readonly name: string
      readonly minSupportedVersion: number
      readonly maxSupportedVersion: number
    }[]
  }
  ClearElrRecord: {
    readonly topicName: string
  }
  UnregisterControllerRecord: {
    readonly controllerId: number
  }
}

export type RecordName = keyof RecordValues
export type ValueOf<Name extends RecordName> = RecordValues[Name]

export type MetadataRecord = {
  [Name in RecordName]: {
    readonly name: Name
    readonly version: number
    readonly value: RecordValues[Name]
  }
}[RecordName]

export function newRecord<Name extends RecordName>(
  name: Name,
  version: number,
  value: RecordValues[Name],
): MetadataRecord {
  return { name, version, value } as MetadataRecord
}
