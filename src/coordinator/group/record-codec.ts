// The bytes of a group shard's records: what Apache Kafka 4.4 writes (offsets in value version 4,
// or 1 with a retention of their own; groups in version 3), and all that any version wrote before.
// Record types that we do not serve are passed over; nothing here ever writes a tombstone for them.
import { ZERO_UUID } from '../../../base/uuid.ts'
import { decodeRecord, encodeKey, encodeValue } from '../../../protocol/state/coordinator-record.ts'
import { groupRecords } from '../../../protocol/state/index.ts'
import { ownBytes } from './classic/classic-group.ts'
import type { CommittedOffset, ForeignType, GroupMetadata, GroupRecord } from './records.ts'

export interface RecordPair {
  readonly key: Buffer
  /** null: a tombstone. */
  readonly value: Buffer | null
}

/** What a decision may write: markers and foreign groups are only ever read. */
export type WrittenRecord = Extract<GroupRecord, { kind: 'offset' | 'group' }>

const { OffsetCommit, GroupMetadata: Group } = groupRecords
const OFFSET_VERSION = 4
const EXPIRING_OFFSET_VERSION = 1
const GROUP_VERSION = 3

export function encodeGroupRecord(record: WrittenRecord): RecordPair {
  if (record.kind === 'group') {
    const key = encodeKey(Group, { group: record.group })
    return { key, value: record.value === null ? null : encodeGroup(record.value) }
  }
  const { group, topic, partition, value } = record
  const key = encodeKey(OffsetCommit, { group, topic, partition })
  return { key, value: value === null ? null : encodeOffset(value) }
}

/**
 * The record, or null for what is of no concern to a classic group. Throws MalformedFrame.
 * `producerId` is that of a transactional batch, else -1.
 */
export function decodeGroupRecord(
  key: Uint8Array,
  value: Uint8Array | null,
  producerId: number,
): GroupRecord | null {
  const record = decodeRecord(groupRecords, key, value)
  switch (record.name) {
    case 'LegacyOffsetCommit':
    case 'OffsetCommit': {
      const committed = record.value === null ? null : offsetOf(record.value)
      return { kind: 'offset', ...record.key, value: committed, producerId }
    }
    case 'GroupMetadata': {
      const metadata = record.value === null ? null : metadataIn(record.value)
      return { kind: 'group', group: record.key.group, value: metadata }
    }
    case 'ConsumerGroupMetadata':
      return foreign('consumer', record.key.groupId, record.value !== null)
    case 'ShareGroupMetadata':
      return foreign('share', record.key.groupId, record.value !== null)
    case 'StreamsGroupMetadata':
      return foreign('streams', record.key.groupId, record.value !== null)
    default:
      return null
  }
}

function encodeOffset(value: CommittedOffset): Buffer {
  const expires = value.expireTimestamp !== -1
  return encodeValue(OffsetCommit, expires ? EXPIRING_OFFSET_VERSION : OFFSET_VERSION, value)
}

function encodeGroup(value: GroupMetadata): Buffer {
  const members = value.members.map(({ rebalanceTimeoutMs, sessionTimeoutMs, ...member }) => ({
    ...member,
    rebalanceTimeout: rebalanceTimeoutMs,
    sessionTimeout: sessionTimeoutMs,
  }))
  return encodeValue(Group, GROUP_VERSION, { ...value, members })
}

interface OffsetFields {
  readonly offset: number
  readonly metadata: string
  readonly commitTimestamp: number
  readonly leaderEpoch?: number
  readonly expireTimestamp?: number
  readonly topicId?: string
}

function offsetOf(fields: OffsetFields): CommittedOffset {
  return {
    offset: fields.offset,
    leaderEpoch: fields.leaderEpoch ?? -1,
    metadata: fields.metadata,
    commitTimestamp: fields.commitTimestamp,
    expireTimestamp: fields.expireTimestamp ?? -1,
    topicId: fields.topicId ?? ZERO_UUID,
  }
}

type GroupValue = Extract<
  ReturnType<typeof decodeRecord<typeof groupRecords>>,
  { name: 'GroupMetadata' }
>['value']

function metadataIn(value: NonNullable<GroupValue>): GroupMetadata {
  const { protocolType, generation, protocol, leader, currentStateTimestamp } = value
  const members = value.members.map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    // Version 0 has one timeout for both.
    rebalanceTimeoutMs:
      member.rebalanceTimeout === -1 ? member.sessionTimeout : member.rebalanceTimeout,
    sessionTimeoutMs: member.sessionTimeout,
    // The bytes read from the log are a buffer of many batches.
    subscription: ownBytes(member.subscription),
    assignment: ownBytes(member.assignment),
  }))
  return { protocolType, generation, protocol, leader, currentStateTimestamp, members }
}

function foreign(type: ForeignType, group: string, exists: boolean): GroupRecord {
  return { kind: 'foreign', group, type, exists }
}
