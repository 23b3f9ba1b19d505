// How a coordinator's record lies in its log: key = int16 record type + body, value = int16 version
// + body, no value = tombstone. Knows no record type of its own: the tables are in index.ts.
import { decode, writer } from '../schema/codec.ts'
import type { Shape } from '../schema/field.ts'
import type { Draft, Message, Value } from '../schema/message.ts'
import { includesVersion } from '../schema/versions.ts'
import { MalformedFrame } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'

export interface CoordinatorRecord<Key extends Shape = Shape, Body extends Shape = Shape> {
  /** The int16 in front of the key. */
  readonly type: number
  readonly key: Message<Key>
  readonly value: Message<Body>
}

/** The record types of one log, by name. */
export interface CoordinatorRecords {
  readonly [name: string]: CoordinatorRecord
}

/** A record of one of the types in `Table`; `name` tells which. */
export type Decoded<Table extends CoordinatorRecords> =
  | {
      [Name in keyof Table]: {
        readonly name: Name
        readonly key: Value<Table[Name]['key']>
        /** null: a tombstone. */
        readonly value: Value<Table[Name]['value']> | null
        /** Of the value; -1 for a tombstone. */
        readonly version: number
      }
    }[keyof Table]
  /** A type that this release does not know: Kafka skips such records when it loads a log. */
  | { readonly name: 'unknown'; readonly type: number }

export function coordinatorRecord<Key extends Shape, Body extends Shape>(
  type: number,
  key: Message<Key>,
  value: Message<Body>,
): CoordinatorRecord<Key, Body> {
  return { type, key, value }
}

export function encodeKey<R extends CoordinatorRecord>(record: R, key: Draft<R['key']>): Buffer {
  return prefixed(record.type, record.key, { version: 0, draft: key })
}

/** `version` is that of the value's schema. */
export function encodeValue<R extends CoordinatorRecord>(
  record: R,
  version: number,
  value: Draft<R['value']>,
): Buffer {
  return prefixed(version, record.value, { version, draft: value })
}

/** Throws MalformedFrame on bytes that are no such record and on value versions not known. */
export function decodeRecord<Table extends CoordinatorRecords>(
  table: Table,
  key: Uint8Array,
  value: Uint8Array | null,
): Decoded<Table> {
  const type = prefixOf(key, 'a record key')
  const found = Object.entries(table).find(([, record]) => record.type === type)
  if (found === undefined) return { name: 'unknown', type }
  const [name, record] = found
  const decodedKey = decode(record.key, 0, key, 2)
  const version = value === null ? -1 : prefixOf(value, name)
  if (value !== null && !includesVersion(record.value.versions, version)) {
    throw new MalformedFrame(`${record.value.name}: unknown version ${version}`)
  }
  const decodedValue = value === null ? null : decode(record.value, version, value, 2)
  return { name, key: decodedKey, value: decodedValue, version } as Decoded<Table>
}

function prefixed(
  prefix: number,
  message: Message,
  body: { version: number; draft: object },
): Buffer {
  const target = new Writer(512)
  target.int16(prefix, message.name)
  writer(message, body.version)(target, body.draft)
  return target.toBuffer()
}

function prefixOf(bytes: Uint8Array, what: string): number {
  if (bytes.byteLength < 2) throw new MalformedFrame(`${what}: no int16 in front`)
  return ((bytes[0]! << 24) | (bytes[1]! << 16)) >> 16
}
