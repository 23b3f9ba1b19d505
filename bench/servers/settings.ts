// The settings that Samsa and Apache Kafka share while they are measured, so that both do the same work
// with the same durability. Topics stay small, or the machine's page cache becomes what is measured.

export const SETTINGS: Readonly<Record<string, string>> = {
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  'log.segment.delete.delay.ms': '200',
  'log.initial.task.delay.ms': '500',
}

/** While one is measured the others are stopped, longer than a broker's session lasts. */
export const STOPPABLE: Readonly<Record<string, string>> = {
  'broker.session.timeout.ms': '3600000',
}

/** Of every topic that carries load. */
export const TOPIC_SETTINGS: Readonly<Record<string, string>> = {
  'segment.bytes': String(256 << 20),
  'retention.bytes': String(4 * 2 ** 30),
  'file.delete.delay.ms': '1000',
}
