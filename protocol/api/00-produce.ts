// Appends record batches to partitions. With acks=0 there is no reply.
//
//   3  0.11.0  the oldest that Apache Kafka 4 accepts
//   4  1.0     KAFKA_STORAGE_ERROR may be answered
//   5  1.0     response adds logStartOffset
//   6  2.0     a throttled reply is sent before the pause, not after it
//   7  2.1     records may be compressed with zstd (KIP-110)
//   8  2.4     response adds recordErrors, errorMessage (KIP-467)
//   9  2.8     flexible
//  10  3.7     response adds currentLeader, nodeEndpoints (KIP-951)
//  11  3.8     TRANSACTION_ABORTABLE may be answered (KIP-890)
//  12  4.0     inside a transaction it also adds the partition, with transaction.version 2
//             (KIP-890)
//  13  4.1     request drops name; request adds topicId; response drops name; response adds
//             topicId; UNKNOWN_TOPIC_ID may be answered (KIP-516)
import { api, array, int16, int32, int64, records, string, struct, uuid } from '../schema/index.ts'

export const Produce = api(0, 'Produce', {
  versions: '3-13',
  flexible: '9+',
  request: {
    transactionalId: string.nullable().default(null),
    acks: int16,
    timeoutMs: int32,
    topicData: array({
      name: string.until(12).ignorable(),
      topicId: uuid.since(13).ignorable(),
      partitionData: array({ index: int32, records: records.nullable() }),
    }),
  },
  response: {
    responses: array({
      name: string.until(12).ignorable(),
      topicId: uuid.since(13).ignorable(),
      partitionResponses: array({
        index: int32,
        errorCode: int16,
        baseOffset: int64,
        logAppendTimeMs: int64.default(-1).ignorable(),
        logStartOffset: int64.since(5).default(-1).ignorable(),
        recordErrors: array({
          batchIndex: int32,
          batchIndexErrorMessage: string.nullable().default(null),
        })
          .since(8)
          .ignorable(),
        errorMessage: string.since(8).nullable().default(null).ignorable(),
        currentLeader: struct({ leaderId: int32.default(-1), leaderEpoch: int32.default(-1) })
          .since(10)
          .tagged(0),
      }),
    }),
    throttleTimeMs: int32.default(0).ignorable(),
    nodeEndpoints: array({
      nodeId: int32,
      host: string,
      port: int32,
      rack: string.nullable().default(null),
    })
      .since(10)
      .tagged(0),
  },
})
