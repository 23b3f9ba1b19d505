// Describes the log directories of a broker and the sizes of the replicas in them.
//
//   1  2.0     the oldest that Apache Kafka 4 accepts
//   2  2.6     flexible
//   3  3.2     response adds errorCode
//   4  3.3     response adds totalBytes, usableBytes
//   5  4.3     response adds isCordoned
import { api, array, bool, int16, int32, int64, string } from '../schema/index.ts'

export const DescribeLogDirs = api(35, 'DescribeLogDirs', {
  versions: '1-5',
  flexible: '2+',
  request: { topics: array({ topic: string, partitions: array(int32) }).nullable() },
  response: {
    throttleTimeMs: int32,
    errorCode: int16.since(3).ignorable(),
    results: array({
      errorCode: int16,
      logDir: string,
      topics: array({
        name: string,
        partitions: array({
          partitionIndex: int32,
          partitionSize: int64,
          offsetLag: int64,
          isFutureKey: bool,
        }),
      }),
      totalBytes: int64.since(4).default(-1).ignorable(),
      usableBytes: int64.since(4).default(-1).ignorable(),
      isCordoned: bool.since(5).default(false).ignorable(),
    }),
  },
})
