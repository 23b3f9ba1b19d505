// Records of streams groups in __consumer_offsets.
import {
  array,
  int16,
  int32,
  int64,
  int8,
  message,
  string,
  struct,
  uint16,
} from '../schema/index.ts'

export const StreamsGroupMetadataKey = message('StreamsGroupMetadataKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string },
})

export const StreamsGroupMetadataValue = message('StreamsGroupMetadataValue', {
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32,
    metadataHash: int64,
    validatedTopologyEpoch: int32.tagged(0).default(-1),
    // Kafka's schema says `"default": null`, which its generator takes for no default: it is [].
    lastAssignmentConfigs: array({ key: string, value: string }).tagged(1).nullable(),
    storedDescriptionTopologyEpoch: int32.tagged(2).default(-1),
    failedDescriptionTopologyEpoch: int32.tagged(3).default(-1),
  },
})

export const StreamsGroupMemberMetadataKey = message('StreamsGroupMemberMetadataKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string, memberId: string },
})

const endpoint = { host: string, port: uint16 }
const keyValue = { key: string, value: string }

export const StreamsGroupMemberMetadataValue = message('StreamsGroupMemberMetadataValue', {
  versions: '0',
  flexible: '0+',
  fields: {
    instanceId: string.nullable(),
    rackId: string.nullable(),
    clientId: string,
    clientHost: string,
    rebalanceTimeoutMs: int32.default(-1),
    topologyEpoch: int32,
    processId: string,
    userEndpoint: struct(endpoint).nullable().default(null),
    clientTags: array(keyValue),
  },
})

export const StreamsGroupTargetAssignmentMetadataKey = message(
  'StreamsGroupTargetAssignmentMetadataKey',
  {
    versions: '0',
    flexible: 'none',
    fields: { groupId: string },
  },
)

export const StreamsGroupTargetAssignmentMetadataValue = message(
  'StreamsGroupTargetAssignmentMetadataValue',
  {
    versions: '0',
    flexible: '0+',
    fields: { assignmentEpoch: int32, assignmentTimestamp: int64.tagged(0).default(0).ignorable() },
  },
)

export const StreamsGroupTargetAssignmentMemberKey = message(
  'StreamsGroupTargetAssignmentMemberKey',
  {
    versions: '0',
    flexible: 'none',
    fields: { groupId: string, memberId: string },
  },
)

const taskIds = { subtopologyId: string, partitions: array(int32) }

export const StreamsGroupTargetAssignmentMemberValue = message(
  'StreamsGroupTargetAssignmentMemberValue',
  {
    versions: '0',
    flexible: '0+',
    fields: {
      activeTasks: array(taskIds),
      standbyTasks: array(taskIds),
      warmupTasks: array(taskIds),
    },
  },
)

export const StreamsGroupCurrentMemberAssignmentKey = message(
  'StreamsGroupCurrentMemberAssignmentKey',
  {
    versions: '0',
    flexible: 'none',
    fields: { groupId: string, memberId: string },
  },
)

const streamsGroupCurrentMemberAssignmentValueTaskIds = {
  subtopologyId: string,
  partitions: array(int32),
  // Kafka's schema says `"default": null`, which its generator takes for no default: it is [].
  assignmentEpochs: array(int32).tagged(0).nullable(),
}

export const StreamsGroupCurrentMemberAssignmentValue = message(
  'StreamsGroupCurrentMemberAssignmentValue',
  {
    versions: '0',
    flexible: '0+',
    fields: {
      memberEpoch: int32,
      previousMemberEpoch: int32,
      state: int8,
      activeTasks: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
      standbyTasks: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
      warmupTasks: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
      activeTasksPendingRevocation: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
      standbyTasksPendingRevocation: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
      warmupTasksPendingRevocation: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
    },
  },
)

export const StreamsGroupTopologyKey = message('StreamsGroupTopologyKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string },
})

const topicConfig = { key: string, value: string }
const topicInfo = {
  name: string,
  partitions: int32,
  replicationFactor: int16,
  topicConfigs: array(topicConfig),
}

export const StreamsGroupTopologyValue = message('StreamsGroupTopologyValue', {
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32,
    subtopologies: array({
      subtopologyId: string,
      sourceTopics: array(string),
      sourceTopicRegex: array(string),
      stateChangelogTopics: array(topicInfo),
      repartitionSinkTopics: array(string),
      repartitionSourceTopics: array(topicInfo),
      copartitionGroups: array({
        sourceTopics: array(int16),
        sourceTopicRegex: array(int16),
        repartitionSourceTopics: array(int16),
      }),
    }),
  },
})
