// Records of share groups in __consumer_offsets.
import { array, int32, int64, int8, message, string, uuid } from '../schema/index.ts'

export const ShareGroupMemberMetadataKey = message('ShareGroupMemberMetadataKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string, memberId: string },
})

export const ShareGroupMemberMetadataValue = message('ShareGroupMemberMetadataValue', {
  versions: '0',
  flexible: '0+',
  fields: {
    rackId: string.nullable(),
    clientId: string,
    clientHost: string,
    subscribedTopicNames: array(string),
  },
})

export const ShareGroupMetadataKey = message('ShareGroupMetadataKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string },
})

export const ShareGroupMetadataValue = message('ShareGroupMetadataValue', {
  versions: '0',
  flexible: '0+',
  fields: { epoch: int32, metadataHash: int64 },
})

export const ShareGroupTargetAssignmentMetadataKey = message(
  'ShareGroupTargetAssignmentMetadataKey',
  {
    versions: '0',
    flexible: 'none',
    fields: { groupId: string },
  },
)

export const ShareGroupTargetAssignmentMetadataValue = message(
  'ShareGroupTargetAssignmentMetadataValue',
  {
    versions: '0',
    flexible: '0+',
    fields: { assignmentEpoch: int32, assignmentTimestamp: int64.tagged(0).default(0).ignorable() },
  },
)

export const ShareGroupTargetAssignmentMemberKey = message('ShareGroupTargetAssignmentMemberKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string, memberId: string },
})

export const ShareGroupTargetAssignmentMemberValue = message(
  'ShareGroupTargetAssignmentMemberValue',
  {
    versions: '0',
    flexible: '0+',
    fields: { topicPartitions: array({ topicId: uuid, partitions: array(int32) }) },
  },
)

export const ShareGroupCurrentMemberAssignmentKey = message(
  'ShareGroupCurrentMemberAssignmentKey',
  {
    versions: '0',
    flexible: 'none',
    fields: { groupId: string, memberId: string },
  },
)

const topicPartitions = { topicId: uuid, partitions: array(int32) }

export const ShareGroupCurrentMemberAssignmentValue = message(
  'ShareGroupCurrentMemberAssignmentValue',
  {
    versions: '0',
    flexible: '0+',
    fields: {
      memberEpoch: int32,
      previousMemberEpoch: int32,
      state: int8,
      assignedPartitions: array(topicPartitions),
    },
  },
)

export const ShareGroupStatePartitionMetadataKey = message('ShareGroupStatePartitionMetadataKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string },
})

const topicPartitionsInfo = { topicId: uuid, topicName: string, partitions: array(int32) }
const topicInfo = { topicId: uuid, topicName: string }

export const ShareGroupStatePartitionMetadataValue = message(
  'ShareGroupStatePartitionMetadataValue',
  {
    versions: '0',
    flexible: '0+',
    fields: {
      initializingTopics: array(topicPartitionsInfo),
      initializedTopics: array(topicPartitionsInfo),
      deletingTopics: array(topicInfo),
    },
  },
)
