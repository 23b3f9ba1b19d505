// How a coordinator's record lies in its log: key = int16 record type + body, value = int16 version
// + body, no value = tombstone. Knows no record type of its own: the tables are in index.ts.
import type { Shape } from '../schema/field.ts'
import type { Draft, Message, Value } from '../schema/message.ts'
import {
  decodeBehindPrefix,
  decodeVersioned,
  encodePrefixed,
  encodeVersioned,
  readPrefix,
} from './prefixed.ts'

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
  return encodePrefixed(record.key, { prefix: record.type, version: 0 }, key)
}

/** `version` is that of the value's schema. */
export function encodeValue<R extends CoordinatorRecord>(
  record: R,
  version: number,
  value: Draft<R['value']>,
): Buffer {
  return encodeVersioned(record.value, version, value)
}

/** Throws MalformedFrame on bytes that are no such record and on value versions not known. */
export function decodeRecord<Table extends CoordinatorRecords>(
  table: Table,
  key: Uint8Array,
  value: Uint8Array | null,
): Decoded<Table> {
  const type = readPrefix(RECORD_KEY, key)
  const name = nameOf(table, type)
  if (name === undefined) return { name: 'unknown', type }
  const record = table[name]!
  return {
    name,
    key: decodeBehindPrefix(record.key, 0, key),
    value: value === null ? null : decodeVersioned(record.value, value),
    version: value === null ? -1 : readPrefix(record.value, value),
  } as Decoded<Table>
}

const RECORD_KEY = { name: 'a record key' }

/** A loop over some twenty entries without garbage: logs are loaded record by record. */
function nameOf(table: CoordinatorRecords, type: number): string | undefined {
  for (const name in table) {
    if (table[name]!.type === type) return name
  }
  return undefined
}
