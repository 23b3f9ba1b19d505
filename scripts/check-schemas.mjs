// npm run check:schemas -- FILE: compares our message tables with a JSON file in the vocabulary of
// `samsa protocol --json`, with one of Apache Kafka's own schemas, or with a folder of those.
// Exit code 1 when something differs that is not listed here with its reason.
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** Differences that are meant, each with its reason. */
const KNOWN = [
  ...['ConsumerGroupMemberMetadataValue', 'StreamsGroupMetadataValue'].map((message) => ({
    message,
    fact: /^default is empty with us, null with them$/,
    reason: 'the schema says null without quotes, which Kafka takes for no default (golden bytes)',
  })),
  ...['ConsumerGroupCurrentMemberAssignmentValue', 'StreamsGroupCurrentMemberAssignmentValue'].map(
    (message) => ({
      message,
      fact: /^default is empty with us, null with them$/,
      reason: 'the schema says null without quotes, which Kafka takes for no default',
    }),
  ),
  ...['ShareGroupPartitionMetadataKey', 'ShareGroupPartitionMetadataValue'].map((message) => ({
    message,
    fact: /^only they have this message$/,
    reason: 'early access in 4.0, removed in 4.1',
  })),
  ...[
    'StreamsGroupTargetAssignmentResolvedTopicIdsKey',
    'StreamsGroupTargetAssignmentResolvedTopicIdsValue',
  ].map((message) => ({
    message,
    fact: /^only they have this message$/,
    reason: 'not released with 4.4',
  })),
]

const path = process.argv[2]
if (path === undefined) {
  console.error('usage: npm run check:schemas -- FILE|FOLDER')
  process.exit(2)
}

const { protocolTables, compareTables, fromKafkaJson } = await protocol()
const { theirs, whole } = read(path)
const ours = whole
  ? protocolTables()
  : protocolTables().filter(({ name }) => theirs.some((their) => their.name === name))
const differences = compareTables(ours, theirs)
const known = differences.map(({ message, what }) =>
  KNOWN.find((entry) => entry.message === message && entry.fact.test(what)),
)
differences.forEach(({ message, field, what }, i) => {
  const where = field === '' ? message : `${message}.${field}`
  const reason = known[i] === undefined ? '' : ` (known: ${known[i].reason})`
  console.log(`${where}: ${what}${reason}`)
})
const unknown = known.filter((entry) => entry === undefined).length
console.log(
  `${theirs.length} messages compared: ${unknown} differences, ${known.length - unknown} known`,
)
process.exitCode = unknown === 0 ? 0 : 1

/** The tables of `from`, and whether they are meant to be all there are. */
function read(from) {
  if (statSync(from).isDirectory()) {
    const files = readdirSync(from, { recursive: true }).filter((name) => name.endsWith('.json'))
    const texts = files.map((name) => readFileSync(join(from, name), 'utf8'))
    return { theirs: texts.map(fromKafkaJson), whole: true }
  }
  const text = readFileSync(from, 'utf8')
  if (!text.trimStart().startsWith('[')) return { theirs: [fromKafkaJson(text)], whole: false }
  return { theirs: JSON.parse(text), whole: true }
}

/** Our tables from the sources as they are now. */
async function protocol() {
  const entry = ['tables', 'schema/compare', 'schema/kafka-json']
  const folder = mkdtempSync(join(tmpdir(), 'check-schemas-'))
  try {
    const outfile = join(folder, 'protocol.mjs')
    await build({
      stdin: {
        contents: entry.map((name) => `export * from './protocol/${name}.ts'`).join('\n'),
        resolveDir: fileURLToPath(new URL('..', import.meta.url)),
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile,
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
