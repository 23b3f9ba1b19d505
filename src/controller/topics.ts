// Replay of topic and partition records. A PartitionChange always adds 1 to the partition epoch;
// the leader epoch grows by 1 exactly when the record names a leader.
import { assert } from '../../base/assert.ts'
import type { PartitionImage, TopicImage } from './image.ts'
import { RESOURCE_TOPIC } from './image.ts'
import { dropConfigs } from './configs.ts'
import type { ValueOf, MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'
import { collisionKey } from './topic-name.ts'

/** PartitionChange: the leader stays as it is. */
export const LEADER_UNCHANGED = -2
/** PartitionChange: the recovery state stays as it is. */
export const RECOVERY_STATE_UNCHANGED = -1

type TopicChange = Extract<
  MetadataRecord,
  {
    readonly name: 'TopicRecord' | 'PartitionRecord' | 'PartitionChangeRecord' | 'RemoveTopicRecord'
  }
>

export function replayTopic(state: MetadataState, record: TopicChange): void {
  switch (record.name) {
    case 'TopicRecord':
      addTopic(state, record.value)
      return
    case 'PartitionRecord':
      setPartition(state, partitionOf(record.value))
      return
    case 'PartitionChangeRecord':
      changePartition(state, record.value)
      return
    case 'RemoveTopicRecord':
      removeTopic(state, record.value)
  }
}

function addTopic(state: MetadataState, body: ValueOf<'TopicRecord'>): void {
  const known = state.topicsByName.get(body.name)
  assert(known === undefined, `topic ${body.name} is created a second time`)
  store(state, { name: body.name, id: body.topicId, partitions: [] })
  const key = collisionKey(body.name)
  if (key === undefined) return
  const names = state.collidingNames.get(key)
  if (names === undefined) state.collidingNames.set(key, new Set([body.name]))
  else names.add(body.name)
}

function partitionOf(body: ValueOf<'PartitionRecord'>): PartitionImage {
  return {
    topicId: body.topicId,
    index: body.partitionId,
    replicas: body.replicas,
    isr: body.isr,
    removingReplicas: body.removingReplicas,
    addingReplicas: body.addingReplicas,
    leader: body.leader,
    leaderRecoveryState: body.leaderRecoveryState,
    leaderEpoch: body.leaderEpoch,
    partitionEpoch: body.partitionEpoch,
    directories: body.directories,
  }
}

function setPartition(state: MetadataState, partition: PartitionImage): void {
  const known = state.topicsById.get(partition.topicId)
  assert(known !== undefined, `partition of unknown topic ${partition.topicId}`)
  const dense = partition.index >= 0 && partition.index <= known.partitions.length
  assert(dense, `partition ${known.name}-${partition.index} leaves a gap`)
  const topic = writable(state, known)
  topic.partitions[partition.index] = partition
}

interface WritableTopic extends TopicImage {
  readonly partitions: PartitionImage[]
}

/** A topic is copied once per image, not once per record: partitions come by thousands. */
function writable(state: MetadataState, topic: TopicImage): WritableTopic {
  const { touched } = state
  if (touched === undefined || touched.topics.has(topic.id)) return topic as WritableTopic
  const copy = { name: topic.name, id: topic.id, partitions: topic.partitions.slice() }
  store(state, copy)
  return copy
}

function changePartition(state: MetadataState, body: ValueOf<'PartitionChangeRecord'>): void {
  const before = state.topicsById.get(body.topicId)?.partitions[body.partitionId]
  assert(before !== undefined, `change of unknown partition ${body.topicId}-${body.partitionId}`)
  const elects = body.leader !== LEADER_UNCHANGED
  const replicas = body.replicas ?? before.replicas
  setPartition(state, {
    topicId: before.topicId,
    index: before.index,
    replicas,
    isr: body.isr ?? before.isr,
    removingReplicas: body.removingReplicas ?? before.removingReplicas,
    addingReplicas: body.addingReplicas ?? before.addingReplicas,
    leader: elects ? body.leader : before.leader,
    leaderRecoveryState:
      body.leaderRecoveryState === RECOVERY_STATE_UNCHANGED
        ? before.leaderRecoveryState
        : body.leaderRecoveryState,
    leaderEpoch: elects ? before.leaderEpoch + 1 : before.leaderEpoch,
    partitionEpoch: before.partitionEpoch + 1,
    directories: body.directories ?? before.directories,
  })
}

function removeTopic(state: MetadataState, body: ValueOf<'RemoveTopicRecord'>): void {
  const topic = state.topicsById.get(body.topicId)
  assert(topic !== undefined, `removal of unknown topic ${body.topicId}`)
  state.topicsById.delete(topic.id)
  state.topicsByName.delete(topic.name)
  state.touched?.topics.set(topic.id, topic.name)
  dropConfigs(state, RESOURCE_TOPIC, topic.name)
  const key = collisionKey(topic.name)
  if (key === undefined) return
  const names = state.collidingNames.get(key)
  names?.delete(topic.name)
  if (names?.size === 0) state.collidingNames.delete(key)
}

function store(state: MetadataState, topic: TopicImage): void {
  state.topicsById.set(topic.id, topic)
  state.topicsByName.set(topic.name, topic)
  state.touched?.topics.set(topic.id, topic.name)
}
