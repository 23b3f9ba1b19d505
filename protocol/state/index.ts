// The record types of each log that Samsa keeps for itself, by name: what the int16 or uvarint in
// front of a record means. The bodies are stated in the files imported here; the framing is in
// coordinator-record.ts and metadata-record.ts.
import type { Decoded } from './coordinator-record.ts'
import type { DecodedMetadata } from './metadata-record.ts'
import {
  AbortTransactionRecord,
  BeginTransactionRecord,
  ClientQuotaRecord,
  ConfigRecord,
  EndTransactionRecord,
  FeatureLevelRecord,
  NoOpRecord,
  ProducerIdsRecord,
  ZkMigrationStateRecord,
} from './metadata-cluster.ts'
import {
  AccessControlEntryRecord,
  DelegationTokenRecord,
  RemoveAccessControlEntryRecord,
  RemoveDelegationTokenRecord,
  RemoveUserScramCredentialRecord,
  UserScramCredentialRecord,
} from './metadata-security.ts'
import {
  BrokerRegistrationChangeRecord,
  FenceBrokerRecord,
  RegisterBrokerRecord,
  RegisterControllerRecord,
  UnfenceBrokerRecord,
  UnregisterBrokerRecord,
  UnregisterControllerRecord,
} from './metadata-brokers.ts'
import {
  ClearElrRecord,
  PartitionChangeRecord,
  PartitionRecord,
  RemoveTopicRecord,
  TopicRecord,
} from './metadata-topics.ts'
import {
  ConsumerGroupCurrentMemberAssignmentKey,
  ConsumerGroupCurrentMemberAssignmentValue,
  ConsumerGroupMemberMetadataKey,
  ConsumerGroupMemberMetadataValue,
  ConsumerGroupMetadataKey,
  ConsumerGroupMetadataValue,
  ConsumerGroupPartitionMetadataKey,
  ConsumerGroupPartitionMetadataValue,
  ConsumerGroupRegularExpressionKey,
  ConsumerGroupRegularExpressionValue,
  ConsumerGroupTargetAssignmentMemberKey,
  ConsumerGroupTargetAssignmentMemberValue,
  ConsumerGroupTargetAssignmentMetadataKey,
  ConsumerGroupTargetAssignmentMetadataValue,
} from './consumer-groups.ts'
import { GroupMetadataKey, GroupMetadataValue } from './classic-groups.ts'
import {
  LegacyOffsetCommitKey,
  LegacyOffsetCommitValue,
  OffsetCommitKey,
  OffsetCommitValue,
} from './offsets.ts'
import {
  RemoteLogSegmentMetadataRecord,
  RemoteLogSegmentMetadataSnapshotRecord,
  RemoteLogSegmentMetadataUpdateRecord,
  RemotePartitionDeleteMetadataRecord,
} from './remote-log.ts'
import {
  ShareGroupCurrentMemberAssignmentKey,
  ShareGroupCurrentMemberAssignmentValue,
  ShareGroupMemberMetadataKey,
  ShareGroupMemberMetadataValue,
  ShareGroupMetadataKey,
  ShareGroupMetadataValue,
  ShareGroupStatePartitionMetadataKey,
  ShareGroupStatePartitionMetadataValue,
  ShareGroupTargetAssignmentMemberKey,
  ShareGroupTargetAssignmentMemberValue,
  ShareGroupTargetAssignmentMetadataKey,
  ShareGroupTargetAssignmentMetadataValue,
} from './share-groups.ts'
import { ShareSnapshotKey, ShareSnapshotValue, ShareUpdateKey, ShareUpdateValue } from './share.ts'
import {
  StreamsGroupCurrentMemberAssignmentKey,
  StreamsGroupCurrentMemberAssignmentValue,
  StreamsGroupMemberMetadataKey,
  StreamsGroupMemberMetadataValue,
  StreamsGroupMetadataKey,
  StreamsGroupMetadataValue,
  StreamsGroupTargetAssignmentMemberKey,
  StreamsGroupTargetAssignmentMemberValue,
  StreamsGroupTargetAssignmentMetadataKey,
  StreamsGroupTargetAssignmentMetadataValue,
  StreamsGroupTopologyKey,
  StreamsGroupTopologyValue,
} from './streams-groups.ts'
import { TransactionLogKey, TransactionLogValue } from './txn.ts'
import { coordinatorRecord } from './coordinator-record.ts'
import { metadataRecord } from './metadata-record.ts'

/** __consumer_offsets. */
export const groupRecords = {
  LegacyOffsetCommit: coordinatorRecord(0, LegacyOffsetCommitKey, LegacyOffsetCommitValue),
  OffsetCommit: coordinatorRecord(1, OffsetCommitKey, OffsetCommitValue),
  GroupMetadata: coordinatorRecord(2, GroupMetadataKey, GroupMetadataValue),
  ConsumerGroupMetadata: coordinatorRecord(3, ConsumerGroupMetadataKey, ConsumerGroupMetadataValue),
  ConsumerGroupPartitionMetadata: coordinatorRecord(
    4,
    ConsumerGroupPartitionMetadataKey,
    ConsumerGroupPartitionMetadataValue,
  ),
  ConsumerGroupMemberMetadata: coordinatorRecord(
    5,
    ConsumerGroupMemberMetadataKey,
    ConsumerGroupMemberMetadataValue,
  ),
  ConsumerGroupTargetAssignmentMetadata: coordinatorRecord(
    6,
    ConsumerGroupTargetAssignmentMetadataKey,
    ConsumerGroupTargetAssignmentMetadataValue,
  ),
  ConsumerGroupTargetAssignmentMember: coordinatorRecord(
    7,
    ConsumerGroupTargetAssignmentMemberKey,
    ConsumerGroupTargetAssignmentMemberValue,
  ),
  ConsumerGroupCurrentMemberAssignment: coordinatorRecord(
    8,
    ConsumerGroupCurrentMemberAssignmentKey,
    ConsumerGroupCurrentMemberAssignmentValue,
  ),
  ShareGroupMemberMetadata: coordinatorRecord(
    10,
    ShareGroupMemberMetadataKey,
    ShareGroupMemberMetadataValue,
  ),
  ShareGroupMetadata: coordinatorRecord(11, ShareGroupMetadataKey, ShareGroupMetadataValue),
  ShareGroupTargetAssignmentMetadata: coordinatorRecord(
    12,
    ShareGroupTargetAssignmentMetadataKey,
    ShareGroupTargetAssignmentMetadataValue,
  ),
  ShareGroupTargetAssignmentMember: coordinatorRecord(
    13,
    ShareGroupTargetAssignmentMemberKey,
    ShareGroupTargetAssignmentMemberValue,
  ),
  ShareGroupCurrentMemberAssignment: coordinatorRecord(
    14,
    ShareGroupCurrentMemberAssignmentKey,
    ShareGroupCurrentMemberAssignmentValue,
  ),
  ShareGroupStatePartitionMetadata: coordinatorRecord(
    15,
    ShareGroupStatePartitionMetadataKey,
    ShareGroupStatePartitionMetadataValue,
  ),
  ConsumerGroupRegularExpression: coordinatorRecord(
    16,
    ConsumerGroupRegularExpressionKey,
    ConsumerGroupRegularExpressionValue,
  ),
  StreamsGroupMetadata: coordinatorRecord(17, StreamsGroupMetadataKey, StreamsGroupMetadataValue),
  StreamsGroupMemberMetadata: coordinatorRecord(
    19,
    StreamsGroupMemberMetadataKey,
    StreamsGroupMemberMetadataValue,
  ),
  StreamsGroupTargetAssignmentMetadata: coordinatorRecord(
    20,
    StreamsGroupTargetAssignmentMetadataKey,
    StreamsGroupTargetAssignmentMetadataValue,
  ),
  StreamsGroupTargetAssignmentMember: coordinatorRecord(
    21,
    StreamsGroupTargetAssignmentMemberKey,
    StreamsGroupTargetAssignmentMemberValue,
  ),
  StreamsGroupCurrentMemberAssignment: coordinatorRecord(
    22,
    StreamsGroupCurrentMemberAssignmentKey,
    StreamsGroupCurrentMemberAssignmentValue,
  ),
  StreamsGroupTopology: coordinatorRecord(23, StreamsGroupTopologyKey, StreamsGroupTopologyValue),
} as const

/** __transaction_state. */
export const txnRecords = {
  TransactionLog: coordinatorRecord(0, TransactionLogKey, TransactionLogValue),
} as const

/** __share_group_state. */
export const shareRecords = {
  ShareSnapshot: coordinatorRecord(0, ShareSnapshotKey, ShareSnapshotValue),
  ShareUpdate: coordinatorRecord(1, ShareUpdateKey, ShareUpdateValue),
} as const

/** __cluster_metadata. */
export const metadataRecords = {
  RegisterBrokerRecord: metadataRecord(0, RegisterBrokerRecord),
  UnregisterBrokerRecord: metadataRecord(1, UnregisterBrokerRecord),
  TopicRecord: metadataRecord(2, TopicRecord),
  PartitionRecord: metadataRecord(3, PartitionRecord),
  ConfigRecord: metadataRecord(4, ConfigRecord),
  PartitionChangeRecord: metadataRecord(5, PartitionChangeRecord),
  FenceBrokerRecord: metadataRecord(7, FenceBrokerRecord),
  UnfenceBrokerRecord: metadataRecord(8, UnfenceBrokerRecord),
  RemoveTopicRecord: metadataRecord(9, RemoveTopicRecord),
  DelegationTokenRecord: metadataRecord(10, DelegationTokenRecord),
  UserScramCredentialRecord: metadataRecord(11, UserScramCredentialRecord),
  FeatureLevelRecord: metadataRecord(12, FeatureLevelRecord),
  ClientQuotaRecord: metadataRecord(14, ClientQuotaRecord),
  ProducerIdsRecord: metadataRecord(15, ProducerIdsRecord),
  BrokerRegistrationChangeRecord: metadataRecord(17, BrokerRegistrationChangeRecord),
  AccessControlEntryRecord: metadataRecord(18, AccessControlEntryRecord),
  RemoveAccessControlEntryRecord: metadataRecord(19, RemoveAccessControlEntryRecord),
  NoOpRecord: metadataRecord(20, NoOpRecord),
  ZkMigrationStateRecord: metadataRecord(21, ZkMigrationStateRecord),
  RemoveUserScramCredentialRecord: metadataRecord(22, RemoveUserScramCredentialRecord),
  BeginTransactionRecord: metadataRecord(23, BeginTransactionRecord),
  EndTransactionRecord: metadataRecord(24, EndTransactionRecord),
  AbortTransactionRecord: metadataRecord(25, AbortTransactionRecord),
  RemoveDelegationTokenRecord: metadataRecord(26, RemoveDelegationTokenRecord),
  RegisterControllerRecord: metadataRecord(27, RegisterControllerRecord),
  ClearElrRecord: metadataRecord(28, ClearElrRecord),
  UnregisterControllerRecord: metadataRecord(29, UnregisterControllerRecord),
} as const

/** __remote_log_metadata, framed as __cluster_metadata is. */
export const remoteLogRecords = {
  RemoteLogSegmentMetadataRecord: metadataRecord(0, RemoteLogSegmentMetadataRecord),
  RemoteLogSegmentMetadataUpdateRecord: metadataRecord(1, RemoteLogSegmentMetadataUpdateRecord),
  RemotePartitionDeleteMetadataRecord: metadataRecord(2, RemotePartitionDeleteMetadataRecord),
  RemoteLogSegmentMetadataSnapshotRecord: metadataRecord(3, RemoteLogSegmentMetadataSnapshotRecord),
} as const

export type GroupRecord = Decoded<typeof groupRecords>
export type TxnRecord = Decoded<typeof txnRecords>
export type ShareRecord = Decoded<typeof shareRecords>
export type ClusterRecord = DecodedMetadata<typeof metadataRecords>

export { decodeRecord, encodeKey, encodeValue } from './coordinator-record.ts'
export { decodeMetadata, encodeMetadata } from './metadata-record.ts'
export { decodeForward, decodeVersioned, encodeVersioned } from './prefixed.ts'
