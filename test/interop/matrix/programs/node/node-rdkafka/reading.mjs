// Reading with node-rdkafka: one bounded read of assigned partitions, and the background members of
// groups, each with one call of `consume` under way at a time.
import { text } from '../lines.mjs'
import { Received } from '../received.mjs'
import { called, connected } from './connected.mjs'

const ASSIGN = -175
const POLL_MS = 100
const POLL_RECORDS = 500
const TOPIC_OPTIONS = { 'auto.offset.reset': 'earliest' }

export function consumerOptions(base, groupId) {
  return {
    ...base,
    'group.id': groupId,
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    'allow.auto.create.topics': false,
    'fetch.wait.max.ms': 100,
    'fetch.message.max.bytes': 8 << 20,
  }
}

function recordOf({ partition, offset, timestamp, key, value, headers }) {
  const pairs = (headers ?? []).flatMap((header) => Object.entries(header))
  return {
    partition,
    offset,
    timestamp,
    key: text(key),
    value: text(value),
    headers: pairs.map(([name, one]) => [name, text(one)]),
  }
}

/** librdkafka wants the name of a group of every consumer, also of one that assigns itself. */
export function consume(library, base, { topic, from, count, timeoutMs }) {
  const consumer = new library.KafkaConsumer(consumerOptions(base, 'unused'), TOPIC_OPTIONS)
  consumer.setDefaultConsumeTimeout(POLL_MS)
  return connected(consumer, async () => {
    consumer.assign(from.map(([partition, offset]) => ({ topic, partition, offset })))
    const deadline = performance.now() + timeoutMs
    const records = []
    while (records.length < count && performance.now() < deadline) {
      const most = Math.min(POLL_RECORDS, count - records.length)
      const found = await called((done) => consumer.consume(most, done))
      records.push(...found.map(recordOf))
    }
    consumer.unassign()
    return { records }
  })
}

/** A consumer in the background, as `join` starts it. */
export class Member {
  #consumer
  #received = new Received()
  #owned = []
  #rebalances = []
  #isPolling = false
  #isLeaving = false
  #polled = Promise.resolve()

  static async start(library, base, { group, topic }) {
    const member = new Member()
    const consumer = new library.KafkaConsumer(
      {
        ...consumerOptions(base, group),
        'partition.assignment.strategy': 'range',
        'session.timeout.ms': 6000,
        'heartbeat.interval.ms': 500,
        rebalance_cb: (error, partitions) => member.#rebalance(error.code, partitions),
      },
      TOPIC_OPTIONS,
    )
    member.#consumer = consumer
    consumer.setDefaultConsumeTimeout(POLL_MS)
    await called((done) => consumer.connect({ timeout: 10_000 }, done))
    consumer.subscribe([topic])
    member.#polled = member.#poll()
    return member
  }

  async #poll() {
    while (!this.#isLeaving) {
      if (this.#received.isFull()) {
        await this.#received.room(POLL_MS)
        continue
      }
      this.#isPolling = true
      const found = await called((done) => this.#consumer.consume(POLL_RECORDS, done)).catch(
        (error) => {
          process.stderr.write(`consume: ${error.code} ${error.message}\n`)
          return []
        },
      )
      this.#isPolling = false
      for (const message of found) this.#received.add(recordOf(message))
      for (const [code, partitions] of this.#rebalances.splice(0)) this.#own(code, partitions)
    }
  }

  /** What a call under way brings was read before the rebalance: that call is let to end first. */
  #rebalance(code, partitions) {
    if (this.#isPolling) this.#rebalances.push([code, partitions])
    else this.#own(code, partitions)
  }

  #own(code, partitions) {
    const isAssigned = code === ASSIGN
    this.#owned = isAssigned ? partitions.map(({ partition }) => partition) : []
    this.#received.empty()
    if (isAssigned) this.#consumer.assign(partitions)
    else this.#consumer.unassign()
  }

  assignment() {
    return [...this.#owned].sort((a, b) => a - b)
  }

  poll(count, timeoutMs) {
    return this.#received.take(count, timeoutMs)
  }

  commit(topic, offsets) {
    this.#consumer.commitSync(offsets.map(([partition, offset]) => ({ topic, partition, offset })))
  }

  async leave() {
    this.#isLeaving = true
    await this.#polled
    await called((done) => this.#consumer.disconnect(done))
  }
}
