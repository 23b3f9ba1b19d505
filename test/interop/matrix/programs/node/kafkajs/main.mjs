// The program of kafkajs: node main.mjs MODULES HOST:PORT, MODULES being the directory with the
// node_modules that clients/node.ts made from package-lock.json.
import { createRequire } from 'node:module'
import path from 'node:path'
import { bytes, codeInside, serve } from '../lines.mjs'
import { adminVerbs } from './admin.mjs'
import { addCodecs, codecTypes } from './codecs.mjs'
import { consume, Member } from './reading.mjs'

const [modules, broker] = process.argv.slice(2)
const require = createRequire(path.join(modules, 'package.json'))
const library = require('kafkajs')
addCodecs(require, library)
const codecs = codecTypes(library.CompressionTypes)
const kafka = new library.Kafka({
  brokers: [broker],
  clientId: 'matrix-kafkajs',
  retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1000 },
  logLevel: library.logLevel.WARN,
  logCreator:
    () =>
    ({ namespace, label, log: { message, error } }) =>
      process.stderr.write(`${label} ${namespace} ${message} ${error ?? ''}\n`),
})
const members = new Map()

async function withAdmin(use) {
  const admin = kafka.admin({ retry: { retries: 2 } })
  await admin.connect()
  try {
    return await use(admin)
  } finally {
    await admin.disconnect()
  }
}

/** kafkajs takes headers as an object, so the order of different names is an object's. */
function headersOf(pairs) {
  const headers = {}
  for (const [name, value] of pairs) (headers[name] ??= []).push(bytes(value))
  return headers
}

async function produce({ topic, codec, idempotent, records }) {
  const messages = records.map(({ key, value, headers, timestamp, partition }) => ({
    key: bytes(key),
    value: bytes(value),
    headers: headersOf(headers ?? []),
    ...(timestamp === null || timestamp === undefined ? {} : { timestamp: `${timestamp}` }),
    ...(partition === undefined ? {} : { partition }),
  }))
  const chosen = new Map()
  const createPartitioner = () => {
    const choose = library.Partitioners.DefaultPartitioner()
    return (input) => {
      const partition = choose(input)
      chosen.set(input.message, Number(partition))
      return partition
    }
  }
  const producer = kafka.producer({ createPartitioner, idempotent })
  await producer.connect()
  try {
    const compression = codecs[codec]
    const answered = await producer.send({ topic, acks: -1, compression, messages })
    const next = new Map(
      answered.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]),
    )
    const placed = messages.map((message) => {
      const partition = chosen.get(message)
      const offset = next.get(partition)
      next.set(partition, offset + 1)
      return [partition, offset]
    })
    return { placed }
  } finally {
    await producer.disconnect()
  }
}

const verbs = {
  hello: () => ({
    library: 'kafkajs',
    version: require('kafkajs/package.json').version,
    codecs: Object.keys(codecs),
    lacks: {
      'headers.null': 'its encoder takes the length of a header without looking for null',
    },
  }),
  produce,
  consume: (request) => consume(kafka, withAdmin, request),
  async join({ handle, group, topic }) {
    members.set(handle, await Member.start(library, kafka, { group, topic }))
  },
  assignment: ({ handle }) => ({ partitions: members.get(handle).assignment() }),
  poll: async ({ handle, count, timeoutMs }) => ({
    records: await members.get(handle).poll(count, timeoutMs),
  }),
  async commit({ handle, topic, offsets }) {
    await members.get(handle).commit(topic, offsets)
  },
  async leave({ handle }) {
    const member = members.get(handle)
    members.delete(handle)
    await member.leave()
  },
  ...adminVerbs(library, withAdmin),
}

await serve(verbs, {
  // Errors of connections carry a code too, but a word: ECONNREFUSED.
  codeOf: (error) => codeInside(error, ({ code, errorCode }) => errorCode ?? code),
  close: () => Promise.all([...members.values()].map((member) => member.leave())),
})
