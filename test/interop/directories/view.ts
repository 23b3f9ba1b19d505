// Everything that clients can see of a broker, as lines that two brokers must have in common: topics and
// their ids, what is configured, every stored byte, offsets by time and epoch, groups, quotas.
import { createHash } from 'node:crypto'
import type { Running } from './host.ts'
import { list, type Message, Wire } from './wire.ts'

/** A line's name and what the broker says. */
export type View = ReadonlyMap<string, string>

export async function viewOf(broker: Running): Promise<View> {
  const wire = await Wire.open(broker.endpoint)
  const lines = new Map<string, string>()
  const say = (name: string, value: unknown) => void lines.set(name, plain(value))
  try {
    const metadata = await wire.done('Metadata', 12, { topics: null })
    say('cluster id', metadata['clusterId'])
    say('brokers', list(metadata, 'brokers'))
    const topics = list(metadata, 'topics').toSorted(byName)
    for (const topic of topics) viewTopic(topic, say)
    await viewConfigs(wire, topics, say)
    for (const topic of topics) {
      for (const { partitionIndex } of list(topic, 'partitions')) {
        await viewPartition(wire, topic['name'] as string, partitionIndex as number, say)
      }
    }
    await viewGroups(wire, say)
    await viewAccess(wire, say)
    return lines
  } finally {
    wire.close()
  }
}

/** Lines that are in one view only, or say something else there. */
export function differences(before: View, after: View): string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: ${before.get(name) ?? 'nothing'} -> ${after.get(name) ?? 'nothing'}`)
}

type Say = (name: string, value: unknown) => void

function viewTopic(topic: Message, say: Say): void {
  const partitions = list(topic, 'partitions').toSorted(
    (one, other) => Number(one['partitionIndex']) - Number(other['partitionIndex']),
  )
  const { name, topicId, isInternal } = topic
  const places = partitions.map(({ leaderId, replicaNodes, isrNodes, offlineReplicas }) => [
    leaderId,
    replicaNodes,
    isrNodes,
    offlineReplicas,
  ])
  say(`topic ${String(name)}`, { topicId, isInternal, places })
}

const DYNAMIC_TOPIC_CONFIG = 1
const DYNAMIC_BROKER_CONFIG = 2
const DYNAMIC_DEFAULT_BROKER_CONFIG = 3
const DYNAMIC = [DYNAMIC_TOPIC_CONFIG, DYNAMIC_BROKER_CONFIG, DYNAMIC_DEFAULT_BROKER_CONFIG]

/** Only what somebody set: defaults are each broker's own. */
async function viewConfigs(wire: Wire, topics: readonly Message[], say: Say): Promise<void> {
  const resources = [
    ...topics.map(({ name }) => ({ resourceType: 2, resourceName: name, configurationKeys: null })),
    { resourceType: 4, resourceName: '1', configurationKeys: null },
    { resourceType: 4, resourceName: '', configurationKeys: null },
  ]
  const reply = await wire.done('DescribeConfigs', 4, { resources })
  for (const { resourceType, resourceName, configs } of list(reply, 'results')) {
    const set = (configs as Message[])
      .filter(({ configSource }) => DYNAMIC.includes(configSource as number))
      .toSorted(byName)
      .map(({ name, value, configSource }) => [name, value, configSource])
    say(`configs of ${String(resourceType)} "${String(resourceName)}"`, set)
  }
}

async function viewPartition(wire: Wire, topic: string, index: number, say: Say): Promise<void> {
  const name = `${topic}-${index}`
  const at = async (timestamp: number) => offsetAt(wire, topic, index, timestamp)
  const earliest = await at(-2)
  const latest = await at(-1)
  say(`offsets of ${name}`, { earliest, latest, max: await at(-3) })
  const end = latest.offset
  const times = new Set<number>()
  const epochs = new Set<number>()
  for (let offset = earliest.offset; offset < end;) {
    const bytes = await fetchFrom(wire, topic, index, offset)
    for (let start = 0; start + 61 <= bytes.length;) {
      const size = 12 + bytes.readInt32BE(start + 8)
      if (start + size > bytes.length) break
      const batch = bytes.subarray(start, start + size)
      const base = Number(batch.readBigInt64BE(0))
      const digest = createHash('sha256').update(batch).digest('hex').slice(0, 16)
      say(`records of ${name} at ${base}`, `${size} bytes ${digest}`)
      times.add(Number(batch.readBigInt64BE(27)))
      times.add(Number(batch.readBigInt64BE(35)))
      epochs.add(batch.readInt32BE(12))
      offset = base + batch.readInt32BE(23) + 1
      start += size
    }
  }
  const asked = [...times].slice(0, 12).flatMap((time) => [time, time + 1])
  for (const time of asked) say(`${name} by time ${time}`, await at(time))
  await viewCommitted(wire, topic, index, say)
  // The newest epoch goes on with each restart; where the earlier ones ended stays.
  for (const epoch of [...epochs].slice(0, -1)) {
    say(`${name} end of epoch ${epoch}`, await endOfEpoch(wire, topic, index, epoch))
  }
}

async function offsetAt(
  wire: Wire,
  name: string,
  partitionIndex: number,
  timestamp: number,
): Promise<{ offset: number; timestamp: unknown }> {
  const topics = [{ name, partitions: [{ partitionIndex, timestamp }] }]
  const reply = await wire.done('ListOffsets', 7, { replicaId: -1, topics })
  const found = list(list(reply, 'topics')[0]!, 'partitions')[0]!
  return { offset: found['offset'] as number, timestamp: found['timestamp'] }
}

async function fetchFrom(
  wire: Wire,
  topic: string,
  partition: number,
  fetchOffset: number,
): Promise<Buffer> {
  const limits = { maxWaitMs: 1000, minBytes: 1, maxBytes: 4_000_000 }
  const partitions = [{ partition, fetchOffset, partitionMaxBytes: 4_000_000 }]
  const reply = await wire.done('Fetch', 12, { ...limits, topics: [{ topic, partitions }] })
  const found = list(list(reply, 'responses')[0]!, 'partitions')[0]!
  const records = found['records'] as Uint8Array | null
  if (records === null || records.length === 0) {
    throw new Error(`${topic}-${partition}: no record at ${fetchOffset}, before its end`)
  }
  return Buffer.from(records)
}

/** What a reader of committed records is told to leave out. */
async function viewCommitted(wire: Wire, topic: string, index: number, say: Say): Promise<void> {
  const earliest = (await offsetAt(wire, topic, index, -2)).offset
  const place = { partition: index, fetchOffset: earliest, partitionMaxBytes: 4_000_000 }
  const limits = { maxWaitMs: 0, minBytes: 0, maxBytes: 4_000_000, isolationLevel: 1 }
  const topics = [{ topic, partitions: [place] }]
  const reply = await wire.done('Fetch', 12, { ...limits, topics })
  const found = list(list(reply, 'responses')[0]!, 'partitions')[0]!
  const { lastStableOffset, abortedTransactions, logStartOffset } = found
  say(`${topic}-${index} committed`, { lastStableOffset, abortedTransactions, logStartOffset })
}

async function endOfEpoch(
  wire: Wire,
  topic: string,
  partition: number,
  leaderEpoch: number,
): Promise<unknown> {
  const topics = [{ topic, partitions: [{ partition, leaderEpoch }] }]
  const reply = await wire.done('OffsetForLeaderEpoch', 4, { replicaId: -1, topics })
  const found = list(list(reply, 'topics')[0]!, 'partitions')[0]!
  return [found['leaderEpoch'], found['endOffset']]
}

async function viewGroups(wire: Wire, say: Say): Promise<void> {
  const groups = list(await wire.done('ListGroups', 4, {}), 'groups').map(({ groupId }) =>
    String(groupId),
  )
  groups.sort((one, other) => (one < other ? -1 : 1))
  say('groups', groups)
  const described = await wire.done('DescribeGroups', 5, { groups })
  for (const group of list(described, 'groups')) say(`group ${String(group['groupId'])}`, group)
  const asked = groups.map((groupId) => ({ groupId, topics: null }))
  const reply = await wire.done('OffsetFetch', 8, { groups: asked, requireStable: false })
  for (const { groupId, topics } of list(reply, 'groups')) {
    for (const topic of (topics as Message[]).toSorted(byName)) {
      for (const partition of list(topic, 'partitions')) {
        const where = `${String(topic['name'])}-${String(partition['partitionIndex'])}`
        say(`offset of ${String(groupId)} in ${where}`, partition)
      }
    }
  }
}

async function viewAccess(wire: Wire, say: Say): Promise<void> {
  const any = { components: [], strict: false }
  say('quotas', list(await wire.done('DescribeClientQuotas', 1, any), 'entries'))
  const users = await wire.done('DescribeUserScramCredentials', 0, { users: null })
  say('scram users', list(users, 'results'))
}

function byName(one: Message, other: Message): number {
  return String(one['name']) < String(other['name']) ? -1 : 1
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'bigint' || member === Infinity) return String(member)
    return ArrayBuffer.isView(member) ? Buffer.from(member as Uint8Array).toString('hex') : member
  })
}
