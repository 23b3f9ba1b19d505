// What a client may do while no authorizer is configured, as Kafka's bit fields (KIP-430): bit n is
// the AclOperation with code n.
const READ = 3
const WRITE = 4
const CREATE = 5
const DELETE = 6
const ALTER = 7
const DESCRIBE = 8
const CLUSTER_ACTION = 9
const DESCRIBE_CONFIGS = 10
const ALTER_CONFIGS = 11
const IDEMPOTENT_WRITE = 12

export const ALL_TOPIC_OPERATIONS = bits([
  READ,
  WRITE,
  CREATE,
  DELETE,
  ALTER,
  DESCRIBE,
  DESCRIBE_CONFIGS,
  ALTER_CONFIGS,
])
export const ALL_GROUP_OPERATIONS = bits([READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS])
export const ALL_CLUSTER_OPERATIONS = bits([
  CREATE,
  ALTER,
  DESCRIBE,
  CLUSTER_ACTION,
  DESCRIBE_CONFIGS,
  ALTER_CONFIGS,
  IDEMPOTENT_WRITE,
])

/** The field's value where it was not asked for. */
export const OPERATIONS_NOT_ASKED = -(2 ** 31)

function bits(positions: readonly number[]): number {
  return positions.reduce((field, position) => field | (1 << position), 0)
}
