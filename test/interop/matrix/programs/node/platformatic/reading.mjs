// Reading with @platformatic/kafka: one bounded read without a group of the runner's, and the background
// members of groups.
import { text } from '../lines.mjs'
import { Received } from '../received.mjs'
import { rangeAssigner } from './range.mjs'

const LARGE = 8 << 20
const OPTIONS = { autocommit: false, maxWaitTime: 100, maxBytesPerPartition: LARGE }

function recordOf({ partition, offset, timestamp, key, value, headerEntries }) {
  return {
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    key: text(key),
    value: text(value),
    headers: headerEntries.map(([name, one]) => [name.toString(), text(one)]),
  }
}

let readers = 0

/** It has no consumer without a group: this takes a group of its own and deletes it afterwards. */
export async function consume(library, base, withAdmin, { topic, from, count, timeoutMs }) {
  const groupId = `reader-${process.pid}-${readers++}`
  const consumer = new library.Consumer({ ...base, groupId })
  const received = new Received()
  const asked = new Set(from.map(([partition]) => partition))
  let failure
  const fail = (error) => {
    failure ??= error
    received.wake()
  }
  consumer.on('error', fail)
  try {
    const offsets = from.map(([partition, offset]) => ({
      topic,
      partition,
      offset: BigInt(offset),
    }))
    const stream = await consumer.consume({ ...OPTIONS, topics: [topic], mode: 'manual', offsets })
    stream.on('error', fail)
    stream.on('data', (message) => {
      if (asked.has(message.partition)) received.add(recordOf(message))
      if (received.isFull()) stream.pause()
    })
    const records = await received.take(count, timeoutMs, () => failure !== undefined)
    await stream.close()
    if (failure !== undefined && records.length < count) throw failure
    return { records }
  } finally {
    await consumer.close()
    await withAdmin((admin) => admin.deleteGroups({ groups: [groupId] })).catch((error) =>
      process.stderr.write(`deleting the group of a reader: ${error.message}\n`),
    )
  }
}

/** A consumer in the background, as `join` starts it. */
export class Member {
  #consumer
  #topic
  #stream
  #started
  #received = new Received()
  #owned = []
  /** What was read while nobody knew whose it is: between a rebalance and the new positions. */
  #held = []
  #isSettled = false

  constructor(library, base, { group, topic }) {
    this.#topic = topic
    this.#consumer = new library.Consumer({
      ...base,
      groupId: group,
      sessionTimeout: 6000,
      heartbeatInterval: 500,
      rebalanceTimeout: 10_000,
      protocols: [{ name: 'range', version: 0 }],
      partitionAssigner: rangeAssigner,
    })
    const complain = (error) => process.stderr.write(`member of ${group}: ${error.stack}\n`)
    this.#consumer.on('error', complain)
    for (const event of ['rebalance', 'leave']) {
      this.#consumer.on(`consumer:group:${event}`, () => this.#unsettle())
    }
    // Its first join may wait for members the runner has yet to start.
    this.#started = this.#consumer
      .consume({ ...OPTIONS, topics: [topic], mode: 'committed', fallbackMode: 'earliest' })
      .then((stream) => this.#follow(stream.on('error', complain)))
    this.#started.catch(complain)
  }

  #follow(stream) {
    this.#stream = stream
    // Said when the positions of a new assignment are known.
    stream.on('offsets', () => this.#settle(stream.offsetsToFetch))
    stream.on('data', (message) => {
      const record = recordOf(message)
      if (!this.#isSettled) this.#held.push(record)
      else if (this.#owned.includes(record.partition)) this.#received.add(record)
      if (this.#received.isFull()) void this.#waitForRoom()
    })
  }

  async #waitForRoom() {
    this.#stream.pause()
    while (this.#received.isFull()) await this.#received.room(250)
    this.#stream.resume()
  }

  #unsettle() {
    this.#isSettled = false
    this.#owned = []
    this.#held.push(...this.#received.empty())
  }

  /** It goes on where something is committed, else where it was: what is before that is not read again. */
  #settle(positions) {
    const found = this.#consumer.assignments?.find(({ topic }) => topic === this.#topic)
    this.#owned = [...(found?.partitions ?? [])].sort((a, b) => a - b)
    this.#isSettled = true
    for (const record of [...this.#received.empty(), ...this.#held.splice(0)]) {
      const position = positions.get(`${this.#topic}:${record.partition}`)
      const isOwned = this.#owned.includes(record.partition)
      if (isOwned && record.offset < position) this.#received.add(record)
    }
  }

  assignment() {
    return this.#owned
  }

  poll(count, timeoutMs) {
    return this.#received.take(count, timeoutMs)
  }

  commit(topic, offsets) {
    return this.#consumer.commit({
      offsets: offsets.map(([partition, offset]) => ({
        topic,
        partition,
        offset: BigInt(offset),
        leaderEpoch: -1,
      })),
    })
  }

  async leave() {
    await this.#started
    await this.#stream.close()
    await this.#consumer.close()
  }
}
