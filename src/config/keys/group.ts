// Keys of a group, and the broker keys of the group, share and transaction coordinators.
import { boolean, int, javaClass, list, long, short, string } from './key.ts'

export const groupKeys = {
  'consumer.assignment.interval.ms': int(1000, {
    min: 0,
    from: [{ name: 'group.consumer.assignment.interval.ms', times: 1 }],
    used: false,
    doc: 'Shortest time between two assignments of a group of the new consumer protocol.',
  }),
  'consumer.assignor.offload.enable': boolean(true, {
    from: [{ name: 'group.consumer.assignor.offload.enable', times: 1 }],
    internal: true,
    used: false,
    doc: 'Whether assignments of consumer groups are computed away from the coordinator.',
  }),
  'consumer.heartbeat.interval.ms': int(5000, {
    min: 1,
    from: [{ name: 'group.consumer.heartbeat.interval.ms', times: 1 }],
    used: false,
    doc: 'Time between two heartbeats of a member of the new consumer protocol.',
  }),
  'consumer.session.timeout.ms': int(45000, {
    min: 1,
    from: [{ name: 'group.consumer.session.timeout.ms', times: 1 }],
    used: false,
    doc: 'Time without a heartbeat after which a member of the new consumer protocol is removed.',
  }),
  'errors.deadletterqueue.copy.record.enable': boolean(false, {
    used: false,
    doc: 'Whether a dead letter carries key and value of the failed record.',
  }),
  'errors.deadletterqueue.topic.name': string('', {
    used: false,
    doc: 'Topic for records that a share group could not deliver; empty means none.',
  }),
  'share.assignment.interval.ms': int(1000, {
    min: 0,
    from: [{ name: 'group.share.assignment.interval.ms', times: 1 }],
    used: false,
    doc: 'Shortest time between two assignments of a share group.',
  }),
  'share.assignor.offload.enable': boolean(true, {
    from: [{ name: 'group.share.assignor.offload.enable', times: 1 }],
    internal: true,
    used: false,
    doc: 'Whether assignments of share groups are computed away from the coordinator.',
  }),
  'share.auto.offset.reset': string('latest', {
    pattern:
      /^(latest|earliest|by_duration:P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)$/i,
    shape: 'latest, earliest or by_duration:PnDTnHnMn.nS',
    used: false,
    doc: 'Where a share group starts: latest, earliest or by_duration:<ISO 8601 duration>.',
  }),
  'share.delivery.count.limit': int(5, {
    min: 2,
    from: [{ name: 'group.share.delivery.count.limit', times: 1 }],
    used: false,
    doc: 'Deliveries after which a record of a share group is given up.',
  }),
  'share.heartbeat.interval.ms': int(5000, {
    min: 1,
    from: [{ name: 'group.share.heartbeat.interval.ms', times: 1 }],
    used: false,
    doc: 'Time between two heartbeats of a share group member.',
  }),
  'share.isolation.level': string('read_uncommitted', {
    oneOf: ['read_committed', 'read_uncommitted'],
    used: false,
    doc: 'Whether a share group sees records of open and aborted transactions.',
  }),
  'share.partition.max.record.locks': int(2000, {
    min: 100,
    from: [{ name: 'group.share.partition.max.record.locks', times: 1 }],
    used: false,
    doc: 'Most records of one partition that a share group may have locked.',
  }),
  'share.record.lock.duration.ms': int(30000, {
    min: 1000,
    from: [{ name: 'group.share.record.lock.duration.ms', times: 1 }],
    used: false,
    doc: 'Time for which a delivered record is locked.',
  }),
  'share.renew.acknowledge.enable': boolean(true, {
    used: false,
    doc: 'Whether share group members may extend a lock.',
  }),
  'share.session.timeout.ms': int(45000, {
    min: 1,
    from: [{ name: 'group.share.session.timeout.ms', times: 1 }],
    used: false,
    doc: 'Time without a heartbeat after which a share group member is removed.',
  }),
  'streams.acceptable.recovery.lag': long(10000, {
    min: 0,
    from: [{ name: 'group.streams.acceptable.recovery.lag', times: 1 }],
    internal: true,
    used: false,
    doc: 'Lag at which a standby task counts as caught up.',
  }),
  'streams.assignment.interval.ms': int(1000, {
    min: 0,
    from: [{ name: 'group.streams.assignment.interval.ms', times: 1 }],
    used: false,
    doc: 'Shortest time between two assignments of a streams group.',
  }),
  'streams.assignor.name': string(null, {
    from: [{ name: 'group.streams.assignors', times: 1 }],
    used: false,
    doc: 'Task assignor of a streams group.',
  }),
  'streams.assignor.offload.enable': boolean(true, {
    from: [{ name: 'group.streams.assignor.offload.enable', times: 1 }],
    internal: true,
    used: false,
    doc: 'Whether assignments of streams groups are computed away from the coordinator.',
  }),
  'streams.heartbeat.interval.ms': int(5000, {
    min: 1,
    from: [{ name: 'group.streams.heartbeat.interval.ms', times: 1 }],
    used: false,
    doc: 'Time between two heartbeats of a streams group member.',
  }),
  'streams.initial.rebalance.delay.ms': int(3000, {
    min: 0,
    from: [{ name: 'group.streams.initial.rebalance.delay.ms', times: 1 }],
    used: false,
    doc: 'Time the first assignment of an empty streams group waits for more members.',
  }),
  'streams.num.standby.replicas': int(0, {
    min: 0,
    from: [{ name: 'group.streams.num.standby.replicas', times: 1 }],
    used: false,
    doc: 'Standby copies of each task.',
  }),
  'streams.num.warmup.replicas': int(2, {
    min: 0,
    from: [{ name: 'group.streams.num.warmup.replicas', times: 1 }],
    internal: true,
    used: false,
    doc: 'Copies that may warm up at the same time.',
  }),
  'streams.rack.aware.assignment.tags': list('', {
    distinct: true,
    from: [{ name: 'group.streams.rack.aware.assignment.tags', times: 1 }],
    used: false,
    doc: 'Client tags over which standby copies are spread.',
  }),
  'streams.session.timeout.ms': int(45000, {
    min: 1,
    from: [{ name: 'group.streams.session.timeout.ms', times: 1 }],
    used: false,
    doc: 'Time without a heartbeat after which a streams group member is removed.',
  }),
  'streams.task.offset.interval.ms': int(60000, {
    min: 1,
    from: [{ name: 'group.streams.task.offset.interval.ms', times: 1 }],
    internal: true,
    used: false,
    doc: 'Time between two reports of task offsets.',
  }),
} as const

export const coordinatorKeys = {
  'add.partitions.to.txn.retry.backoff.max.ms': int(100, {
    min: 0,
    used: false,
    doc: 'Longest wait before AddPartitionsToTxn is tried again while a transaction is still completing.',
  }),
  'add.partitions.to.txn.retry.backoff.ms': int(20, {
    min: 1,
    used: false,
    doc: 'First wait before AddPartitionsToTxn is tried again while a transaction is still completing.',
  }),
  'errors.deadletterqueue.auto.create.topics.enable': boolean(false, {
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Whether a missing dead letter topic of a share group is created.',
  }),
  'errors.deadletterqueue.topic.name.prefix': string('dlq.', {
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Prefix that every dead letter topic must have.',
  }),
  'group.consumer.assignment.interval.ms': int(1000, {
    min: 0,
    dynamic: 'cluster-wide',
    used: false,
    doc: '`consumer.assignment.interval.ms` of groups that do not set it.',
  }),
  'group.consumer.assignor.offload.enable': boolean(true, {
    dynamic: 'cluster-wide',
    internal: true,
    used: false,
    doc: '`consumer.assignor.offload.enable` of groups that do not set it.',
  }),
  'group.consumer.assignors': list('uniform,range', {
    distinct: true,
    notEmpty: true,
    used: false,
    doc: 'Assignors of the new consumer protocol, the default one first.',
  }),
  'group.consumer.heartbeat.interval.ms': int(5000, {
    min: 1,
    used: false,
    doc: '`consumer.heartbeat.interval.ms` of groups that do not set it.',
  }),
  'group.consumer.max.assignment.interval.ms': int(15000, {
    min: 0,
    used: false,
    doc: 'Largest `consumer.assignment.interval.ms` that a group may set.',
  }),
  'group.consumer.max.heartbeat.interval.ms': int(15000, {
    min: 1,
    used: false,
    doc: 'Largest `consumer.heartbeat.interval.ms` that a group may set.',
  }),
  'group.consumer.max.session.timeout.ms': int(60000, {
    min: 1,
    used: false,
    doc: 'Largest `consumer.session.timeout.ms` that a group may set.',
  }),
  'group.consumer.max.size': int(2147483647, {
    min: 1,
    used: false,
    doc: 'Most members in one group of the new consumer protocol.',
  }),
  'group.consumer.migration.policy': string('bidirectional', {
    anyCaseOf: ['DISABLED', 'DOWNGRADE', 'UPGRADE', 'BIDIRECTIONAL'],
    used: false,
    doc: 'Whether groups may move between the classic and the new consumer protocol while they run.',
  }),
  'group.consumer.min.assignment.interval.ms': int(0, {
    min: 0,
    used: false,
    doc: 'Smallest `consumer.assignment.interval.ms` that a group may set.',
  }),
  'group.consumer.min.heartbeat.interval.ms': int(5000, {
    min: 1,
    used: false,
    doc: 'Smallest `consumer.heartbeat.interval.ms` that a group may set.',
  }),
  'group.consumer.min.session.timeout.ms': int(45000, {
    min: 1,
    used: false,
    doc: 'Smallest `consumer.session.timeout.ms` that a group may set.',
  }),
  'group.consumer.regex.refresh.interval.ms': int(600000, {
    min: 10000,
    internal: true,
    used: false,
    doc: 'Time between two evaluations of a subscribed pattern.',
  }),
  'group.consumer.session.timeout.ms': int(45000, {
    min: 1,
    used: false,
    doc: '`consumer.session.timeout.ms` of groups that do not set it.',
  }),
  'group.coordinator.append.linger.ms': int(-1, {
    min: -1,
    used: false,
    doc: 'Time the group coordinator gathers records before it writes them; -1 adapts to the load.',
  }),
  'group.coordinator.background.threads': int(2, {
    min: 1,
    used: false,
    doc: 'Threads that compute assignments; Samsa has one thread.',
  }),
  'group.coordinator.cached.buffer.max.bytes': int(1048588, {
    min: 524288,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Size of the write buffer that the group coordinator keeps.',
  }),
  'group.coordinator.rebalance.protocols': list('classic,consumer,streams', {
    distinct: true,
    notEmpty: true,
    oneOf: ['consumer', 'classic', 'share', 'streams'],
    used: false,
    doc: 'Group protocols that are switched on.',
  }),
  'group.coordinator.threads': int(4, {
    min: 1,
    used: false,
    doc: 'Threads of the group coordinator; Samsa has one thread.',
  }),
  'group.initial.rebalance.delay.ms': int(3000, {
    doc: 'Time the first rebalance of an empty group waits for more members.',
  }),
  'group.max.session.timeout.ms': int(1800000, {
    doc: 'Longest session timeout a classic group member may ask for.',
  }),
  'group.max.size': int(2147483647, { min: 1, doc: 'Most members in one classic group.' }),
  'group.min.session.timeout.ms': int(6000, {
    doc: 'Shortest session timeout a classic group member may ask for.',
  }),
  'group.share.assignment.interval.ms': int(1000, {
    min: 0,
    dynamic: 'cluster-wide',
    used: false,
    doc: '`share.assignment.interval.ms` of groups that do not set it.',
  }),
  'group.share.assignor.offload.enable': boolean(true, {
    dynamic: 'cluster-wide',
    internal: true,
    used: false,
    doc: '`share.assignor.offload.enable` of groups that do not set it.',
  }),
  'group.share.assignors': list('simple', {
    distinct: true,
    notEmpty: true,
    used: false,
    doc: 'Assignors of share groups.',
  }),
  'group.share.delivery.count.limit': int(5, {
    min: 2,
    max: 10,
    used: false,
    doc: '`share.delivery.count.limit` of groups that do not set it.',
  }),
  'group.share.dlq.manager.class.name': string(
    'org.apache.kafka.server.share.dlq.DefaultShareGroupDLQManager',
    { internal: true, used: false, doc: 'Java class that writes dead letters of share groups.' },
  ),
  'group.share.heartbeat.interval.ms': int(5000, {
    min: 1,
    used: false,
    doc: '`share.heartbeat.interval.ms` of groups that do not set it.',
  }),
  'group.share.initialize.retry.interval.ms': int(30000, {
    min: 1,
    internal: true,
    used: false,
    doc: 'Wait before the state of a share group is initialized again after a failure.',
  }),
  'group.share.max.assignment.interval.ms': int(15000, {
    min: 0,
    used: false,
    doc: 'Largest `share.assignment.interval.ms` that a group may set.',
  }),
  'group.share.max.delivery.count.limit': int(10, {
    min: 5,
    max: 25,
    used: false,
    doc: 'Largest `share.delivery.count.limit` that a group may set.',
  }),
  'group.share.max.heartbeat.interval.ms': int(15000, {
    min: 1,
    used: false,
    doc: 'Largest `share.heartbeat.interval.ms` that a group may set.',
  }),
  'group.share.max.partition.max.record.locks': int(4000, {
    min: 2000,
    max: 10000,
    used: false,
    doc: 'Largest `share.partition.max.record.locks` that a group may set.',
  }),
  'group.share.max.record.lock.duration.ms': int(60000, {
    min: 30000,
    max: 3600000,
    used: false,
    doc: 'Largest `share.record.lock.duration.ms` that a group may set.',
  }),
  'group.share.max.session.timeout.ms': int(60000, {
    min: 1,
    used: false,
    doc: 'Largest `share.session.timeout.ms` that a group may set.',
  }),
  'group.share.max.share.sessions': int(2000, {
    min: 1,
    used: false,
    doc: 'Most share sessions on this broker.',
  }),
  'group.share.max.size': int(200, {
    min: 1,
    max: 1000,
    used: false,
    doc: 'Most members in one share group.',
  }),
  'group.share.min.assignment.interval.ms': int(0, {
    min: 0,
    used: false,
    doc: 'Smallest `share.assignment.interval.ms` that a group may set.',
  }),
  'group.share.min.delivery.count.limit': int(2, {
    min: 2,
    max: 5,
    used: false,
    doc: 'Smallest `share.delivery.count.limit` that a group may set.',
  }),
  'group.share.min.heartbeat.interval.ms': int(5000, {
    min: 1,
    used: false,
    doc: 'Smallest `share.heartbeat.interval.ms` that a group may set.',
  }),
  'group.share.min.partition.max.record.locks': int(100, {
    min: 100,
    max: 2000,
    used: false,
    doc: 'Smallest `share.partition.max.record.locks` that a group may set.',
  }),
  'group.share.min.record.lock.duration.ms': int(15000, {
    min: 1000,
    max: 30000,
    used: false,
    doc: 'Smallest `share.record.lock.duration.ms` that a group may set.',
  }),
  'group.share.min.session.timeout.ms': int(45000, {
    min: 1,
    used: false,
    doc: 'Smallest `share.session.timeout.ms` that a group may set.',
  }),
  'group.share.partition.max.record.locks': int(2000, {
    min: 100,
    max: 10000,
    used: false,
    doc: '`share.partition.max.record.locks` of groups that do not set it.',
  }),
  'group.share.persister.class.name': string(
    'org.apache.kafka.server.share.persister.DefaultStatePersister',
    { internal: true, used: false, doc: 'Java class that keeps the state of share groups.' },
  ),
  'group.share.record.lock.duration.ms': int(30000, {
    min: 1000,
    max: 3600000,
    used: false,
    doc: '`share.record.lock.duration.ms` of groups that do not set it.',
  }),
  'group.share.session.timeout.ms': int(45000, {
    min: 1,
    used: false,
    doc: '`share.session.timeout.ms` of groups that do not set it.',
  }),
  'group.streams.acceptable.recovery.lag': long(10000, {
    min: 0,
    internal: true,
    used: false,
    doc: '`streams.acceptable.recovery.lag` of groups that do not set it.',
  }),
  'group.streams.assignment.interval.ms': int(1000, {
    min: 0,
    dynamic: 'cluster-wide',
    used: false,
    doc: '`streams.assignment.interval.ms` of groups that do not set it.',
  }),
  'group.streams.assignor.offload.enable': boolean(true, {
    dynamic: 'cluster-wide',
    internal: true,
    used: false,
    doc: '`streams.assignor.offload.enable` of groups that do not set it.',
  }),
  'group.streams.assignors': list('sticky', {
    distinct: true,
    notEmpty: true,
    used: false,
    doc: '`streams.assignor.name` of groups that do not set it.',
  }),
  'group.streams.heartbeat.interval.ms': int(5000, {
    min: 1,
    used: false,
    doc: '`streams.heartbeat.interval.ms` of groups that do not set it.',
  }),
  'group.streams.initial.rebalance.delay.ms': int(3000, {
    min: 0,
    used: false,
    doc: '`streams.initial.rebalance.delay.ms` of groups that do not set it.',
  }),
  'group.streams.max.assignment.interval.ms': int(15000, {
    min: 0,
    used: false,
    doc: 'Largest `streams.assignment.interval.ms` that a group may set.',
  }),
  'group.streams.max.heartbeat.interval.ms': int(15000, {
    min: 1,
    used: false,
    doc: 'Largest `streams.heartbeat.interval.ms` that a group may set.',
  }),
  'group.streams.max.session.timeout.ms': int(60000, {
    min: 1,
    used: false,
    doc: 'Largest `streams.session.timeout.ms` that a group may set.',
  }),
  'group.streams.max.size': int(2147483647, {
    min: 1,
    used: false,
    doc: 'Most members in one streams group.',
  }),
  'group.streams.max.standby.replicas': int(2, {
    min: 0,
    used: false,
    doc: 'Largest `streams.standby.replicas` that a group may set.',
  }),
  'group.streams.max.warmup.replicas': int(20, {
    min: 0,
    internal: true,
    used: false,
    doc: 'Largest `streams.warmup.replicas` that a group may set.',
  }),
  'group.streams.min.assignment.interval.ms': int(0, {
    min: 0,
    used: false,
    doc: 'Smallest `streams.assignment.interval.ms` that a group may set.',
  }),
  'group.streams.min.heartbeat.interval.ms': int(5000, {
    min: 1,
    used: false,
    doc: 'Smallest `streams.heartbeat.interval.ms` that a group may set.',
  }),
  'group.streams.min.session.timeout.ms': int(45000, {
    min: 1,
    used: false,
    doc: 'Smallest `streams.session.timeout.ms` that a group may set.',
  }),
  'group.streams.min.task.offset.interval.ms': int(15000, {
    min: 1,
    internal: true,
    used: false,
    doc: 'Smallest `streams.task.offset.interval.ms` that a group may set.',
  }),
  'group.streams.num.standby.replicas': int(0, {
    min: 0,
    used: false,
    doc: '`streams.num.standby.replicas` of groups that do not set it.',
  }),
  'group.streams.num.warmup.replicas': int(2, {
    min: 0,
    internal: true,
    used: false,
    doc: '`streams.num.warmup.replicas` of groups that do not set it.',
  }),
  'group.streams.rack.aware.assignment.tags': list('', {
    distinct: true,
    used: false,
    doc: '`streams.rack.aware.assignment.tags` of groups that do not set it.',
  }),
  'group.streams.session.timeout.ms': int(45000, {
    min: 1,
    used: false,
    doc: '`streams.session.timeout.ms` of groups that do not set it.',
  }),
  'group.streams.task.offset.interval.ms': int(60000, {
    min: 1,
    internal: true,
    used: false,
    doc: '`streams.task.offset.interval.ms` of groups that do not set it.',
  }),
  'group.streams.topology.description.plugin.class': javaClass(null, {
    used: false,
    doc: 'Java class that keeps topology descriptions of streams groups.',
  }),
  'offset.metadata.max.bytes': int(4096, {
    doc: 'Longest text a client may store with a committed offset.',
  }),
  'offsets.commit.timeout.ms': int(5000, {
    min: 1,
    used: false,
    doc: 'Time after which an offset commit fails that is not replicated yet.',
  }),
  'offsets.load.buffer.size': int(5242880, {
    min: 1,
    used: false,
    doc: 'Size of the reads with which group state is loaded.',
  }),
  'offsets.retention.check.interval.ms': long(600000, {
    min: 1,
    doc: 'Time between two searches for expired committed offsets.',
  }),
  'offsets.retention.minutes': int(10080, {
    min: 1,
    doc: 'Minutes that committed offsets are kept once their group is empty.',
  }),
  'offsets.topic.compression.codec': int(0, {
    used: false,
    doc: 'Compression of the offsets topic: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.',
  }),
  'offsets.topic.num.partitions': int(50, {
    min: 1,
    doc: 'Partitions of the offsets topic; fixed once it exists.',
  }),
  'offsets.topic.replication.factor': short(3, {
    min: 1,
    doc: 'Replication factor of the offsets topic.',
  }),
  'offsets.topic.segment.bytes': int(104857600, {
    min: 1,
    doc: 'Segment size of the offsets topic.',
  }),
  'share.coordinator.append.linger.ms': int(-1, {
    min: -1,
    used: false,
    doc: 'Time the share coordinator gathers records before it writes them; -1 adapts to the load.',
  }),
  'share.coordinator.cached.buffer.max.bytes': int(1048588, {
    min: 524288,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Size of the write buffer that the share coordinator keeps.',
  }),
  'share.coordinator.cold.partition.snapshot.interval.ms': int(300000, {
    min: 1,
    internal: true,
    used: false,
    doc: 'Time after which a quiet share partition is written as a snapshot.',
  }),
  'share.coordinator.load.buffer.size': int(5242880, {
    min: 1,
    used: false,
    doc: 'Size of the reads with which share group state is loaded.',
  }),
  'share.coordinator.snapshot.update.records.per.snapshot': int(500, {
    min: 0,
    max: 500,
    used: false,
    doc: 'Update records between two snapshots of a share partition.',
  }),
  'share.coordinator.state.topic.compression.codec': int(0, {
    used: false,
    doc: 'Compression of the share state topic.',
  }),
  'share.coordinator.state.topic.min.isr': short(2, {
    min: 1,
    used: false,
    doc: 'In-sync replicas a write to the share state topic needs.',
  }),
  'share.coordinator.state.topic.num.partitions': int(50, {
    min: 1,
    used: false,
    doc: 'Partitions of the share state topic.',
  }),
  'share.coordinator.state.topic.prune.interval.ms': int(300000, {
    min: 1,
    internal: true,
    used: false,
    doc: 'Time between two deletions of superseded share state.',
  }),
  'share.coordinator.state.topic.replication.factor': short(3, {
    min: 1,
    used: false,
    doc: 'Replication factor of the share state topic.',
  }),
  'share.coordinator.state.topic.segment.bytes': int(104857600, {
    min: 1,
    used: false,
    doc: 'Segment size of the share state topic.',
  }),
  'share.coordinator.threads': int(1, {
    min: 1,
    used: false,
    doc: 'Threads of the share coordinator; Samsa has one thread.',
  }),
  'share.coordinator.write.timeout.ms': int(5000, {
    min: 1,
    used: false,
    doc: 'Time after which a write of share state fails that is not replicated yet.',
  }),
  'share.fetch.purgatory.purge.interval.requests': int(1000, {
    used: false,
    doc: 'Waiting ShareFetch requests after which answered ones are swept out.',
  }),
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': int(10000, {
    min: 1,
    used: false,
    doc: 'Time between two searches for transactions that timed out.',
  }),
  'transaction.max.timeout.ms': int(900000, {
    min: 1,
    used: false,
    doc: 'Longest timeout a transaction may ask for.',
  }),
  'transaction.partition.verification.enable': boolean(true, {
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Whether a transactional write is checked against its coordinator.',
  }),
  'transaction.remove.expired.transaction.cleanup.interval.ms': int(3600000, {
    min: 1,
    used: false,
    doc: 'Time between two searches for expired transactional ids.',
  }),
  'transaction.state.log.load.buffer.size': int(5242880, {
    min: 1,
    used: false,
    doc: 'Size of the reads with which transaction state is loaded.',
  }),
  'transaction.state.log.min.isr': int(2, {
    min: 1,
    used: false,
    doc: 'In-sync replicas a write to the transaction topic needs.',
  }),
  'transaction.state.log.num.partitions': int(50, {
    min: 1,
    used: false,
    doc: 'Partitions of the transaction topic.',
  }),
  'transaction.state.log.replication.factor': short(3, {
    min: 1,
    used: false,
    doc: 'Replication factor of the transaction topic.',
  }),
  'transaction.state.log.segment.bytes': int(104857600, {
    min: 1,
    used: false,
    doc: 'Segment size of the transaction topic.',
  }),
  'transaction.two.phase.commit.enable': boolean(false, {
    used: false,
    doc: 'Whether outside coordinators may prepare transactions.',
  }),
  'transactional.id.expiration.ms': int(604800000, {
    min: 1,
    used: false,
    doc: 'Time without use after which a transactional id is forgotten.',
  }),
} as const
