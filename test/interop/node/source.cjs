// A producer (kafkajs) and the eye on the group: node source.cjs MODULES BROKER GROUP TOPIC COUNT PERSECOND.
// Sends the numbers 0 to COUNT-1 and prints those acknowledged, and every committed offset it sees,
// until SIGTERM.
const [modules, broker, groupId, topic, count, perSecond] = process.argv.slice(2)
const { Kafka, Partitioners, logLevel } = require(`${modules}/node_modules/kafkajs`)

const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`)
const kafka = new Kafka({ brokers: [broker], clientId: 'source', logLevel: logLevel.ERROR })
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
const admin = kafka.admin()
const watching = new AbortController()

async function watch() {
  while (!watching.signal.aborted) {
    const [{ partitions }] = await admin.fetchOffsets({ groupId, topics: [topic] })
    const offsets = partitions.map(({ partition, offset }) => [partition, Number(offset)])
    say({ event: 'seen', offsets })
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await admin.disconnect()
}

async function produce() {
  const step = Math.max(1, Math.round(Number(perSecond) / 20))
  for (let from = 0; from < Number(count); from += step) {
    const size = Math.min(step, Number(count) - from)
    const messages = Array.from({ length: size }, (_, i) => ({
      key: `k${from + i}`,
      value: `${from + i}`,
    }))
    await producer.send({ topic, messages, acks: -1 })
    say({ event: 'produced', from, size })
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  say({ event: 'done' })
}

async function main() {
  await Promise.all([producer.connect(), admin.connect()])
  await admin.createTopics({ topics: [{ topic, numPartitions: 6 }], waitForLeaders: true })
  say({ event: 'ready' })
  await new Promise((resolve) => process.stdin.once('data', resolve))
  await Promise.all([watch(), produce().then(() => producer.disconnect())])
  process.exit(0)
}
process.on('SIGTERM', () => {
  watching.abort()
})
main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
