// A member of a group (kafkajs): node member.cjs MODULES BROKER GROUP TOPIC. Prints one JSON line per
// assignment, record and accepted commit; SIGTERM makes it leave.
const { writeSync } = require('node:fs')
const [modules, broker, groupId, topic] = process.argv.slice(2)
const { Kafka, logLevel } = require(`${modules}/node_modules/kafkajs`)

// Written at once: what was printed is known even after kill -9.
const say = (event) => writeSync(1, `${JSON.stringify(event)}\n`)

let generation = -1
const logCreator = () => (entry) => {
  const { message, data, error } = entry.log
  if (message.startsWith('Response JoinGroup') && data !== undefined) generation = data.generationId
  if (entry.level <= logLevel.ERROR) process.stderr.write(`${message} ${error ?? ''}\n`)
}
const kafka = new Kafka({
  brokers: [broker],
  clientId: 'member',
  logLevel: logLevel.DEBUG,
  logCreator,
})
const consumer = kafka.consumer({
  groupId,
  sessionTimeout: 6000,
  heartbeatInterval: 300,
  rebalanceTimeout: 10000,
  maxWaitTimeInMs: 100,
})
consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
  say({
    event: 'assigned',
    generation,
    member: payload.memberId,
    partitions: payload.memberAssignment[topic] ?? [],
  }),
)
consumer.on(consumer.events.CRASH, ({ payload }) =>
  say({ event: 'crash', error: String(payload.error) }),
)

async function main() {
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
      for (const { offset, value } of batch.messages) {
        if (!isRunning() || isStale()) return
        say({
          event: 'record',
          id: Number(value),
          partition: batch.partition,
          offset: Number(offset),
        })
        resolveOffset(offset)
      }
      const offset = Number(batch.lastOffset()) + 1
      await consumer.commitOffsets([{ topic, partition: batch.partition, offset: String(offset) }])
      say({ event: 'committed', partition: batch.partition, offset })
      await heartbeat()
    },
  })
}
main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
process.on('SIGTERM', () => {
  consumer.disconnect().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
