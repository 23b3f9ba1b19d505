// Records of committed offsets in __consumer_offsets.
import { int32, int64, message, string, uuid } from '../schema/index.ts'

/** As OffsetCommitKey, with type 0; written by Kafka 0.8. */
export const LegacyOffsetCommitKey = message('LegacyOffsetCommitKey', {
  versions: '0',
  flexible: 'none',
  fields: { group: string, topic: string, partition: int32 },
})

export const LegacyOffsetCommitValue = message('LegacyOffsetCommitValue', {
  versions: '0',
  flexible: 'none',
  fields: { offset: int64, metadata: string, commitTimestamp: int64 },
})

export const OffsetCommitKey = message('OffsetCommitKey', {
  versions: '0',
  flexible: 'none',
  fields: { group: string, topic: string, partition: int32 },
})

/**
 * 1: adds expireTimestamp
 * 2: drops expireTimestamp
 * 3: adds leaderEpoch
 * 4: flexible; adds topicId
 */
export const OffsetCommitValue = message('OffsetCommitValue', {
  versions: '0-4',
  flexible: '4+',
  fields: {
    offset: int64,
    leaderEpoch: int32.since(3).default(-1).ignorable(),
    metadata: string,
    commitTimestamp: int64,
    expireTimestamp: int64.between(1, 1).default(-1).ignorable(),
    topicId: uuid.since(4).tagged(0).ignorable(),
  },
})
