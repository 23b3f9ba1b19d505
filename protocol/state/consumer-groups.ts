// Records of groups of the consumer protocol in __consumer_offsets.
import { array, bytes, int32, int64, int8, message, string, struct, uuid } from '../schema/index.ts'

export const ConsumerGroupMetadataKey = message('ConsumerGroupMetadataKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string },
})

export const ConsumerGroupMetadataValue = message('ConsumerGroupMetadataValue', {
  versions: '0',
  flexible: '0+',
  fields: { epoch: int32, metadataHash: int64.tagged(0).default(0) },
})

/** Deprecated since 4.1: still read, no longer written. */
export const ConsumerGroupPartitionMetadataKey = message('ConsumerGroupPartitionMetadataKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string },
})

export const ConsumerGroupPartitionMetadataValue = message('ConsumerGroupPartitionMetadataValue', {
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array({
      topicId: uuid,
      topicName: string,
      numPartitions: int32,
      partitionMetadata: array({ partition: int32, racks: array(string) }),
    }),
  },
})

export const ConsumerGroupMemberMetadataKey = message('ConsumerGroupMemberMetadataKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string, memberId: string },
})

export const ConsumerGroupMemberMetadataValue = message('ConsumerGroupMemberMetadataValue', {
  versions: '0',
  flexible: '0+',
  fields: {
    instanceId: string.nullable(),
    rackId: string.nullable(),
    clientId: string,
    clientHost: string,
    subscribedTopicNames: array(string),
    subscribedTopicRegex: string.nullable(),
    rebalanceTimeoutMs: int32.default(-1),
    serverAssignor: string.nullable(),
    // Kafka's schema says `"default": null`, which its generator takes for no default: absent on the
    // wire means an empty struct; null, no classic member, is written.
    classicMemberMetadata: struct({
      sessionTimeoutMs: int32,
      supportedProtocols: array({ name: string, metadata: bytes }),
    })
      .tagged(0)
      .nullable(),
  },
})

export const ConsumerGroupTargetAssignmentMetadataKey = message(
  'ConsumerGroupTargetAssignmentMetadataKey',
  {
    versions: '0',
    flexible: 'none',
    fields: { groupId: string },
  },
)

export const ConsumerGroupTargetAssignmentMetadataValue = message(
  'ConsumerGroupTargetAssignmentMetadataValue',
  {
    versions: '0',
    flexible: '0+',
    fields: { assignmentEpoch: int32, assignmentTimestamp: int64.tagged(0).default(0).ignorable() },
  },
)

export const ConsumerGroupTargetAssignmentMemberKey = message(
  'ConsumerGroupTargetAssignmentMemberKey',
  {
    versions: '0',
    flexible: 'none',
    fields: { groupId: string, memberId: string },
  },
)

export const ConsumerGroupTargetAssignmentMemberValue = message(
  'ConsumerGroupTargetAssignmentMemberValue',
  {
    versions: '0',
    flexible: '0+',
    fields: { topicPartitions: array({ topicId: uuid, partitions: array(int32) }) },
  },
)

export const ConsumerGroupCurrentMemberAssignmentKey = message(
  'ConsumerGroupCurrentMemberAssignmentKey',
  {
    versions: '0',
    flexible: 'none',
    fields: { groupId: string, memberId: string },
  },
)

const topicPartitions = {
  topicId: uuid,
  partitions: array(int32),
  // Kafka's schema says `"default": null`, which its generator takes for no default: it is [].
  assignmentEpochs: array(int32).tagged(0).nullable(),
}

export const ConsumerGroupCurrentMemberAssignmentValue = message(
  'ConsumerGroupCurrentMemberAssignmentValue',
  {
    versions: '0',
    flexible: '0+',
    fields: {
      memberEpoch: int32,
      previousMemberEpoch: int32,
      state: int8,
      assignedPartitions: array(topicPartitions),
      partitionsPendingRevocation: array(topicPartitions),
    },
  },
)

export const ConsumerGroupRegularExpressionKey = message('ConsumerGroupRegularExpressionKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string, regularExpression: string },
})

export const ConsumerGroupRegularExpressionValue = message('ConsumerGroupRegularExpressionValue', {
  versions: '0',
  flexible: '0+',
  fields: { topics: array(string), version: int64, timestamp: int64 },
})
