// From a topic's effective configuration to what its partitions and logs act on. The one place that
// knows which keys those are.
import type { TopicConfig } from '../config/topic.ts'
import { COMPRESSION_TYPES } from '../../protocol/records/batch.ts'
import type { TopicLimits } from './partitions.ts'

export interface BrokerLimits {
  readonly validateRecords: boolean
  readonly decompressedMaxBytes: number
}

export function topicLimits(config: TopicConfig, broker: BrokerLimits): TopicLimits {
  const policies = config['cleanup.policy']
  return {
    partition: {
      maxMessageBytes: config['max.message.bytes'],
      compacted: policies.includes('compact'),
      deletes: policies.includes('delete'),
      logAppendTime: config['message.timestamp.type'] === 'LogAppendTime',
      timestampBeforeMaxMs: config['message.timestamp.before.max.ms'],
      timestampAfterMaxMs: config['message.timestamp.after.max.ms'],
      targetCodec: codecOf(config['compression.type']),
      minInsyncReplicas: config['min.insync.replicas'],
      segmentBytes: segmentBytes(config),
      validateRecords: broker.validateRecords,
      decompressedMaxBytes: broker.decompressedMaxBytes,
    },
    log: {
      segmentBytes: segmentBytes(config),
      segmentMs: config['segment.ms'],
      segmentJitterMs: config['segment.jitter.ms'],
      segmentIndexBytes: config['segment.index.bytes'],
      indexIntervalBytes: config['index.interval.bytes'],
      flushMessages: config['flush.messages'],
      flushMs: config['flush.ms'],
      fileDeleteDelayMs: config['file.delete.delay.ms'],
    },
  }
}

/** Kafka's hidden key for tests: segments below the public minimum. */
function segmentBytes(config: TopicConfig): number {
  return config['internal.segment.bytes'] ?? config['segment.bytes']
}

/** -1 for `producer`: keep what was sent. */
function codecOf(type: string): number {
  if (type === 'producer') return -1
  return type === 'uncompressed' ? 0 : COMPRESSION_TYPES.findIndex((name) => name === type)
}
