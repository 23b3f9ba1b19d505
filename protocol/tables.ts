// Every message that Samsa knows, with what kind of thing it is: the list from which the tables of
// `samsa protocol --json`, the schema check and the tests over all messages derive.
import { apis } from './api/index.ts'
import type { Message } from './schema/message.ts'
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
import { RequestHeader, ResponseHeader } from './wire/header.ts'

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
