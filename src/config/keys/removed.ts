// Keys of older releases of Apache Kafka that a server.properties may still hold. They are ignored
// with a word about what to do instead; none of them is described or can be altered.

/** Exact names and prefixes (ending in a dot) with the advice that completes the warning. */
export const REMOVED_KEYS: ReadonlyMap<string, string> = new Map([
  ['advertised.host.name', 'use advertised.listeners'],
  ['advertised.port', 'use advertised.listeners'],
  ['broker.id.generation.enable', 'node.id is 1 where nothing is set'],
  ['control.plane.listener.name', 'use controller.listener.names'],
  ['controlled.shutdown.max.retries', 'the controller decides when a broker may stop'],
  ['controlled.shutdown.retry.backoff.ms', 'the controller decides when a broker may stop'],
  ['delegation.token.master.key', 'use delegation.token.secret.key'],
  ['host.name', 'use listeners'],
  ['inter.broker.protocol.version', 'feature levels are kept in the metadata log'],
  ['kafka.logs.dir', 'use log.dirs'],
  ['leader.imbalance.per.broker.percentage', 'it has no effect without ZooKeeper'],
  ['log.message.downconversion.enable', 'records are never converted to an older format'],
  ['log.message.format.version', 'there is one record format'],
  [
    'log.message.timestamp.difference.max.ms',
    'use log.message.timestamp.before.max.ms and log.message.timestamp.after.max.ms',
  ],
  ['offsets.commit.required.acks', 'commits wait for all in-sync replicas'],
  ['password.encoder.', 'secrets are kept in the configuration file'],
  ['port', 'use listeners'],
  ['reserved.broker.max.id', 'every node.id is free to use'],
  ['zookeeper.', 'ZooKeeper is not needed'],
])
