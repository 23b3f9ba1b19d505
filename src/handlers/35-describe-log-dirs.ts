// DescribeLogDirs: sizes of partitions by log directory (KIP-113, KIP-827).
import { DescribeLogDirs } from '../../protocol/api/35-describe-log-dirs.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof DescribeLogDirs>
type Reply = ResponseDraft<typeof DescribeLogDirs>
type TopicReply = Reply['results'][number]['topics'][number]
type PartitionReply = TopicReply['partitions'][number]

export const describeLogDirs = handle(
  DescribeLogDirs,
  '1-5',
  (context: RequestContext<Reply>, request: Request): Reply => {
    const { node } = context
    const asked =
      request.topics === null
        ? null
        : new Map(request.topics.map(({ topic, partitions }) => [topic, new Set(partitions)]))
    const topics = new Map<string, PartitionReply[]>()
    for (const partition of node.partitions.all()) {
      if (asked !== null && asked.get(partition.topic)?.has(partition.index) !== true) continue
      const partitions = topics.get(partition.topic) ?? []
      topics.set(partition.topic, partitions)
      partitions.push({
        partitionIndex: partition.index,
        partitionSize: partition.log.sizeInBytes(),
        offsetLag: 0,
        isFutureKey: false,
      })
    }
    const space = node.diskSpace()
    return {
      throttleTimeMs: 0,
      errorCode: errors.NONE,
      results: [
        {
          errorCode: errors.NONE,
          logDir: space.directory,
          topics: Array.from(topics, ([name, partitions]) => ({ name, partitions })),
          totalBytes: space.totalBytes,
          usableBytes: space.usableBytes,
        },
      ],
    }
  },
)
