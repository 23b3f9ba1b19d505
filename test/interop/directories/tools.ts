// Apache's own tools on what Samsa wrote, new and old: every file is dumped, the metadata shell shows the
// image of our snapshot, and it says what clients were told; the quorum is described as Apache's is.
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { hostPort, tool } from '../../apache/apache.ts'
import { apacheLibs, type ApacheVersion } from '../../apache/libs.ts'
import { until, type Trial } from '../trial.ts'
import { Toolbox } from '../toolbox.ts'
import { newPlace, type Place, type Running, start } from './host.ts'
import { list, type Message, Wire } from './wire.ts'
import { begin } from './workload.ts'

const TOOLS = 'org.apache.kafka.tools'
const BAD = /exception|mismatch|isvalid: false|could not|error at|unknown|not valid|\?\?\?/i

/** A tool by name and version, at a class of that release. */
interface Tools {
  readonly version: ApacheVersion
  readonly box: Toolbox
  readonly dump: string
}

export async function apachesTools(trial: Trial): Promise<void> {
  const both: readonly Tools[] = [
    {
      version: '4.3.1',
      box: new Toolbox(trial, apacheLibs('4.3.1')),
      dump: `${TOOLS}.DumpLogSegments`,
    },
    {
      version: '3.9.2',
      box: new Toolbox(trial, apacheLibs('3.9.2')),
      dump: 'kafka.tools.DumpLogSegments',
    },
  ]
  // A snapshot after every record.
  const config = { 'metadata.log.max.record.bytes.between.snapshots': '1' }
  const place = await newPlace(trial, { config })
  const ours = await start(trial, place, 'samsa')
  await begin(ours)
  const facts = await factsOf(ours)
  await snapshotIsCurrent(place, ours)
  const described = await quorums(trial, both, ours)
  await ours.end('stop')
  for (const tools of both) await dumps(trial, tools, place)
  for (const { version } of both) shell(trial, version, place, facts)
  const apache = await start(trial, place, '4.3.1')
  const theirs = await quorums(trial, both, apache)
  trial.equal('kafka-metadata-quorum says the same of Samsa and of Apache Kafka', described, theirs)
  await apache.end('stop')
}

/** What the tool says of either broker; offsets and epochs go on. */
async function quorums(
  trial: Trial,
  both: readonly Tools[],
  broker: Running,
): Promise<Record<string, string>> {
  const said: Record<string, string> = {}
  for (const { version, box } of both) {
    const at = ['--bootstrap-server', hostPort(broker.endpoint), 'describe']
    const what = `kafka-metadata-quorum ${version} at ${broker.name}`
    const status = await box.run(`${TOOLS}.MetadataQuorumCommand`, [...at, '--status'])
    trial.expect(`${what}: --status`, status.code === 0, status)
    for (const name of ['ClusterId', 'LeaderId', 'MaxFollowerLag', 'CurrentObservers']) {
      said[`${version} ${name}`] =
        new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status.out)?.[1] ?? ''
    }
    const voters = /^CurrentVoters:.*$/m.exec(status.out)?.[0] ?? ''
    said[`${version} voters`] = [...voters.matchAll(/"id": (\d+)|\[(\d+)\]/g)].map(String).join()
    const replication = await box.run(`${TOOLS}.MetadataQuorumCommand`, [...at, '--replication'])
    const rows = replication.out.split('\n').filter((line) => /^1\s.*\sLeader\s*$/.test(line))
    trial.expect(`${what}: --replication has the leader`, rows.length === 1, replication)
  }
  return said
}

async function dumps(trial: Trial, tools: Tools, place: Place): Promise<void> {
  const dump = async (what: string, files: readonly string[], ...decoder: string[]) => {
    const args = ['--files', files.join(','), ...decoder]
    const { code, out, err } = await tools.box.run(tools.dump, args)
    const bad = `${out}\n${err}`.split('\n').filter((line) => BAD.test(line))
    const title = `DumpLogSegments ${tools.version} reads ${what} (${files.length} files)`
    const isFine = code === 0 && bad.length === 0 && files.length > 0
    trial.expect(title, isFine, [code, bad.slice(0, 5), err.slice(0, 500)])
    return out
  }
  const logs = filesOf(place, /^(?!__).*-\d+$/, /\.log$/)
  await dump('topic segments', logs, '--print-data-log', '--deep-iteration')
  const indexes = filesOf(place, /^(?!__).*-\d+$/, /\.(index|timeindex)$/)
  await dump('topic indexes', indexes, '--index-sanity-check')
  await dump('producer snapshots', filesOf(place, /^(?!__).*-\d+$/, /\.snapshot$/))
  const offsetLogs = filesOf(place, /^__consumer_offsets-/, /\.log$/)
  const offsets = await dump('__consumer_offsets', offsetLogs, '--offsets-decoder')
  const wanted = [
    /"group":"readers","topic":"codecs","partition":0.*"offset":1,.*"metadata":"round 1"/,
    /"group":"members","topic":"codecs","partition":2.*"offset":3,/,
    /"group":"members".*"protocolType":"consumer","generation":1,"protocol":"range"/,
  ]
  const lacking = wanted.filter((pattern) => !pattern.test(offsets)).map(String)
  const title = `DumpLogSegments ${tools.version} shows commits with metadata and the group`
  trial.expect(title, lacking.length === 0, [lacking, offsets.slice(0, 3000)])
  const decoder = '--cluster-metadata-decoder'
  const checkpoints = filesOf(place, /^__cluster_metadata-0$/, /\.checkpoint$/)
  const bootstrap = path.join(place.dataDir, 'bootstrap.checkpoint')
  await dump('metadata snapshots', [bootstrap, ...checkpoints], decoder)
  const metadata = filesOf(place, /^__cluster_metadata-0$/, /\.log$/)
  await dump('the metadata log', metadata, decoder)
}

/** Files with something in them. */
function filesOf(place: Place, directory: RegExp, file: RegExp): string[] {
  return readdirSync(place.dataDir)
    .filter((name) => directory.test(name))
    .flatMap((name) =>
      readdirSync(path.join(place.dataDir, name))
        .filter((each) => file.test(each))
        .map((each) => path.join(place.dataDir, name, each)),
    )
    .filter((each) => statSync(each).size > 0)
}

/** Paths of the metadata shell with what has to stand there. */
type Facts = ReadonlyMap<string, RegExp>

async function factsOf(broker: Running): Promise<Facts> {
  const wire = await Wire.open(broker.endpoint)
  const facts = new Map<string, RegExp>([
    ['features/metadataVersion', /^(Optional\[)?3\.9-IV0\]?$/],
    ['cluster/brokers/1', /^BrokerRegistration\(id=1,.*fenced=false/],
    ['cluster/controllers/1', /^ControllerRegistration\(id=1,/],
    ['configs/BROKER/message.max.bytes', /^1500000$/],
    ['configs/TOPIC:rolled/segment.bytes', /^1048576$/],
    ['producerIds/nextProducerId', /^1000$/],
  ])
  try {
    const metadata = await wire.done('Metadata', 12, { topics: null })
    for (const topic of list(metadata, 'topics')) {
      const { name, topicId } = topic as Message & { name: string; topicId: string }
      facts.set(`topics/byName/${name}/id`, new RegExp(`^${topicId}$`))
      facts.set(`topics/byId/${topicId}/name`, new RegExp(`^${name.replaceAll('.', '\\.')}$`))
      for (const { partitionIndex } of list(topic, 'partitions')) {
        const path = `topics/byName/${name}/${String(partitionIndex)}`
        facts.set(path, /^PartitionRegistration\(replicas=\[1\],.*isr=\[1\],.*leader=1,/)
      }
    }
    return facts
  } finally {
    wire.close()
  }
}

/** Until the newest snapshot holds all that the log does. */
async function snapshotIsCurrent(place: Place, broker: Running): Promise<void> {
  const wire = await Wire.open(broker.endpoint)
  try {
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }]
    const reply = await wire.ask('DescribeQuorum', 1, { topics })
    const [partition] = list(list(reply, 'topics')[0]!, 'partitions')
    const end = list(partition!, 'currentVoters')[0]!['logEndOffset'] as number
    await until('a snapshot of everything', 10_000, () => {
      return Number(path.basename(newestSnapshot(place)).slice(0, 20)) >= end
    })
  } finally {
    wire.close()
  }
}

function newestSnapshot(place: Place): string {
  return filesOf(place, /^__cluster_metadata-0$/, /\.checkpoint$/)
    .toSorted()
    .at(-1)!
}

/** `tree /image` is the whole of it; one more command as a person would ask. */
function shell(trial: Trial, version: ApacheVersion, place: Place, facts: Facts): void {
  const what = `kafka-metadata-shell ${version}`
  const wrongIn = (tree: string) => {
    const found = parseTree(tree)
    return [...facts]
      .filter(([where, value]) => !value.test(found.get(where) ?? ''))
      .map(([where, value]) => `${where}: ${found.get(where) ?? 'nothing'}, not ${String(value)}`)
  }
  const tree = ask(version, place, ['tree', '/image'], (out) => wrongIn(out).length === 0)
  const title = `${what} shows our snapshot as clients were told (${facts.size} facts)`
  trial.expect(title, wrongIn(tree).length === 0, wrongIn(tree).slice(0, 5))
  const topics = (paths: Iterable<string>) =>
    [...paths].filter((where) => /^topics\/byName\/[^/]+\/id$/.test(where)).toSorted()
  trial.equal(`${what} shows no other topic`, topics(parseTree(tree).keys()), topics(facts.keys()))
  const partition = '/image/topics/byName/codecs/0'
  const isThere = (out: string) => /^PartitionRegistration\(replicas=\[1\]/m.test(out)
  const asked = ask(version, place, ['cat', partition], isThere)
  trial.expect(`${what}: cat ${partition}`, isThere(asked), asked)
}

const ATTEMPTS = 5

/** The shell of 4.3.1 now and then runs its command before it has read the snapshot, or never ends, so it
 * is asked again until `isWhole`. A JVM for each, since it closes the output of its process. */
function ask(
  version: ApacheVersion,
  place: Place,
  command: readonly string[],
  isWhole: (out: string) => boolean,
): string {
  const args = ['--snapshot', newestSnapshot(place), ...command]
  let out = ''
  for (let attempt = 1; attempt <= ATTEMPTS && !isWhole(out); attempt++) {
    try {
      out = tool('org.apache.kafka.shell.MetadataShell', args, { version, timeoutMs: 40_000 })
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
    }
  }
  return out
}

/** Directories end with a colon, two more spaces are one level deeper, a file is its only line. */
function parseTree(text: string): Map<string, string> {
  const found = new Map<string, string>()
  const names: string[] = []
  for (const line of text.replace(/^.*?(?=^|acls:)/s, '').split('\n')) {
    const depth = line.search(/\S/) / 2
    if (depth < 0) continue
    names.length = Math.min(names.length, depth)
    if (line.endsWith(':')) names.push(line.trim().slice(0, -1))
    else found.set(names.join('/'), line.trim())
  }
  return found
}
