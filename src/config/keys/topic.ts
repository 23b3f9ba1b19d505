// Keys of a topic, with the broker keys that stand in for them.
import { boolean, double, int, list, long, LONG_MAX, string } from './key.ts'

export const topicKeys = {
  'cleanup.policy': list('delete', {
    distinct: true,
    oneOf: ['compact', 'delete'],
    from: [{ name: 'log.cleanup.policy', times: 1 }],
    doc: 'What happens to old records: `delete` by age or size, `compact` to the newest of each key, both, or empty for neither.',
  }),
  'compression.gzip.level': int(-1, {
    min: 1,
    max: 9,
    or: -1,
    from: [{ name: 'compression.gzip.level', times: 1 }],
    used: false,
    doc: "Level for gzip; -1 is the library's own choice.",
  }),
  'compression.lz4.level': int(9, {
    min: 1,
    max: 17,
    from: [{ name: 'compression.lz4.level', times: 1 }],
    used: false,
    doc: 'Level for lz4.',
  }),
  'compression.type': string('producer', {
    oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    from: [{ name: 'compression.type', times: 1 }],
    doc: 'Compression of the stored batches; `producer` keeps what the producer sent.',
  }),
  'compression.zstd.level': int(3, {
    min: -131072,
    max: 22,
    from: [{ name: 'compression.zstd.level', times: 1 }],
    used: false,
    doc: 'Level for zstd.',
  }),
  'delete.retention.ms': long(86400000, {
    min: 0,
    from: [{ name: 'log.cleaner.delete.retention.ms', times: 1 }],
    used: false,
    doc: 'Time that delete markers of a compacted topic stay readable.',
  }),
  'errors.deadletterqueue.group.enable': boolean(false, {
    used: false,
    doc: 'Whether share groups may use this topic for dead letters.',
  }),
  'file.delete.delay.ms': long(60000, {
    min: 0,
    from: [{ name: 'log.segment.delete.delay.ms', times: 1 }],
    doc: 'Time between dropping a file and deleting it.',
  }),
  'flush.messages': long(LONG_MAX, {
    min: 1,
    from: [{ name: 'log.flush.interval.messages', times: 1 }],
    doc: 'Records after which a log is forced to disk.',
  }),
  'flush.ms': long(LONG_MAX, {
    min: 0,
    from: [
      { name: 'log.flush.interval.ms', times: 1 },
      { name: 'log.flush.scheduler.interval.ms', times: 1 },
    ],
    doc: 'Time after which a log is forced to disk.',
  }),
  'follower.replication.throttled.replicas': list('', {
    pattern: /^(\*|\d+:\d+)$/,
    shape: '* or partition:broker entries',
    used: false,
    doc: 'Follower replicas whose replication is throttled, or *.',
  }),
  'index.interval.bytes': int(4096, {
    min: 0,
    from: [{ name: 'log.index.interval.bytes', times: 1 }],
    doc: 'Bytes between two entries of the offset index.',
  }),
  'internal.segment.bytes': int(null, {
    internal: true,
    doc: 'Segment size below the usual minimum, for tests.',
  }),
  'leader.replication.throttled.replicas': list('', {
    pattern: /^(\*|\d+:\d+)$/,
    shape: '* or partition:broker entries',
    used: false,
    doc: 'Leader replicas whose replication is throttled, or *.',
  }),
  'local.retention.bytes': long(-2, {
    min: -2,
    from: [{ name: 'log.local.retention.bytes', times: 1 }],
    used: false,
    doc: 'Size kept on local disk when segments are tiered; -2 follows retention.bytes.',
  }),
  'local.retention.ms': long(-2, {
    min: -2,
    from: [{ name: 'log.local.retention.ms', times: 1 }],
    used: false,
    doc: 'Time kept on local disk when segments are tiered; -2 follows retention.ms.',
  }),
  'max.compaction.lag.ms': long(LONG_MAX, {
    min: 1,
    from: [{ name: 'log.cleaner.max.compaction.lag.ms', times: 1 }],
    used: false,
    doc: 'Longest time a record of a compacted topic may wait for compaction.',
  }),
  'max.decompressed.message.bytes': int(2147483639, {
    min: 1,
    max: 2147483639,
    from: [{ name: 'max.decompressed.message.bytes', times: 1 }],
    used: false,
    doc: 'Most bytes that one compressed batch may unfold to.',
  }),
  'max.message.bytes': int(1048588, {
    min: 0,
    from: [{ name: 'message.max.bytes', times: 1 }],
    doc: 'Largest record batch that is accepted.',
  }),
  'message.timestamp.after.max.ms': long(3600000, {
    min: 0,
    from: [{ name: 'log.message.timestamp.after.max.ms', times: 1 }],
    doc: "How far in the future a record's own timestamp may lie.",
  }),
  'message.timestamp.before.max.ms': long(LONG_MAX, {
    min: 0,
    from: [{ name: 'log.message.timestamp.before.max.ms', times: 1 }],
    doc: "How far in the past a record's own timestamp may lie.",
  }),
  'message.timestamp.type': string('CreateTime', {
    oneOf: ['CreateTime', 'LogAppendTime'],
    from: [{ name: 'log.message.timestamp.type', times: 1 }],
    doc: "Whether records carry the producer's time or the time of the append.",
  }),
  'min.cleanable.dirty.ratio': double(0.5, {
    min: 0,
    max: 1,
    from: [{ name: 'log.cleaner.min.cleanable.ratio', times: 1 }],
    used: false,
    doc: 'Part of a log that must be uncompacted before it is compacted.',
  }),
  'min.compaction.lag.ms': long(0, {
    min: 0,
    from: [{ name: 'log.cleaner.min.compaction.lag.ms', times: 1 }],
    used: false,
    doc: 'Time for which a new record is never compacted.',
  }),
  'min.insync.replicas': int(1, {
    min: 1,
    from: [{ name: 'min.insync.replicas', times: 1 }],
    doc: 'In-sync replicas that a write with acks=all needs.',
  }),
  preallocate: boolean(false, {
    from: [{ name: 'log.preallocate', times: 1 }],
    used: false,
    doc: "Whether a segment's file gets its full size when it is made.",
  }),
  'remote.copy.lag.bytes': long(-1, {
    min: -1,
    from: [{ name: 'log.remote.copy.lag.bytes', times: 1 }],
    used: false,
    doc: 'Size that stays local before segments are copied to tiered storage.',
  }),
  'remote.copy.lag.ms': long(0, {
    min: -1,
    from: [{ name: 'log.remote.copy.lag.ms', times: 1 }],
    used: false,
    doc: 'Time that segments stay local before they are copied to tiered storage.',
  }),
  'remote.log.copy.disable': boolean(false, {
    used: false,
    doc: 'Whether copying to tiered storage is stopped.',
  }),
  'remote.log.delete.on.disable': boolean(false, {
    used: false,
    doc: 'Whether tiered segments are deleted when tiered storage is switched off.',
  }),
  'remote.storage.enable': boolean(false, {
    used: false,
    doc: 'Whether this topic uses tiered storage; Samsa has none.',
  }),
  'retention.bytes': long(-1, {
    from: [{ name: 'log.retention.bytes', times: 1 }],
    used: false,
    doc: 'Size of a partition above which its oldest segments are deleted; -1 means no limit.',
  }),
  'retention.ms': long(604800000, {
    min: -1,
    from: [
      { name: 'log.retention.ms', times: 1 },
      { name: 'log.retention.minutes', times: 60000 },
      { name: 'log.retention.hours', times: 3600000 },
    ],
    used: false,
    doc: 'Age above which segments are deleted; -1 means no limit.',
  }),
  'segment.bytes': int(1073741824, {
    min: 1048576,
    from: [{ name: 'log.segment.bytes', times: 1 }],
    doc: 'Size at which a segment is closed and a new one begins.',
  }),
  'segment.index.bytes': int(10485760, {
    min: 4,
    from: [{ name: 'log.index.size.max.bytes', times: 1 }],
    doc: 'Largest size of an index file.',
  }),
  'segment.jitter.ms': long(0, {
    min: 0,
    from: [
      { name: 'log.roll.jitter.ms', times: 1 },
      { name: 'log.roll.jitter.hours', times: 3600000 },
    ],
    doc: 'Random part of segment.ms, so that segments do not all roll at once.',
  }),
  'segment.ms': long(604800000, {
    min: 1,
    from: [
      { name: 'log.roll.ms', times: 1 },
      { name: 'log.roll.hours', times: 3600000 },
    ],
    doc: 'Age at which a segment is closed even if it is not full.',
  }),
  'unclean.leader.election.enable': boolean(false, {
    from: [{ name: 'unclean.leader.election.enable', times: 1 }],
    used: false,
    doc: 'Whether a replica outside the in-sync set may become leader, losing records.',
  }),
} as const
