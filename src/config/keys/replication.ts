// Broker keys of replication, the controller and its metadata log.
import { boolean, int, list, long, LONG_MAX, string } from './key.ts'

export const replicationKeys = {
  'auto.leader.rebalance.enable': boolean(true, {
    used: false,
    doc: 'Whether leadership goes back to the preferred replica by itself.',
  }),
  'broker.heartbeat.interval.ms': int(2000, {
    used: false,
    doc: 'Time between two heartbeats of this broker to the controller.',
  }),
  'broker.session.timeout.ms': int(9000, {
    used: false,
    doc: 'Time without a heartbeat after which the controller fences a broker.',
  }),
  'controlled.shutdown.enable': boolean(true, {
    used: false,
    doc: 'Whether a broker hands over its leaderships before it stops.',
  }),
  'controller.listener.names': list(null, {
    distinct: true,
    notEmpty: true,
    required: true,
    doc: 'Names of the listeners on which the controller answers, comma separated.',
  }),
  'controller.performance.always.log.threshold.ms': long(2000, {
    min: 0,
    internal: true,
    used: false,
    doc: 'Controller events slower than this are always logged.',
  }),
  'controller.performance.sample.period.ms': long(60000, {
    min: 100,
    internal: true,
    used: false,
    doc: 'Time over which the controller sums up its slowest event.',
  }),
  'controller.quorum.append.linger.ms': int(25, {
    min: 0,
    used: false,
    doc: 'Time the quorum leader gathers records before it writes them.',
  }),
  'controller.quorum.auto.join.enable': boolean(false, {
    used: false,
    doc: 'Whether a controller adds itself to the voters at its start.',
  }),
  'controller.quorum.bootstrap.servers': list('', {
    pattern: /^.+:\d+$/,
    shape: 'host:port entries',
    doc: 'Addresses through which the controller quorum is found, as host:port, comma separated.',
  }),
  'controller.quorum.election.backoff.max.ms': int(1000, {
    min: 0,
    used: false,
    doc: 'Longest wait before a lost election is tried again.',
  }),
  'controller.quorum.election.timeout.ms': int(1000, {
    min: 0,
    used: false,
    doc: 'Time without votes after which an election is tried again.',
  }),
  'controller.quorum.fetch.max.bytes': int(1048576, {
    min: 1,
    used: false,
    doc: 'Most bytes in one fetch of the metadata log.',
  }),
  'controller.quorum.fetch.snapshot.max.bytes': int(1048576, {
    min: 1,
    used: false,
    doc: 'Most bytes in one fetch of a metadata snapshot.',
  }),
  'controller.quorum.fetch.timeout.ms': int(2000, {
    min: 0,
    used: false,
    doc: 'Time without a successful fetch after which a voter starts an election.',
  }),
  'controller.quorum.request.timeout.ms': int(2000, {
    min: 0,
    used: false,
    doc: 'Time after which a request between quorum members is given up.',
  }),
  'controller.quorum.retry.backoff.ms': int(20, {
    min: 0,
    used: false,
    doc: 'Wait before a failed request between quorum members is tried again.',
  }),
  'controller.quorum.voters': list('', {
    pattern: /^\d+@.+:\d+$/,
    shape: 'id@host:port entries',
    doc: 'The fixed voters of the metadata quorum as id@host:port, comma separated.',
  }),
  'controller.socket.timeout.ms': int(30000, {
    used: false,
    doc: 'Time after which a request to the controller is given up.',
  }),
  'default.replication.factor': int(1, {
    doc: 'Replication factor of topics that are created without one.',
  }),
  'follower.fetch.last.tiered.offset.enable': boolean(false, {
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Whether a new follower starts at the last tiered offset of an empty log.',
  }),
  'initial.broker.registration.timeout.ms': int(60000, {
    used: false,
    doc: 'Time a starting broker waits for its registration before it gives up.',
  }),
  'internal.metadata.delete.delay.millis': long(60000, {
    internal: true,
    used: false,
    doc: 'Time between dropping and deleting files of the metadata log.',
  }),
  'internal.metadata.log.segment.bytes': int(null, {
    internal: true,
    used: false,
    doc: 'Segment size of the metadata log, for tests.',
  }),
  'internal.metadata.max.batch.size.in.bytes': int(8388608, {
    internal: true,
    used: false,
    doc: 'Largest batch in the metadata log, for tests.',
  }),
  'leader.imbalance.check.interval.seconds': long(300, {
    min: 1,
    used: false,
    doc: 'Time between two checks of the leader balance.',
  }),
  'metadata.log.dir': string(null, {
    used: false,
    doc: 'Directory for the metadata log, where it is not the first of `log.dirs`.',
  }),
  'metadata.log.max.record.bytes.between.snapshots': long(20971520, {
    min: 1,
    doc: 'Bytes of metadata records after which a snapshot is written.',
  }),
  'metadata.log.max.snapshot.interval.ms': long(3600000, {
    min: 0,
    doc: 'Time after which a snapshot of changed metadata is written; 0 means only by size.',
  }),
  'metadata.log.segment.bytes': int(1073741824, {
    min: 8388608,
    doc: 'Size at which a segment of the metadata log is closed.',
  }),
  'metadata.log.segment.ms': long(604800000, {
    used: false,
    doc: 'Age at which a segment of the metadata log is closed.',
  }),
  'metadata.max.idle.interval.ms': int(500, {
    min: 0,
    used: false,
    doc: 'Time without records after which the active controller writes an empty one; 0 means never.',
  }),
  'metadata.max.retention.bytes': long(104857600, {
    used: false,
    doc: 'Size of metadata log and snapshots above which old ones are deleted.',
  }),
  'metadata.max.retention.ms': long(604800000, {
    used: false,
    doc: 'Age above which metadata snapshots and segments are deleted.',
  }),
  'num.replica.alter.log.dirs.threads': int(null, {
    used: false,
    doc: 'Threads that move replicas between log directories.',
  }),
  'num.replica.fetchers': int(1, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Threads that fetch from each leader; Samsa has one thread.',
  }),
  'replica.fetch.backoff.ms': int(1000, {
    min: 0,
    used: false,
    doc: 'Wait of a follower after a failed fetch.',
  }),
  'replica.fetch.max.bytes': int(1048576, {
    min: 0,
    used: false,
    doc: 'Bytes a follower asks for in each partition.',
  }),
  'replica.fetch.min.bytes': int(1, {
    used: false,
    doc: "Bytes for which a follower's fetch waits.",
  }),
  'replica.fetch.response.max.bytes': int(10485760, {
    min: 0,
    used: false,
    doc: 'Bytes a follower asks for in one fetch.',
  }),
  'replica.fetch.wait.max.ms': int(500, {
    used: false,
    doc: "Longest wait of a follower's fetch.",
  }),
  'replica.high.watermark.checkpoint.interval.ms': long(5000, {
    used: false,
    doc: 'Time between two writes of the high watermark file.',
  }),
  'replica.lag.time.max.ms': long(30000, {
    used: false,
    doc: 'Time after which a follower that does not catch up leaves the in-sync set.',
  }),
  'replica.selector.class': string(null, {
    used: false,
    doc: 'Java class that chooses the replica a consumer reads from.',
  }),
  'replica.socket.receive.buffer.bytes': int(65536, {
    used: false,
    doc: "Receive buffer of a follower's socket.",
  }),
  'replica.socket.timeout.ms': int(30000, {
    used: false,
    doc: "Time after which a follower's request is given up.",
  }),
  'server.max.startup.time.ms': long(LONG_MAX, {
    min: 0,
    internal: true,
    used: false,
    doc: 'Time after which a start that is not complete is given up.',
  }),
  'unclean.leader.election.interval.ms': long(300000, {
    min: 1,
    internal: true,
    used: false,
    doc: 'Time between two searches for partitions that need an unclean election.',
  }),
} as const
