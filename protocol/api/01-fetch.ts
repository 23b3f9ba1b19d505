// Reads record batches from partitions, for consumers and for followers, with a long poll and
// incremental sessions. The controller serves it for the metadata log.
//
//   4  0.11.0  the oldest that Apache Kafka 4 accepts
//   5  0.11.0  request adds logStartOffset; response adds logStartOffset
//   6  1.0     KAFKA_STORAGE_ERROR may be answered
//   7  1.1     request adds sessionId, sessionEpoch, forgottenTopicsData; response adds
//             errorCode, sessionId
//   8  2.0     a throttled reply is sent before the pause, not after it
//   9  2.1     request adds currentLeaderEpoch (KIP-320)
//  10  2.1     the answer may hold zstd batches (KIP-110)
//  11  2.3     request adds rackId; response adds preferredReadReplica
//  12  2.7     flexible; request adds clusterId, lastFetchedEpoch; response adds divergingEpoch,
//             currentLeader, snapshotId
//  13  3.1     request drops topic; request adds topicId; response drops topic; response adds
//             topicId (KIP-516)
//  14  3.5     OFFSET_MOVED_TO_TIERED_STORAGE may be answered to a follower (KIP-405)
//  15  3.5     request drops replicaId; request adds replicaState (KIP-903)
//  16  3.7     response adds nodeEndpoints (KIP-951)
//  17  3.9     request adds replicaDirectoryId (KIP-853)
//  18  4.1     request adds highWatermark (KIP-1166)
import {
  api,
  array,
  int16,
  int32,
  int64,
  int8,
  records,
  string,
  struct,
  uuid,
} from '../schema/index.ts'

export const Fetch = api(1, 'Fetch', {
  versions: '4-18',
  flexible: '12+',
  listeners: ['broker', 'controller'],
  request: {
    clusterId: string.since(12).tagged(0).nullable().default(null).ignorable(),
    replicaId: int32.until(14).default(-1),
    replicaState: struct({ replicaId: int32.default(-1), replicaEpoch: int64.default(-1) })
      .since(15)
      .tagged(1),
    maxWaitMs: int32,
    minBytes: int32,
    maxBytes: int32.default(2147483647).ignorable(),
    isolationLevel: int8.default(0).ignorable(),
    sessionId: int32.since(7).default(0).ignorable(),
    sessionEpoch: int32.since(7).default(-1).ignorable(),
    topics: array({
      topic: string.until(12).ignorable(),
      topicId: uuid.since(13).ignorable(),
      partitions: array({
        partition: int32,
        currentLeaderEpoch: int32.since(9).default(-1).ignorable(),
        fetchOffset: int64,
        lastFetchedEpoch: int32.since(12).default(-1),
        logStartOffset: int64.since(5).default(-1).ignorable(),
        partitionMaxBytes: int32,
        replicaDirectoryId: uuid.since(17).tagged(0).ignorable(),
        highWatermark: int64.since(18).tagged(1).default(Infinity).ignorable(),
      }),
    }),
    forgottenTopicsData: array({
      topic: string.until(12).ignorable(),
      topicId: uuid.since(13).ignorable(),
      partitions: array(int32),
    }).since(7),
    rackId: string.since(11).default('').ignorable(),
  },
  response: {
    throttleTimeMs: int32.ignorable(),
    errorCode: int16.since(7).ignorable(),
    sessionId: int32.since(7).default(0),
    responses: array({
      topic: string.until(12).ignorable(),
      topicId: uuid.since(13).ignorable(),
      partitions: array({
        partitionIndex: int32,
        errorCode: int16,
        highWatermark: int64,
        lastStableOffset: int64.default(-1).ignorable(),
        logStartOffset: int64.since(5).default(-1).ignorable(),
        divergingEpoch: struct({ epoch: int32.default(-1), endOffset: int64.default(-1) })
          .since(12)
          .tagged(0),
        currentLeader: struct({ leaderId: int32.default(-1), leaderEpoch: int32.default(-1) })
          .since(12)
          .tagged(1),
        snapshotId: struct({ endOffset: int64.default(-1), epoch: int32.default(-1) })
          .since(12)
          .tagged(2),
        abortedTransactions: array({ producerId: int64, firstOffset: int64 })
          .nullable()
          .ignorable(),
        preferredReadReplica: int32.since(11).default(-1),
        records: records.nullable(),
      }),
    }),
    nodeEndpoints: array({
      nodeId: int32,
      host: string,
      port: int32,
      rack: string.nullable().default(null),
    })
      .since(16)
      .tagged(0),
  },
})
