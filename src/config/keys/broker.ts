// Keys of the process itself: sockets, threads, topics made by default, metrics.
import { boolean, int, javaClass, list, long, string } from './key.ts'

export const processKeys = {
  'advertised.listeners': list(null, {
    distinct: true,
    notEmpty: true,
    doc: 'Addresses that clients are told to connect to, where they differ from the addresses in `listeners`.',
  }),
  'alter.config.policy.class.name': javaClass(null, {
    used: false,
    doc: 'Java class that may refuse a configuration change.',
  }),
  'auto.create.topics.enable': boolean(true, {
    doc: 'Whether a topic is created when a client asks for one that does not exist.',
  }),
  'background.threads': int(10, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Threads for background work; Samsa has one thread and slices such work.',
  }),
  'broker.id': int(-1, { doc: 'Older name of `node.id`.' }),
  'broker.rack': string(null, {
    doc: 'Name of the rack this broker stands in, shown to clients that prefer near replicas.',
  }),
  'config.providers': list('', {
    distinct: true,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Names of the providers that replace placeholders in configuration values.',
  }),
  'connections.max.idle.ms': long(600000, {
    doc: 'Time without a request after which a connection is closed; -1 means never.',
  }),
  'create.topic.policy.class.name': javaClass(null, {
    used: false,
    doc: 'Java class that may refuse a topic creation.',
  }),
  'delete.records.purgatory.purge.interval.requests': int(1, {
    used: false,
    doc: 'Waiting DeleteRecords requests after which answered ones are swept out.',
  }),
  'delete.topic.enable': boolean(true, { doc: 'Whether clients may delete topics.' }),
  'fetch.max.bytes': int(57671680, {
    min: 1024,
    doc: 'Most bytes in the answer to one Fetch, whatever the client asks for.',
  }),
  'fetch.purgatory.purge.interval.requests': int(1000, {
    used: false,
    doc: 'Waiting Fetch requests after which answered ones are swept out.',
  }),
  'inter.broker.listener.name': string(null, {
    used: false,
    doc: 'Name of the listener that brokers use among themselves.',
  }),
  'kafka.metrics.polling.interval.secs': int(10, {
    min: 1,
    used: false,
    doc: 'Time between two polls of the metric reporters.',
  }),
  'kafka.metrics.reporters': list('', {
    distinct: true,
    used: false,
    doc: 'Java classes that report metrics of the older kind.',
  }),
  'listener.security.protocol.map': string(
    'SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT',
    {
      dynamic: 'per-broker',
      doc: 'Security protocol of each listener name, as NAME:PROTOCOL pairs.',
    },
  ),
  listeners: list('PLAINTEXT://:9092', {
    distinct: true,
    notEmpty: true,
    dynamic: 'per-broker',
    doc: 'Addresses this broker listens on, as NAME://host:port, comma separated; port 0 takes a free one.',
  }),
  'max.connection.creation.rate': int(2147483647, {
    min: 0,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Most new connections in a second.',
  }),
  'max.connections': int(2147483647, {
    min: 0,
    dynamic: 'cluster-wide',
    doc: 'Most open connections.',
  }),
  'max.connections.per.ip': int(2147483647, {
    min: 0,
    dynamic: 'cluster-wide',
    doc: 'Most open connections from one address.',
  }),
  'max.connections.per.ip.overrides': string('', {
    dynamic: 'cluster-wide',
    doc: 'Exceptions to `max.connections.per.ip`, as address:count pairs.',
  }),
  'max.incremental.fetch.session.cache.slots': int(1000, {
    min: 0,
    doc: 'Most incremental fetch sessions that are remembered.',
  }),
  'max.request.partition.size.limit': int(2000, {
    min: 1,
    doc: 'Most partitions in the answer to one DescribeTopicPartitions.',
  }),
  'metric.reporters': list('org.apache.kafka.common.metrics.JmxReporter', {
    distinct: true,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Java classes that report metrics.',
  }),
  'metrics.num.samples': int(2, { min: 1, used: false, doc: 'Samples kept for a metric.' }),
  'metrics.recording.level': string('INFO', {
    used: false,
    doc: 'Level of detail of recorded metrics.',
  }),
  'metrics.sample.window.ms': long(30000, {
    min: 1,
    used: false,
    doc: 'Length of one sample of a metric.',
  }),
  'node.id': int(null, {
    min: 0,
    required: true,
    doc: 'Number of this node, unique in its cluster; 1 where nothing is set.',
  }),
  'num.io.threads': int(8, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Threads that process requests; Samsa has one thread.',
  }),
  'num.network.threads': int(3, {
    min: 1,
    dynamic: 'cluster-wide',
    used: false,
    doc: 'Threads that read and write sockets; Samsa has one thread.',
  }),
  'num.partitions': int(1, {
    min: 1,
    doc: 'Partitions of topics that are created without a count.',
  }),
  'process.roles': list(null, {
    distinct: true,
    notEmpty: true,
    oneOf: ['broker', 'controller'],
    required: true,
    doc: 'Roles of this process: broker, controller, or both.',
  }),
  'producer.purgatory.purge.interval.requests': int(1000, {
    used: false,
    doc: 'Waiting Produce requests after which answered ones are swept out.',
  }),
  'queued.max.request.bytes': long(-1, {
    used: false,
    doc: 'Bytes of waiting requests at which reading stops; see `samsa.in.flight.bytes`.',
  }),
  'queued.max.requests': int(500, {
    min: 1,
    used: false,
    doc: 'Waiting requests at which reading stops; see `samsa.in.flight.bytes`.',
  }),
  'request.timeout.ms': int(30000, {
    doc: 'Time after which a request of this broker to another node is given up.',
  }),
  'socket.connection.setup.timeout.max.ms': long(30000, {
    used: false,
    doc: 'Longest wait for a connection to another node.',
  }),
  'socket.connection.setup.timeout.ms': long(10000, {
    used: false,
    doc: 'First wait for a connection to another node.',
  }),
  'socket.listen.backlog.size': int(50, {
    min: 1,
    used: false,
    doc: 'Connections the system may hold before they are accepted.',
  }),
  'socket.receive.buffer.bytes': int(102400, {
    used: false,
    doc: "Receive buffer of client sockets; the system's own size is used.",
  }),
  'socket.request.max.bytes': int(104857600, {
    min: 1,
    doc: 'Largest request that is read; a larger one closes its connection.',
  }),
  'socket.send.buffer.bytes': int(102400, {
    used: false,
    doc: "Send buffer of client sockets; the system's own size is used.",
  }),
  'telemetry.max.bytes': int(1048576, {
    min: 1,
    used: false,
    doc: 'Largest telemetry message a client may push.',
  }),
  'unstable.api.versions.enable': boolean(false, {
    internal: true,
    used: false,
    doc: 'Whether versions that are still in development are offered.',
  }),
  'unstable.feature.versions.enable': boolean(false, {
    internal: true,
    used: false,
    doc: 'Whether feature levels that are still in development are offered.',
  }),
} as const
