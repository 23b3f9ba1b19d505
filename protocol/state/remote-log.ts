// Records of __remote_log_metadata: where the segments of tiered storage are.
import {
  array,
  bool,
  bytes,
  int32,
  int64,
  int8,
  message,
  string,
  struct,
  uuid,
} from '../schema/index.ts'

export const RemoteLogSegmentMetadataRecord = message('RemoteLogSegmentMetadataRecord', {
  versions: '0',
  flexible: '0+',
  fields: {
    remoteLogSegmentId: struct({
      topicIdPartition: struct({ name: string, id: uuid, partition: int32 }),
      id: uuid,
    }),
    startOffset: int64,
    endOffset: int64,
    brokerId: int32,
    maxTimestampMs: int64,
    eventTimestampMs: int64,
    segmentLeaderEpochs: array({ leaderEpoch: int32, offset: int64 }),
    segmentSizeInBytes: int32,
    customMetadata: bytes.nullable().default(null),
    remoteLogSegmentState: int8,
    txnIndexEmpty: bool.tagged(0),
  },
})

export const RemoteLogSegmentMetadataUpdateRecord = message(
  'RemoteLogSegmentMetadataUpdateRecord',
  {
    versions: '0',
    flexible: '0+',
    fields: {
      remoteLogSegmentId: struct({
        topicIdPartition: struct({ name: string, id: uuid, partition: int32 }),
        id: uuid,
      }),
      brokerId: int32,
      eventTimestampMs: int64,
      customMetadata: bytes.nullable().default(null),
      remoteLogSegmentState: int8,
    },
  },
)

export const RemotePartitionDeleteMetadataRecord = message('RemotePartitionDeleteMetadataRecord', {
  versions: '0',
  flexible: '0+',
  fields: {
    topicIdPartition: struct({ name: string, id: uuid, partition: int32 }),
    brokerId: int32,
    eventTimestampMs: int64,
    remotePartitionDeleteState: int8,
  },
})

/** An entry of a local snapshot file, not of the topic. */
export const RemoteLogSegmentMetadataSnapshotRecord = message(
  'RemoteLogSegmentMetadataSnapshotRecord',
  {
    versions: '0',
    flexible: '0+',
    fields: {
      segmentId: uuid,
      startOffset: int64,
      endOffset: int64,
      brokerId: int32,
      maxTimestampMs: int64,
      eventTimestampMs: int64,
      segmentLeaderEpochs: array({ leaderEpoch: int32, offset: int64 }),
      segmentSizeInBytes: int32,
      customMetadata: bytes.nullable().default(null),
      remoteLogSegmentState: int8,
      txnIndexEmpty: bool.tagged(0),
    },
  },
)
