// Records of __share_group_state: what members of share groups did with the records of a
// partition.
import { array, int16, int32, int64, int8, message, string, uuid } from '../schema/index.ts'

export const ShareSnapshotKey = message('ShareSnapshotKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string, topicId: uuid, partition: int32 },
})

export const ShareSnapshotValue = message('ShareSnapshotValue', {
  versions: '0',
  flexible: '0+',
  fields: {
    snapshotEpoch: int32,
    stateEpoch: int32,
    leaderEpoch: int32,
    startOffset: int64,
    deliveryCompleteCount: int32.tagged(0).default(-1),
    createTimestamp: int64,
    writeTimestamp: int64,
    stateBatches: array({
      firstOffset: int64,
      lastOffset: int64,
      deliveryState: int8,
      deliveryCount: int16,
    }),
  },
})

export const ShareUpdateKey = message('ShareUpdateKey', {
  versions: '0',
  flexible: 'none',
  fields: { groupId: string, topicId: uuid, partition: int32 },
})

export const ShareUpdateValue = message('ShareUpdateValue', {
  versions: '0',
  flexible: '0+',
  fields: {
    snapshotEpoch: int32,
    leaderEpoch: int32,
    startOffset: int64,
    deliveryCompleteCount: int32.tagged(0).default(-1),
    stateBatches: array({
      firstOffset: int64,
      lastOffset: int64,
      deliveryState: int8,
      deliveryCount: int16,
    }),
  },
})
