// The development profile: defaults that suit one developer's machine, where Apache Kafka's suit a
// data centre. One table; every key in it can be set alone. `samsa.profile=kafka` empties it.
import type { BrokerKeyName } from './keys/index.ts'

export const DEVELOPMENT_VALUES: Partial<Record<BrokerKeyName, string>> = {
  // Nobody outside this machine asked for a broker, and /tmp is emptied at a restart.
  listeners: 'PLAINTEXT://localhost:9092',
  'log.dir': './samsa-data',
  // The first Metadata of a new topic has its leader, so that a first send does not fail.
  'samsa.auto.create.wait': 'true',
  // A first test waits three seconds otherwise.
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '100',
  'group.consumer.heartbeat.interval.ms': '500',
  'group.consumer.min.heartbeat.interval.ms': '500',
  'group.consumer.assignment.interval.ms': '0',
  'group.share.heartbeat.interval.ms': '500',
  'group.share.min.heartbeat.interval.ms': '500',
  'group.share.assignment.interval.ms': '0',
  'group.streams.heartbeat.interval.ms': '500',
  'group.streams.min.heartbeat.interval.ms': '500',
  'group.streams.assignment.interval.ms': '0',
  'group.streams.initial.rebalance.delay.ms': '0',
}
