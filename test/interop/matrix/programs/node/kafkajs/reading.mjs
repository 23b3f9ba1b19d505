// Reading with kafkajs: one bounded read without a group of the runner's, and the background members of
// groups. Knows the library's consumer, nothing of topics' administration.
import { text } from '../lines.mjs'
import { Received } from '../received.mjs'
import { rangeAssigner } from './range.mjs'

const LARGE = 16 << 20
const OPTIONS = { maxBytesPerPartition: LARGE, maxBytes: 2 * LARGE, maxWaitTimeInMs: 200 }

function recordOf(partition, { key, value, headers, timestamp, offset }) {
  const pairs = Object.entries(headers).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((one) => [name, text(one)]),
  )
  return {
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    key: text(key),
    value: text(value),
    headers: pairs,
  }
}

let readers = 0

/** kafkajs has no consumer without a group: this takes a group of its own and deletes it afterwards. */
export async function consume(kafka, withAdmin, { topic, from, count, timeoutMs }) {
  const groupId = `reader-${process.pid}-${readers++}`
  const consumer = kafka.consumer({ ...OPTIONS, groupId, allowAutoTopicCreation: false })
  const received = new Received()
  const starts = new Map(from)
  let crashed
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    crashed = payload.error
    received.wake()
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const running = consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { partition, messages } }) => {
        for (const message of messages) {
          const isAsked = Number(message.offset) >= (starts.get(partition) ?? Infinity)
          if (isAsked && !received.isFull()) received.add(recordOf(partition, message))
        }
      },
    })
    for (const [partition, offset] of from) consumer.seek({ topic, partition, offset: `${offset}` })
    await running
    const records = await received.take(count, timeoutMs, () => crashed !== undefined)
    if (crashed !== undefined && records.length < count) throw crashed
    return { records }
  } finally {
    await consumer.disconnect()
    await withAdmin((admin) => admin.deleteGroups([groupId])).catch((error) =>
      process.stderr.write(`deleting the group of a reader: ${error.message}\n`),
    )
  }
}

/** A consumer in the background, as `join` starts it. */
export class Member {
  #consumer
  #received = new Received()
  #owned = []

  static async start(library, kafka, { group, topic }) {
    const member = new Member()
    await member.#start(library, kafka, group, topic)
    return member
  }

  async #start(library, kafka, groupId, topic) {
    const consumer = kafka.consumer({
      ...OPTIONS,
      groupId,
      partitionAssigners: [rangeAssigner(library)],
      sessionTimeout: 6000,
      heartbeatInterval: 500,
      rebalanceTimeout: 10_000,
    })
    this.#consumer = consumer
    const { CRASH, GROUP_JOIN, REBALANCING, STOP } = consumer.events
    for (const event of [CRASH, REBALANCING, STOP]) consumer.on(event, () => this.#own([]))
    consumer.on(GROUP_JOIN, ({ payload }) => this.#own(payload.memberAssignment[topic] ?? []))
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    // Its promise ends with the first join, which may wait for members the runner has yet to start.
    consumer
      .run({ autoCommit: false, eachBatch: (batch) => this.#take(batch) })
      .catch((error) => process.stderr.write(`member of ${groupId}: ${error.stack}\n`))
  }

  async #take({ batch, heartbeat, isRunning, isStale }) {
    for (const message of batch.messages) {
      while (this.#received.isFull() && isRunning()) {
        await this.#received.room(250)
        await heartbeat()
      }
      if (!isRunning() || isStale()) return
      this.#received.add(recordOf(batch.partition, message))
    }
  }

  /** All partitions are revoked at once in the classic protocol, and positions start anew. */
  #own(partitions) {
    this.#owned = [...partitions].sort((a, b) => a - b)
    this.#received.empty()
  }

  assignment() {
    return this.#owned
  }

  poll(count, timeoutMs) {
    return this.#received.take(count, timeoutMs)
  }

  commit(topic, offsets) {
    return this.#consumer.commitOffsets(
      offsets.map(([partition, offset, metadata]) => ({
        topic,
        partition,
        offset: `${offset}`,
        metadata,
      })),
    )
  }

  leave() {
    return this.#consumer.disconnect()
  }
}
