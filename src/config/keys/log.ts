// Broker keys of logs: segments, retention, compaction, tiered storage.
import { boolean, double, int, list, long, LONG_MAX, string } from './key.ts'

export const logKeys = {
  'compression.gzip.level': int(-1, {
    min: 1,
    max: 9,
    or: -1,
    dynamic: 'cluster-wide',
    doc: '`compression.gzip.level` of topics that do not set it.',
  }),
  'compression.lz4.level': int(9, {
    min: 1,
    max: 17,
    dynamic: 'cluster-wide',
    doc: '`compression.lz4.level` of topics that do not set it.',
  }),
  'compression.type': string('producer', {
    oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    dynamic: 'cluster-wide',
    doc: '`compression.type` of topics that do not set it.',
  }),
  'compression.zstd.level': int(3, {
    min: -131072,
    max: 22,
    dynamic: 'cluster-wide',
    doc: '`compression.zstd.level` of topics that do not set it.',
  }),
  'cordoned.log.dirs': list('', {
    distinct: true,
    dynamic: 'per-broker',
    used: false,
    doc: 'Log directories that take no new partitions.',
  }),
  'log.cleaner.backoff.ms': long(15000, {
    min: 0,
    dynamic: 'cluster-wide',
    doc: 'Time the cleaner sleeps when no log needs it.',
  }),
  'log.cleaner.dedupe.buffer.size': long(134217728, {
    dynamic: 'cluster-wide',
    doc: 'Memory for the key map of log compaction.',
  }),
  'log.cleaner.delete.retention.ms': long(86400000, {
    min: 0,
    dynamic: 'cluster-wide',
    doc: '`delete.retention.ms` of topics that do not set it.',
  }),
  'log.cleaner.enable': boolean(true, {
    doc: 'Whether topics with the policy `compact` are compacted.',
  }),
  'log.cleaner.io.buffer.load.factor': double(0.9, {
    dynamic: 'cluster-wide',
    used: false,
    doc: 'How full the key map of log compaction may get.',
  }),
  'log.cleaner.io.buffer.size': int(524288, {
    min: 0,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Size of the copy buffers of log compaction.',
  }),
  'log.cleaner.io.max.bytes.per.second': double('1.7976931348623157E308', {
    dynamic: 'cluster-wide',
    doc: 'Most bytes that log compaction reads and writes in a second.',
  }),
  'log.cleaner.max.compaction.lag.ms': long(LONG_MAX, {
    min: 1,
    dynamic: 'cluster-wide',
    doc: '`max.compaction.lag.ms` of topics that do not set it.',
  }),
  'log.cleaner.min.cleanable.ratio': double(0.5, {
    min: 0,
    max: 1,
    dynamic: 'cluster-wide',
    doc: '`min.cleanable.dirty.ratio` of topics that do not set it.',
  }),
  'log.cleaner.min.compaction.lag.ms': long(0, {
    min: 0,
    dynamic: 'cluster-wide',
    doc: '`min.compaction.lag.ms` of topics that do not set it.',
  }),
  'log.cleaner.threads': int(1, {
    min: 0,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Threads of the log cleaner; Samsa has one thread.',
  }),
  'log.cleanup.policy': list('delete', {
    distinct: true,
    oneOf: ['compact', 'delete'],
    dynamic: 'cluster-wide',
    doc: '`cleanup.policy` of topics that do not set it.',
  }),
  'log.dir': list('/tmp/kafka-logs', {
    distinct: true,
    notEmpty: true,
    doc: 'Directory for topics and metadata, used when `log.dirs` is not set.',
  }),
  'log.dir.failure.timeout.ms': long(30000, {
    min: 1,
    used: false,
    doc: 'Time after which a broker stops that cannot report a failed log directory.',
  }),
  'log.dirs': list(null, {
    distinct: true,
    notEmpty: true,
    doc: 'Directories for topics and metadata, comma separated.',
  }),
  'log.flush.interval.messages': long(LONG_MAX, {
    min: 1,
    dynamic: 'cluster-wide',
    doc: '`flush.messages` of topics that do not set it.',
  }),
  'log.flush.interval.ms': long(null, {
    dynamic: 'cluster-wide',
    doc: '`flush.ms` of topics that do not set it.',
  }),
  'log.flush.offset.checkpoint.interval.ms': int(60000, {
    min: 0,
    doc: 'Time between two writes of the recovery point file.',
  }),
  'log.flush.scheduler.interval.ms': long(LONG_MAX, {
    doc: 'Time between two searches for logs to flush; also `flush.ms` where log.flush.interval.ms is not set.',
  }),
  'log.flush.start.offset.checkpoint.interval.ms': int(60000, {
    min: 0,
    doc: 'Time between two writes of the log start offset file.',
  }),
  'log.index.interval.bytes': int(4096, {
    min: 0,
    dynamic: 'cluster-wide',
    doc: '`index.interval.bytes` of topics that do not set it.',
  }),
  'log.index.size.max.bytes': int(10485760, {
    min: 4,
    dynamic: 'cluster-wide',
    doc: '`segment.index.bytes` of topics that do not set it.',
  }),
  'log.initial.task.delay.ms': long(30000, {
    min: 0,
    internal: true,
    doc: 'Time after the start before retention and cleaning begin, for tests.',
  }),
  'log.local.retention.bytes': long(-2, {
    min: -2,
    dynamic: 'cluster-wide',
    used: false,
    doc: '`local.retention.bytes` of topics that do not set it.',
  }),
  'log.local.retention.ms': long(-2, {
    min: -2,
    dynamic: 'cluster-wide',
    used: false,
    doc: '`local.retention.ms` of topics that do not set it.',
  }),
  'log.message.timestamp.after.max.ms': long(3600000, {
    min: 0,
    dynamic: 'cluster-wide',
    doc: '`message.timestamp.after.max.ms` of topics that do not set it.',
  }),
  'log.message.timestamp.before.max.ms': long(LONG_MAX, {
    min: 0,
    dynamic: 'cluster-wide',
    doc: '`message.timestamp.before.max.ms` of topics that do not set it.',
  }),
  'log.message.timestamp.type': string('CreateTime', {
    oneOf: ['CreateTime', 'LogAppendTime'],
    dynamic: 'cluster-wide',
    doc: '`message.timestamp.type` of topics that do not set it.',
  }),
  'log.preallocate': boolean(false, {
    dynamic: 'cluster-wide',
    used: false,
    doc: '`preallocate` of topics that do not set it.',
  }),
  'log.remote.copy.lag.bytes': long(-1, {
    min: -1,
    dynamic: 'cluster-wide',
    used: false,
    doc: '`remote.copy.lag.bytes` of topics that do not set it.',
  }),
  'log.remote.copy.lag.ms': long(0, {
    min: -1,
    dynamic: 'cluster-wide',
    used: false,
    doc: '`remote.copy.lag.ms` of topics that do not set it.',
  }),
  'log.retention.bytes': long(-1, {
    dynamic: 'cluster-wide',
    doc: '`retention.bytes` of topics that do not set it.',
  }),
  'log.retention.check.interval.ms': long(300000, {
    min: 1,
    doc: 'Time between two searches for segments that retention may delete.',
  }),
  'log.retention.hours': int(168, {
    doc: '`retention.ms` in hours, for topics that do not set it; asked after log.retention.ms and log.retention.minutes.',
  }),
  'log.retention.minutes': int(null, {
    doc: '`retention.ms` in minutes, for topics that do not set it; asked after log.retention.ms.',
  }),
  'log.retention.ms': long(null, {
    dynamic: 'cluster-wide',
    doc: '`retention.ms` of topics that do not set it.',
  }),
  'log.roll.hours': int(168, {
    min: 1,
    doc: '`segment.ms` in hours, for topics that do not set it; asked after log.roll.ms.',
  }),
  'log.roll.jitter.hours': int(0, {
    min: 0,
    doc: '`segment.jitter.ms` in hours, for topics that do not set it; asked after log.roll.jitter.ms.',
  }),
  'log.roll.jitter.ms': long(null, {
    dynamic: 'cluster-wide',
    doc: '`segment.jitter.ms` of topics that do not set it.',
  }),
  'log.roll.ms': long(null, {
    dynamic: 'cluster-wide',
    doc: '`segment.ms` of topics that do not set it.',
  }),
  'log.segment.bytes': int(1073741824, {
    min: 1048576,
    dynamic: 'cluster-wide',
    doc: '`segment.bytes` of topics that do not set it.',
  }),
  'log.segment.delete.delay.ms': long(60000, {
    min: 0,
    dynamic: 'cluster-wide',
    doc: '`file.delete.delay.ms` of topics that do not set it.',
  }),
  'max.decompressed.message.bytes': int(2147483639, {
    min: 1,
    max: 2147483639,
    dynamic: 'cluster-wide',
    doc: '`max.decompressed.message.bytes` of topics that do not set it.',
  }),
  'message.max.bytes': int(1048588, {
    min: 0,
    dynamic: 'cluster-wide',
    doc: '`max.message.bytes` of topics that do not set it.',
  }),
  'min.insync.replicas': int(1, {
    min: 1,
    dynamic: 'cluster-wide',
    doc: '`min.insync.replicas` of topics that do not set it.',
  }),
  'num.recovery.threads.per.data.dir': int(2, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Threads that recover logs at the start; Samsa has one thread.',
  }),
  'producer.id.expiration.check.interval.ms': int(600000, {
    min: 1,
    internal: true,
    used: false,
    doc: 'Time between two searches for producers that went away.',
  }),
  'producer.id.expiration.ms': int(86400000, {
    min: 1,
    dynamic: 'cluster-wide',
    doc: "Time after the last write for which a producer's sequence numbers are remembered.",
  }),
  'remote.fetch.max.wait.ms': int(500, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Longest wait for a read from tiered storage.',
  }),
  'remote.list.offsets.request.timeout.ms': long(30000, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Time after which ListOffsets gives up on tiered storage.',
  }),
  'remote.log.index.file.cache.total.size.bytes': long(1073741824, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Disk space for indexes fetched from tiered storage.',
  }),
  'remote.log.index.file.cache.ttl.ms': long(900000, {
    min: -1,
    internal: true,
    used: false,
    doc: 'Time that unused indexes from tiered storage are kept.',
  }),
  'remote.log.manager.copier.thread.pool.size': int(10, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Threads that copy segments to tiered storage.',
  }),
  'remote.log.manager.copy.max.bytes.per.second': long(LONG_MAX, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Most bytes copied to tiered storage in a second.',
  }),
  'remote.log.manager.copy.quota.window.num': int(11, {
    min: 1,
    used: false,
    doc: 'Samples kept for the tiered copy quota.',
  }),
  'remote.log.manager.copy.quota.window.size.seconds': int(1, {
    min: 1,
    used: false,
    doc: 'Length of one sample for the tiered copy quota.',
  }),
  'remote.log.manager.expiration.thread.pool.size': int(10, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Threads that delete expired segments in tiered storage.',
  }),
  'remote.log.manager.fetch.max.bytes.per.second': long(LONG_MAX, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Most bytes fetched from tiered storage in a second.',
  }),
  'remote.log.manager.fetch.quota.window.num': int(11, {
    min: 1,
    used: false,
    doc: 'Samples kept for the tiered fetch quota.',
  }),
  'remote.log.manager.fetch.quota.window.size.seconds': int(1, {
    min: 1,
    used: false,
    doc: 'Length of one sample for the tiered fetch quota.',
  }),
  'remote.log.manager.follower.thread.pool.size': int(2, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Threads of tiered storage for follower partitions.',
  }),
  'remote.log.manager.task.interval.ms': long(30000, {
    min: 1,
    used: false,
    doc: 'Time between two runs of the tiered storage tasks.',
  }),
  'remote.log.manager.task.retry.backoff.max.ms': long(30000, {
    min: 1,
    internal: true,
    used: false,
    doc: 'Longest wait before a tiered storage task is tried again.',
  }),
  'remote.log.manager.task.retry.backoff.ms': long(500, {
    min: 1,
    internal: true,
    used: false,
    doc: 'First wait before a tiered storage task is tried again.',
  }),
  'remote.log.manager.task.retry.jitter': double(0.2, {
    min: 0,
    max: 0.5,
    internal: true,
    used: false,
    doc: 'Random part of the wait before a tiered storage task is tried again.',
  }),
  'remote.log.manager.thread.pool.size': int(2, {
    min: 1,
    used: false,
    doc: 'Threads that schedule tiered storage tasks.',
  }),
  'remote.log.metadata.custom.metadata.max.bytes': int(128, {
    min: 0,
    used: false,
    doc: "Most bytes of a storage plug-in's own notes on a segment.",
  }),
  'remote.log.metadata.manager.class.name': string(
    'org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager',
    { notEmpty: true, used: false, doc: 'Java class that keeps the metadata of tiered segments.' },
  ),
  'remote.log.metadata.manager.class.path': string(null, {
    used: false,
    doc: 'Class path of the tiered metadata plug-in.',
  }),
  'remote.log.metadata.manager.impl.prefix': string('rlmm.config.', {
    notEmpty: true,
    used: false,
    doc: 'Prefix of keys that go to the tiered metadata plug-in.',
  }),
  'remote.log.metadata.manager.listener.name': string(null, {
    notEmpty: true,
    used: false,
    doc: 'Listener that the tiered metadata plug-in uses.',
  }),
  'remote.log.reader.max.pending.tasks': int(100, {
    min: 1,
    used: false,
    doc: 'Reads from tiered storage that may wait.',
  }),
  'remote.log.reader.threads': int(10, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Threads that read from tiered storage.',
  }),
  'remote.log.storage.manager.class.name': string(null, {
    notEmpty: true,
    used: false,
    doc: 'Java class that stores tiered segments.',
  }),
  'remote.log.storage.manager.class.path': string(null, {
    used: false,
    doc: 'Class path of the tiered storage plug-in.',
  }),
  'remote.log.storage.manager.impl.prefix': string('rsm.config.', {
    notEmpty: true,
    used: false,
    doc: 'Prefix of keys that go to the tiered storage plug-in.',
  }),
  'remote.log.storage.system.enable': boolean(false, {
    used: false,
    doc: 'Whether tiered storage is switched on; Samsa has none.',
  }),
  'unclean.leader.election.enable': boolean(false, {
    dynamic: 'cluster-wide',
    doc: '`unclean.leader.election.enable` of topics that do not set it.',
  }),
} as const
