// The requests that the controller answers, decoded, and its reply drafts.
import type { Uuid } from '../../base/uuid.ts'

export interface CreateTopicsRequest {
  readonly topics: readonly {
    readonly name: string
    readonly numPartitions: number
    readonly replicationFactor: number
    readonly assignments: readonly {
      readonly partitionIndex: number
      readonly brokerIds: readonly number[]
    }[]
    readonly configs: readonly { readonly name: string; readonly value: string | null }[]
  }[]
  readonly timeoutMs: number
  readonly validateOnly: boolean
}

export interface CreateTopicsResponse {
  readonly throttleTimeMs: number
  readonly topics: readonly {
    readonly name: string
    readonly topicId: Uuid
    readonly errorCode: number
    readonly errorMessage: string | null
    readonly topicConfigErrorCode: number
    readonly numPartitions: number
    readonly replicationFactor: number
    readonly configs:
      | readonly {
          readonly name: string
          readonly value: string | null
          readonly readOnly: boolean
          readonly configSource: number
          readonly isSensitive: boolean
        }[]
      | null
  }[]
}

export interface DeleteTopicsRequest {
  readonly topics: readonly { readonly name: string | null; readonly topicId: Uuid }[]
  readonly topicNames: readonly string[]
  readonly timeoutMs: number
}

export interface DeleteTopicsResponse {
  readonly throttleTimeMs: number
  readonly responses: readonly {
    readonly name: string | null
    readonly topicId: Uuid
    readonly errorCode: number
    readonly errorMessage: string | null
  }[]
}

export interface CreatePartitionsRequest {
  readonly topics: readonly {
    readonly name: string
    readonly count: number
    readonly assignments: readonly { readonly brokerIds: readonly number[] }[] | null
  }[]
  readonly timeoutMs: number
  readonly validateOnly: boolean
}

export interface CreatePartitionsResponse {
  readonly throttleTimeMs: number
  readonly results: readonly {
    readonly name: string
    readonly errorCode: number
    readonly errorMessage: string | null
  }[]
}

export interface AlterConfigsRequest {
  readonly resources: readonly {
    readonly resourceType: number
    readonly resourceName: string
    readonly configs: readonly { readonly name: string; readonly value: string | null }[]
  }[]
  readonly validateOnly: boolean
}

export interface AlterConfigsResponse {
  readonly throttleTimeMs: number
  readonly responses: readonly {
    readonly errorCode: number
    readonly errorMessage: string | null
    readonly resourceType: number
    readonly resourceName: string
  }[]
}

export interface IncrementalAlterConfigsRequest {
  readonly resources: readonly {
    readonly resourceType: number
    readonly resourceName: string
    readonly configs: readonly {
      readonly name: string
      readonly configOperation: number
      readonly value: string | null
    }[]
  }[]
  readonly validateOnly: boolean
}

export interface IncrementalAlterConfigsResponse {
  readonly throttleTimeMs: number
  readonly responses: readonly {
    readonly errorCode: number
    readonly errorMessage: string | null
    readonly resourceType: number
    readonly resourceName: string
  }[]
}

export interface AllocateProducerIdsRequest {
  readonly brokerId: number
  readonly brokerEpoch: number
}

export interface AllocateProducerIdsResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly producerIdStart: number
  readonly producerIdLen: number
}

export interface UpdateFeaturesRequest {
  readonly timeoutMs: number
  readonly featureUpdates: readonly {
    readonly feature: string
    readonly maxVersionLevel: number
    readonly allowDowngrade: boolean
    readonly upgradeType: number
  }[]
  readonly validateOnly: boolean
}

export interface UpdateFeaturesResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly results: readonly {
    readonly feature: string
    readonly errorCode: number
    readonly errorMessage: string | null
  }[]
}

export interface BrokerRegistrationRequest {
  readonly brokerId: number
  readonly clusterId: string
  readonly incarnationId: Uuid
  readonly listeners: readonly {
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
  readonly isMigratingZkBroker: boolean
  readonly logDirs: readonly Uuid[]
  readonly previousBrokerEpoch: number
}

export interface BrokerRegistrationResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly brokerEpoch: number
}

export interface BrokerHeartbeatRequest {
  readonly brokerId: number
  readonly brokerEpoch: number
  readonly currentMetadataOffset: number
  readonly wantFence: boolean
  readonly wantShutDown: boolean
  readonly offlineLogDirs: readonly Uuid[]
  readonly cordonedLogDirs: readonly Uuid[] | null
}

export interface BrokerHeartbeatResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly isCaughtUp: boolean
  readonly isFenced: boolean
  readonly shouldShutDown: boolean
}

export interface ElectLeadersRequest {
  readonly electionType: number
  readonly topicPartitions:
    | readonly { readonly topic: string; readonly partitions: readonly number[] }[]
    | null
  readonly timeoutMs: number
}

export interface ElectLeadersResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly replicaElectionResults: readonly {
    readonly topic: string
    readonly partitionResult: readonly {
      readonly partitionId: number
      readonly errorCode: number
      readonly errorMessage: string | null
    }[]
  }[]
}

export interface UnregisterBrokerRequest {
  readonly brokerId: number
}

export interface UnregisterBrokerResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly errorMessage: string | null
}
