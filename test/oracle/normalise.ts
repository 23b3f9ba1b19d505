// The short, explicit list of what may differ between two right answers: ids, times, ports, sizes of
// disks, texts for people, and orders that come out of a Java hash map. Everything else is compared.

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/** What one cluster's ids have been called so far in one scenario: order of first appearance. */
export interface Names {
  readonly prefix: string
  readonly known: Map<string, string>
}

export function newNames(prefix: string): Names {
  return { prefix, known: new Map() }
}

/** Present (and not empty) or absent, that is all. */
const TEXTS = new Set(['errorMessage', 'batchIndexErrorMessage', 'documentation', 'message'])
/** Wall clock times; a date is later than this, a value of the requests is not. */
const TIMES = new Set(['logAppendTimeMs', 'commitTimestamp', 'timestamp', 'startTimeMs'])
const RECENT = 1_760_000_000_000
/** Positions in the metadata log and its clock: they move by themselves. */
const LIVE = new Set([
  'ApiVersions.finalizedFeaturesEpoch',
  'DescribeQuorum.leaderEpoch',
  'DescribeQuorum.highWatermark',
  'DescribeQuorum.logEndOffset',
  'DescribeQuorum.lastFetchTimestamp',
  'DescribeQuorum.lastCaughtUpTimestamp',
])
const DISK_BYTES = new Set(['totalBytes', 'usableBytes'])
const HEX_UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const UUID_KEYS = /(^|[a-z])(Id|Ids|id|Directory|directoryId)$/
const ZERO_UUIDS = new Set(['AAAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAAQ'])

/** Arrays whose order Kafka leaves to a hash map, and the member that orders them here. */
const UNORDERED: Readonly<Record<string, string>> = {
  'Metadata.topics': 'name',
  'Metadata.partitions': 'partitionIndex',
  'ListGroups.groups': 'groupId',
  'DescribeConfigs.configs': 'name',
  'CreateTopics.configs': 'name',
  'DescribeLogDirs.topics': 'name',
  'DescribeLogDirs.partitions': 'partitionIndex',
  'ListConfigResources.configResources': 'resourceName',
  'OffsetFetch.topics': 'name',
  'OffsetFetch.partitions': 'partitionIndex',
  'OffsetForLeaderEpoch.topics': 'topic',
  'DeleteRecords.topics': 'name',
  'DeleteRecords.partitions': 'partitionIndex',
  'DescribeGroups.groups': 'groupId',
  'DescribeUserScramCredentials.results': 'user',
  'DescribeGroups.members': 'memberMetadata',
  'JoinGroup.members': 'metadata',
  'ListOffsets.topics': 'name',
  'ListOffsets.partitions': 'partitionIndex',
  'Produce.responses': 'name',
  'Produce.partitionResponses': 'index',
  'DeleteGroups.results': 'groupId',
  'OffsetDelete.topics': 'name',
  'OffsetDelete.partitions': 'partitionIndex',
  'CreatePartitions.results': 'name',
  'DeleteTopics.responses': 'name',
}

/** Tables rather than lists: compared row by row, so that a path names the row. */
const TABLES: Readonly<Record<string, string>> = {
  'ApiVersions.apiKeys': 'apiKey',
  'ApiVersions.supportedFeatures': 'name',
  'ApiVersions.finalizedFeatures': 'name',
}

/** Elements that belong to somebody else's scenario are not this answer's business. */
const OWNER_KEYS = ['name', 'topicName', 'groupId', 'resourceName'] as const

export const TOPIC_PREFIX = 'o-'

export function normalise(api: string, value: unknown, names: Names): Json {
  return walk(api, '', value, names)
}

function walk(api: string, key: string, value: unknown, names: Names): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') {
    return LIVE.has(`${api}.${key}`) && value > 0 ? '<live>' : number(key, value, names)
  }
  if (typeof value === 'bigint') return number(key, Number(value), names)
  if (typeof value === 'string') return text(key, value, names)
  if (ArrayBuffer.isView(value)) return bytes(key, value, names)
  if (Array.isArray(value)) return array(api, key, value, names)
  const out: Record<string, Json> = {}
  for (const [name, member] of Object.entries(value)) out[name] = walk(api, name, member, names)
  return out
}

function array(api: string, key: string, items: readonly unknown[], names: Names): Json {
  const row = TABLES[`${api}.${key}`]
  if (row !== undefined) {
    const rows = items.map((item) => [String((item as Record<string, unknown>)[row]), item])
    return walk(api, key, Object.fromEntries(rows), names)
  }
  const own = items.filter((item) => isOwn(item, names.prefix))
  const order = UNORDERED[`${api}.${key}`]
  if (order !== undefined) own.sort((a, b) => compareBy(order, a, b))
  return own.map((item) => walk(api, key, item, names))
}

function isOwn(item: unknown, prefix: string): boolean {
  if (typeof item !== 'object' || item === null) return true
  for (const key of OWNER_KEYS) {
    const name = (item as Record<string, unknown>)[key]
    if (typeof name !== 'string') continue
    if (name.startsWith(TOPIC_PREFIX) && !name.startsWith(prefix)) return false
  }
  return true
}

/** What orders elements whose first member is equal: a nameless topic, members of one subscription. */
const TIES = ['errorCode', 'groupInstanceId']

function compareBy(key: string, a: unknown, b: unknown): number {
  const left = (a as Record<string, unknown>)[key]
  const right = (b as Record<string, unknown>)[key]
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const [x, y] = [String(left), String(right)]
  if (x !== y) return x < y ? -1 : 1
  const next = TIES[TIES.indexOf(key) + 1]
  return next === undefined ? 0 : compareBy(next, a, b)
}

function number(key: string, value: number, names: Names): Json {
  if (key === 'port') return '<port>'
  if (TIMES.has(key) && value > RECENT && Number.isFinite(value)) return '<time>'
  if (DISK_BYTES.has(key)) return value < 0 ? value : '<bytes>'
  if (key === 'producerId' && value >= 0) return named('pid', String(value), names)
  if (key === 'sessionId' && value > 0) return named('session', String(value), names)
  if (value === Infinity) return '<int64 max>'
  if (value === -Infinity) return '<int64 min>'
  return value
}

function text(key: string, value: string, names: Names): Json {
  if (TEXTS.has(key)) return value === '' ? '' : '<text>'
  if (key === 'clusterId') return '<cluster>'
  if (key === 'logDir') return '<dir>'
  if (/^[A-Za-z0-9_-]{22}$/.test(value) && UUID_KEYS.test(key) && !value.startsWith(TOPIC_PREFIX)) {
    return ZERO_UUIDS.has(value) ? value : named('id', value, names)
  }
  return value.replaceAll(HEX_UUID, (id) => named('id', id, names))
}

function named(kind: string, value: string, names: Names): string {
  const key = `${kind} ${value}`
  let name = names.known.get(key)
  if (name === undefined) {
    let count = 1
    for (const other of names.known.keys()) if (other.startsWith(`${kind} `)) count++
    name = `<${kind} ${count}>`
    names.known.set(key, name)
  }
  return name
}

/** Bytes compare as they are, but for what a broker stamps with its clock: LogAppendTime batches. */
function bytes(key: string, view: ArrayBufferView, names: Names): Json {
  const copy = Buffer.from(Buffer.from(view.buffer, view.byteOffset, view.byteLength))
  if (key === 'records') maskStampedBatches(copy, names)
  return copy.toString('hex')
}

function maskStampedBatches(records: Buffer, names: Names): void {
  for (let at = 0; at + 61 <= records.length;) {
    const size = 12 + records.readInt32BE(at + 8)
    if (records.readInt8(at + 16) !== 2 || size < 61) return
    const producerId = Number(records.readBigInt64BE(at + 43))
    const isStamped = (records.readInt16BE(at + 21) & 8) !== 0
    if (isStamped || producerId >= 0) records.writeUInt32BE(0, at + 17)
    if (isStamped) records.writeBigInt64BE(0n, at + 35)
    if (producerId >= 0) {
      const name = named('pid', String(producerId), names)
      records.writeBigInt64BE(BigInt(name.replaceAll(/\D/g, '')), at + 43)
    }
    at += size
  }
}

export interface Mismatch {
  readonly path: string
  readonly left: Json | undefined
  readonly right: Json | undefined
}

/** Every leaf where two normalised values differ; a shorter array counts once, at its length. */
export function mismatches(left: Json, right: Json, path = ''): Mismatch[] {
  if (Array.isArray(left) && Array.isArray(right)) {
    const found: Mismatch[] = []
    if (left.length !== right.length) {
      found.push({ path: `${path}.length`, left: left.length, right: right.length })
    }
    const shared = Math.min(left.length, right.length)
    for (let i = 0; i < shared; i++) {
      found.push(...mismatches(left[i] as Json, right[i] as Json, `${path}[${i}]`))
    }
    return found
  }
  if (isStruct(left) && isStruct(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)])
    const dot = path === '' ? '' : '.'
    return [...keys].flatMap((key) => {
      const [a, b] = [left[key], right[key]]
      const at = `${path}${dot}${key}`
      return a === undefined || b === undefined
        ? [{ path: at, left: a, right: b }]
        : mismatches(a, b, at)
    })
  }
  return left === right ? [] : [{ path, left, right }]
}

function isStruct(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
