// The program of @platformatic/kafka: node main.mjs MODULES HOST:PORT, MODULES being the directory with the
// node_modules that clients/node.ts made from package-lock.json.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { codeInside, serve } from '../lines.mjs'
import { adminVerbs } from './admin.mjs'
import { produce } from './producing.mjs'
import { consume, Member } from './reading.mjs'

const [modules, broker] = process.argv.slice(2)
const require = createRequire(path.join(modules, 'package.json'))
const entry = require.resolve('@platformatic/kafka')
const library = await import(pathToFileURL(entry))
const { version } = JSON.parse(readFileSync(path.resolve(entry, '../../package.json'), 'utf8'))
const base = {
  clientId: 'matrix-platformatic',
  bootstrapBrokers: [broker],
  retries: 3,
  retryDelay: 200,
}
const members = new Map()

async function withAdmin(use) {
  const admin = new library.Admin(base)
  try {
    return await use(admin)
  } finally {
    await admin.close()
  }
}

const verbs = {
  hello: () => ({
    library: '@platformatic/kafka',
    version,
    codecs: library.allowedCompressionsAlgorithms,
    lacks: { 'commit.metadata': 'its consumer commits with null for metadata' },
  }),
  produce: (request) => produce(library, base, request),
  consume: (request) => consume(library, base, withAdmin, request),
  join({ handle, group, topic }) {
    members.set(handle, new Member(library, base, { group, topic }))
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
  codeOf: (error) => codeInside(error, ({ apiCode }) => apiCode),
  close: () => Promise.all([...members.values()].map((member) => member.leave())),
})
