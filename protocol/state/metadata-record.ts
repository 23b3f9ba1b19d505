// How a record lies in __cluster_metadata: the value is uvarint frame version 1, uvarint record
// type, uvarint version and the body; there is no key. Knows no record type: the table is in index.ts.
import { reader, writer } from '../schema/codec.ts'
import type { Shape } from '../schema/field.ts'
import type { Draft, Message, Value } from '../schema/message.ts'
import { includesVersion } from '../schema/versions.ts'
import { MalformedFrame, Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'

export interface MetadataRecord<Body extends Shape = Shape> {
  readonly type: number
  readonly message: Message<Body>
}

/** The record types of the log, by name. */
export interface MetadataRecords {
  readonly [name: string]: MetadataRecord
}

/** A record of one of the types in `Table`; `name` tells which. */
export type DecodedMetadata<Table extends MetadataRecords> = {
  [Name in keyof Table]: {
    readonly name: Name
    readonly version: number
    readonly value: Value<Table[Name]['message']>
  }
}[keyof Table]

const FRAME_VERSION = 1

export function metadataRecord<Body extends Shape>(
  type: number,
  message: Message<Body>,
): MetadataRecord<Body> {
  return { type, message }
}

export function encodeMetadata<R extends MetadataRecord>(
  record: R,
  version: number,
  value: Draft<R['message']>,
): Buffer {
  const target = new Writer(512)
  target.uvarint(FRAME_VERSION)
  target.uvarint(record.type)
  target.uvarint(version)
  writer(record.message, version)(target, value)
  return target.toBuffer()
}

/** Throws MalformedFrame; an unknown type or version and leftover bytes are errors too. */
export function decodeMetadata<Table extends MetadataRecords>(
  table: Table,
  bytes: Uint8Array,
): DecodedMetadata<Table> {
  const source = new Reader(bytes)
  const frame = source.uvarint('metadata record')
  if (frame !== FRAME_VERSION) throw new MalformedFrame(`metadata record: frame version ${frame}`)
  const type = source.uvarint('metadata record')
  const version = source.uvarint('metadata record')
  const name = nameOf(table, type)
  if (name === undefined) throw new MalformedFrame(`metadata record: unknown type ${type}`)
  const { message } = table[name]!
  if (!includesVersion(message.versions, version)) {
    throw new MalformedFrame(`${name}: unknown version ${version}`)
  }
  const value: unknown = reader(message, version)(source)
  source.expectEnd(name)
  return { name, version, value } as DecodedMetadata<Table>
}

/** A loop over some thirty entries without garbage: logs are loaded record by record. */
function nameOf(table: MetadataRecords, type: number): string | undefined {
  for (const name in table) {
    if (table[name]!.type === type) return name
  }
  return undefined
}
