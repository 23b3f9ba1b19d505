// ListOffsets: offsets by time, or by a place that a negative time names. The codes and their order
// are Apache Kafka's; tiered storage does not exist here, so its two places answer as an empty
// tier.
import { ListOffsets } from '../../protocol/api/02-list-offsets.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import type { Partition } from '../partition/partition.ts'
import type { Log } from '../../storage/log.ts'
import {
  maxTimestampOffset,
  offsetForTimestamp,
  type TimestampOffset,
} from '../../storage/time-search.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof ListOffsets>
type Reply = ResponseDraft<typeof ListOffsets>
type Asked = Request['topics'][number]['partitions'][number]
type PartitionReply = Reply['topics'][number]['partitions'][number]
type Context = RequestContext<Reply>

const LATEST = -1
const EARLIEST = -2
const MAX_TIMESTAMP = -3
const EARLIEST_LOCAL = -4
const LATEST_TIERED = -5
const EARLIEST_PENDING_UPLOAD = -6

/** The version from which a negative time means something (KIP-734, KIP-405, KIP-1005,
 * KIP-1023). */
const SINCE: Record<number, number> = {
  [MAX_TIMESTAMP]: 7,
  [EARLIEST_LOCAL]: 8,
  [LATEST_TIERED]: 9,
  [EARLIEST_PENDING_UPLOAD]: 11,
}

const CONSUMER = -1

export const listOffsets = handle(ListOffsets, '1-11', (context: Context, request: Request) => {
  const seen = new Set<string>()
  const duplicates = new Set<string>()
  for (const topic of request.topics) {
    for (const { partitionIndex } of topic.partitions) {
      const key = `${partitionIndex}:${topic.name}`
      if (seen.has(key)) duplicates.add(key)
      seen.add(key)
    }
  }
  return {
    topics: request.topics.map((topic) => ({
      name: topic.name,
      partitions: firsts(topic.partitions).map((asked) =>
        duplicates.has(`${asked.partitionIndex}:${topic.name}`)
          ? refused(asked, errors.INVALID_REQUEST)
          : lookUp(context, request, { topic: topic.name, asked }),
      ),
    })),
  }
})

/** A partition that is asked for twice is answered once. */
function firsts(partitions: readonly Asked[]): Asked[] {
  const seen = new Set<number>()
  return partitions.filter(({ partitionIndex }) => {
    if (seen.has(partitionIndex)) return false
    seen.add(partitionIndex)
    return true
  })
}

function lookUp(
  context: Context,
  request: Request,
  { topic, asked }: { topic: string; asked: Asked },
): PartitionReply {
  const { version, node } = context
  if (asked.timestamp < 0 && asked.timestamp < EARLIEST) {
    const since = SINCE[asked.timestamp]
    if (since === undefined || version < since) return refused(asked, errors.UNSUPPORTED_VERSION)
  }
  const image = node.metadata.image().topicsByName.get(topic)
  if (image?.partitions[asked.partitionIndex] === undefined) {
    return refused(asked, errors.UNKNOWN_TOPIC_OR_PARTITION)
  }
  const partition = node.partitions.get(topic, asked.partitionIndex)
  if (partition === undefined) {
    return refused(asked, node.partitions.absence(topic, asked.partitionIndex))
  }
  const failure = partition.check(asked.currentLeaderEpoch)
  if (failure !== errors.NONE) return refused(asked, failure)
  const isConsumer = request.replicaId === CONSUMER
  const lastFetchable = !isConsumer
    ? partition.log.writtenEndOffset
    : request.isolationLevel === 1
      ? partition.lastStableOffset
      : partition.highWatermark
  // A new leader does not know yet what its predecessor had promised (KIP-207).
  const behind = isConsumer && partition.epochStartOffset > partition.highWatermark
  const notAvailable = version >= 5 ? errors.OFFSET_NOT_AVAILABLE : errors.LEADER_NOT_AVAILABLE
  if (asked.timestamp === LATEST) {
    if (behind) return refused(asked, notAvailable)
    return found(
      asked,
      { offset: lastFetchable, timestamp: -1, epoch: partition.leaderEpoch },
      version,
    )
  }
  const place = placeOf(partition, asked.timestamp)
  const exempt = asked.timestamp === EARLIEST || asked.timestamp === EARLIEST_LOCAL
  if (exempt && place !== undefined) return found(asked, place, version)
  if (place === undefined || place.offset >= lastFetchable) {
    return behind ? refused(asked, notAvailable) : refused(asked, errors.NONE)
  }
  return found(asked, place, version)
}

interface Place {
  readonly offset: number
  readonly timestamp: number
  readonly epoch: number
}

function placeOf(partition: Partition, timestamp: number): Place | undefined {
  const { log, codecs, settings } = partition
  const decompression = { codecs, maxDecompressedBytes: settings.decompressedMaxBytes }
  switch (timestamp) {
    case EARLIEST:
    case EARLIEST_LOCAL:
      return { offset: log.logStartOffset, timestamp: -1, epoch: epochAtStart(log) }
    case MAX_TIMESTAMP:
      return place(maxTimestampOffset(log, decompression))
    case LATEST_TIERED:
    case EARLIEST_PENDING_UPLOAD:
      return { offset: -1, timestamp: -1, epoch: -1 }
    default:
      return place(offsetForTimestamp(log, timestamp, decompression))
  }
}

function place(found: TimestampOffset | undefined): Place | undefined {
  if (found === undefined) return undefined
  const { offset, timestamp, leaderEpoch: epoch } = found
  return { offset, timestamp, epoch }
}

/** -1 where the first epoch that is known began behind the log's start. */
function epochAtStart(log: Log): number {
  const first = log.leaderEpochs.earliest()
  return first !== undefined && first.startOffset <= log.logStartOffset ? first.epoch : -1
}

function found(asked: Asked, place: Place, version: number): PartitionReply {
  return {
    partitionIndex: asked.partitionIndex,
    errorCode: errors.NONE,
    timestamp: place.timestamp,
    offset: place.offset,
    // Told to those who can hold it against a later leader (KIP-320).
    ...(version >= 4 ? { leaderEpoch: place.epoch } : {}),
  }
}

function refused(asked: Asked, errorCode: number): PartitionReply {
  return { partitionIndex: asked.partitionIndex, errorCode, timestamp: -1, offset: -1 }
}
