// An error as Kafka's responses carry it: a code and a sentence for people.

export interface ApiError {
  readonly code: number
  readonly message: string | null
}

export const NO_ERROR: ApiError = { code: 0, message: null }

export function apiError(code: number, message: string | null): ApiError {
  return { code, message }
}

export const NO_SUCH_TOPIC_PARTITION = 'This server does not host this topic-partition.'

export const UNKNOWN_TOPIC_OR_PARTITION = 3
export const INVALID_TOPIC_EXCEPTION = 17
export const UNSUPPORTED_VERSION = 35
export const TOPIC_ALREADY_EXISTS = 36
export const INVALID_PARTITIONS = 37
export const INVALID_REPLICATION_FACTOR = 38
export const INVALID_REPLICA_ASSIGNMENT = 39
export const INVALID_CONFIG = 40
export const NOT_CONTROLLER = 41
export const INVALID_REQUEST = 42
export const POLICY_VIOLATION = 44
export const TOPIC_DELETION_DISABLED = 73
export const TOPIC_AUTHORIZATION_FAILED = 29
export const STALE_BROKER_EPOCH = 77
export const ELIGIBLE_LEADERS_NOT_AVAILABLE = 83
export const ELECTION_NOT_NEEDED = 84
export const INVALID_UPDATE_VERSION = 95
export const UNKNOWN_TOPIC_ID = 100
export const DUPLICATE_BROKER_REGISTRATION = 101
export const BROKER_ID_NOT_REGISTERED = 102
export const INCONSISTENT_CLUSTER_ID = 104
export const INVALID_REGISTRATION = 119
