// Every message that Samsa knows, with what kind of thing it is: the list from which the tables of
// `samsa protocol --json`, the schema check and the tests over all messages derive.
import { apiByKey, apis } from './api/index.ts'
import type { FieldTable, MessageTable } from './schema/compare.ts'
import type { Member } from './schema/kind.ts'
import type { Message } from './schema/message.ts'
import type { VersionRange } from './schema/versions.ts'
import * as blobs from './state/blobs.ts'
import * as control from './state/control.ts'
import type { CoordinatorRecords } from './state/coordinator-record.ts'
import * as files from './state/files.ts'
import {
  groupRecords,
  metadataRecords,
  remoteLogRecords,
  shareRecords,
  txnRecords,
} from './state/index.ts'
import type { MetadataRecords } from './state/metadata-record.ts'
import {
  RequestHeader,
  ResponseHeader,
  requestHeaderVersion,
  responseHeaderVersion,
} from './wire/header.ts'

export type MessageKind =
  | 'request'
  | 'response'
  | 'header'
  | 'data'
  | 'metadata'
  | 'coordinator-key'
  | 'coordinator-value'

export interface MessageEntry {
  readonly kind: MessageKind
  /** API key, or the record type. */
  readonly apiKey: number | undefined
  /** The internal topic that holds such records. */
  readonly topic: string | undefined
  readonly message: Message
}

export function messageEntries(): readonly MessageEntry[] {
  return [
    ...apis.flatMap((api) => [
      { kind: 'request' as const, apiKey: api.key, topic: undefined, message: api.request },
      { kind: 'response' as const, apiKey: api.key, topic: undefined, message: api.response },
    ]),
    ...untyped('header', [RequestHeader, ResponseHeader]),
    ...untyped('data', [
      ...Object.values(blobs),
      ...Object.values(control),
      ...Object.values(files),
    ]),
    ...metadata('__cluster_metadata', metadataRecords),
    ...metadata('__remote_log_metadata', remoteLogRecords),
    ...coordinator('__consumer_offsets', groupRecords),
    ...coordinator('__share_group_state', shareRecords),
    ...coordinator('__transaction_state', txnRecords),
  ]
}

function untyped(kind: MessageKind, messages: readonly Message[]): readonly MessageEntry[] {
  return messages.map((message) => ({ kind, apiKey: undefined, topic: undefined, message }))
}

function metadata(topic: string, table: MetadataRecords): readonly MessageEntry[] {
  return Object.values(table).map(({ type, message }) => ({
    kind: 'metadata',
    apiKey: type,
    topic,
    message,
  }))
}

function coordinator(topic: string, table: CoordinatorRecords): readonly MessageEntry[] {
  return Object.values(table).flatMap(({ type, key, value }) => [
    { kind: 'coordinator-key' as const, apiKey: type, topic, message: key },
    { kind: 'coordinator-value' as const, apiKey: type, topic, message: value },
  ])
}

/** Our tables in the vocabulary that `samsa protocol --json` prints. */
export function protocolTables(): readonly MessageTable[] {
  return messageEntries().map(({ kind, apiKey, topic, message }) => {
    const api = kind === 'request' && apiKey !== undefined ? apiByKey(apiKey) : undefined
    return {
      kind,
      ...(apiKey === undefined ? {} : { apiKey }),
      name: message.name,
      validVersions: rangeText(message.versions.min, message.versions.max),
      flexibleVersions: message.flexible === Infinity ? 'none' : `${message.flexible}+`,
      ...(api === undefined ? {} : { listeners: api.listeners }),
      ...(api?.latestVersionUnstable === true ? { latestVersionUnstable: true } : {}),
      ...headerVersions(kind, apiKey, message),
      ...(topic === undefined ? {} : { topic }),
      fields: fieldTables(message.kind.members() ?? [], message.versions),
    }
  })
}

function headerVersions(
  kind: MessageKind,
  apiKey: number | undefined,
  message: Message,
): Pick<MessageTable, 'headerVersions'> {
  if (apiKey === undefined || (kind !== 'request' && kind !== 'response')) return {}
  const headerOf = kind === 'request' ? requestHeaderVersion : responseHeaderVersion
  const { min, max } = message.versions
  const headers: Record<string, number> = {}
  for (let first = min; first <= max;) {
    let last = first
    while (last < max && headerOf(apiKey, last + 1) === headerOf(apiKey, first)) last++
    headers[rangeText(first, last)] = headerOf(apiKey, first)
    first = last + 1
  }
  return { headerVersions: headers }
}

function fieldTables(members: readonly Member[], range: VersionRange): readonly FieldTable[] {
  return members.map((member) => {
    const versions = {
      min: Math.max(member.since, range.min),
      max: Math.min(member.until, range.max),
    }
    const inner = member.kind.members()
    return {
      name: member.name.charAt(0).toUpperCase() + member.name.slice(1),
      type: typeOf(member),
      versions: openRange(versions, member.until),
      ...(member.nullableFrom === Infinity
        ? {}
        : { nullableVersions: openRange(from(versions, member.nullableFrom), member.until) }),
      ...(member.tag === undefined
        ? {}
        : {
            taggedVersions: openRange(from(versions, member.taggedFrom), member.until),
            tag: member.tag,
          }),
      ...(member.default === undefined ? {} : { default: defaultOf(member.default) }),
      ...(member.ignorable ? { ignorable: true } : {}),
      ...(member.classic ? { flexibleVersions: 'none' } : {}),
      ...(inner === undefined ? {} : { fields: fieldTables(inner, versions) }),
    }
  })
}

/** A struct bears the name of its field. */
function typeOf(member: Member): string {
  const name = member.name.charAt(0).toUpperCase() + member.name.slice(1)
  return member.kind.type.replace('struct', name)
}

function defaultOf(value: unknown): NonNullable<FieldTable['default']> | null {
  if (value === Infinity) return '9223372036854775807'
  return value as string | number | boolean | null
}

function from(range: VersionRange, first: number): VersionRange {
  return { min: Math.max(range.min, first), max: range.max }
}

function openRange(range: VersionRange, until: number): string {
  return until === Infinity ? `${range.min}+` : rangeText(range.min, range.max)
}

function rangeText(min: number, max: number): string {
  return min === max ? String(min) : `${min}-${max}`
}
