// Samsa's own keys: what Apache Kafka has no name for. They begin with `samsa.`, so that they never
// collide with one of Kafka's. Every limit on what a peer can make this process hold is here.
import { boolean, int, long, string } from './key.ts'

const MEBIBYTE = 1_048_576

export const samsaKeys = {
  'samsa.cluster.id': string(null, {
    doc: 'Cluster id for a data directory that has none yet; a random one is made where nothing is set.',
  }),
  'samsa.log.level': string('info', {
    oneOf: ['debug', 'info', 'warn', 'error'],
    doc: 'Least severe lines that are logged; `debug` has a line for each request.',
  }),
  'samsa.log.format': string('text', {
    oneOf: ['text', 'json'],
    doc: 'Whether the log is written for people or as one JSON object a line.',
  }),
  'samsa.profile': string('development', {
    oneOf: ['development', 'kafka'],
    doc: "Defaults for one developer's machine, or exactly those of Apache Kafka; `kafka` is the default where other nodes are configured.",
  }),
  'samsa.auto.create.wait': boolean(false, {
    doc: 'Whether the reply that makes a topic waits until it has a leader; otherwise the client asks again.',
  }),
  'samsa.group.ghost.eviction': string('auto', {
    oneOf: ['auto', 'on', 'off'],
    doc: 'Whether a group member whose connections are gone is removed before its session ends; auto means in the development profile on a cluster of one broker.',
  }),
  'samsa.record.validation': string('full', {
    oneOf: ['full', 'header'],
    doc: 'Whether every record of a produced batch is checked, or the header and checksum of the batch only.',
  }),
  'samsa.decompressed.max.bytes': int(64 * MEBIBYTE, {
    min: 1024,
    doc: 'Most bytes a compressed batch may unfold to while it is checked.',
  }),
  'samsa.tail.cache.bytes': long(16 * MEBIBYTE, {
    min: 0,
    doc: 'Memory in which the newest batches are kept for consumers at the end of a log.',
  }),
  'samsa.in.flight.bytes': long(256 * MEBIBYTE, {
    min: MEBIBYTE,
    doc: 'Bytes of requests received and not yet answered, over all connections, above which reading stops.',
  }),
  'samsa.connection.in.flight.bytes': long(16 * MEBIBYTE, {
    min: 1024,
    doc: 'Bytes of requests received and not yet answered on one connection above which reading stops.',
  }),
  'samsa.connection.in.flight.requests': int(1000, {
    min: 1,
    doc: 'Requests received and not yet answered on one connection above which reading stops.',
  }),
  'samsa.connection.unsent.bytes': long(8 * MEBIBYTE, {
    min: 1024,
    doc: 'Bytes of answers a slow client has not taken above which its next request waits.',
  }),
} as const
