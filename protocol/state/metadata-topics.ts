// Records of __cluster_metadata about topics and their partitions.
import { array, int32, int8, message, string, uuid } from '../schema/index.ts'

export const TopicRecord = message('TopicRecord', {
  versions: '0',
  flexible: '0+',
  fields: { name: string, topicId: uuid },
})

/**
 * 1: adds directories
 * 2: adds eligibleLeaderReplicas, lastKnownElr
 */
export const PartitionRecord = message('PartitionRecord', {
  versions: '0-2',
  flexible: '0+',
  fields: {
    partitionId: int32.default(-1),
    topicId: uuid,
    replicas: array(int32),
    isr: array(int32),
    removingReplicas: array(int32),
    addingReplicas: array(int32),
    leader: int32.default(-1),
    leaderRecoveryState: int8.tagged(0).default(0),
    leaderEpoch: int32.default(-1),
    partitionEpoch: int32.default(-1),
    directories: array(uuid).since(1),
    eligibleLeaderReplicas: array(int32).since(2).tagged(1).nullable().default(null),
    lastKnownElr: array(int32).since(2).tagged(2).nullable().default(null),
  },
})

/**
 * 1: adds directories
 * 2: adds eligibleLeaderReplicas, lastKnownElr
 */
export const PartitionChangeRecord = message('PartitionChangeRecord', {
  versions: '0-2',
  flexible: '0+',
  fields: {
    partitionId: int32.default(-1),
    topicId: uuid,
    isr: array(int32).tagged(0).nullable().default(null),
    leader: int32.tagged(1).default(-2),
    replicas: array(int32).tagged(2).nullable().default(null),
    removingReplicas: array(int32).tagged(3).nullable().default(null),
    addingReplicas: array(int32).tagged(4).nullable().default(null),
    leaderRecoveryState: int8.tagged(5).default(-1),
    directories: array(uuid).since(1).tagged(8).nullable().default(null),
    eligibleLeaderReplicas: array(int32).since(2).tagged(6).nullable().default(null),
    lastKnownElr: array(int32).since(2).tagged(7).nullable().default(null),
  },
})

export const RemoveTopicRecord = message('RemoveTopicRecord', {
  versions: '0',
  flexible: '0+',
  fields: { topicId: uuid },
})

export const ClearElrRecord = message('ClearElrRecord', {
  versions: '0',
  flexible: '0+',
  fields: { topicName: string },
})
