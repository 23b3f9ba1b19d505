// The program of node-rdkafka on the system's librdkafka: node main.mjs MODULES HOST:PORT, MODULES being
// the directory that clients/node.ts made from package-lock.json and built.
import { createRequire } from 'node:module'
import path from 'node:path'
import { serve } from '../lines.mjs'
import { askingVerbs, LACKING, WHY_LACKING } from './asking.mjs'
import { produce } from './producing.mjs'
import { consume, Member } from './reading.mjs'

const [modules, broker] = process.argv.slice(2)
const require = createRequire(path.join(modules, 'package.json'))
const library = require('node-rdkafka')
const base = { 'metadata.broker.list': broker, 'client.id': 'matrix-node-rdkafka' }
const ownVersion = require('node-rdkafka/package.json').version.replace(/^v/, '')
const members = new Map()

const verbs = {
  hello: () => ({
    library: 'node-rdkafka',
    version: `${ownVersion}, librdkafka ${library.librdkafkaVersion}`,
    codecs: ['none', ...['gzip', 'snappy', 'lz4', 'zstd'].filter((one) => isBuiltIn(one))],
    lacks: {
      ...Object.fromEntries(LACKING.map((verb) => [verb, WHY_LACKING])),
      'headers.null': 'it writes the value of a header as a string, null as "null"',
      'error.code': 'the report of a delivery that failed has a text and no number',
      'commit.metadata': 'its offsets have no metadata',
    },
  }),
  produce: (request) => produce(library, base, request),
  consume: (request) => consume(library, base, request),
  async join({ handle, group, topic }) {
    members.set(handle, await Member.start(library, base, { group, topic }))
  },
  assignment: ({ handle }) => ({ partitions: members.get(handle).assignment() }),
  poll: async ({ handle, count, timeoutMs }) => ({
    records: await members.get(handle).poll(count, timeoutMs),
  }),
  commit({ handle, topic, offsets }) {
    members.get(handle).commit(topic, offsets)
  },
  async leave({ handle }) {
    const member = members.get(handle)
    members.delete(handle)
    await member.leave()
  },
  ...askingVerbs(library, base),
}

function isBuiltIn(codec) {
  return codec === 'gzip' || library.features.includes(codec)
}

await serve(verbs, {
  // What librdkafka found out by itself has a negative number of its own.
  codeOf: ({ code }) => (code > 0 ? code : undefined),
  close: () => Promise.all([...members.values()].map((member) => member.leave())),
})
