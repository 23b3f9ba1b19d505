// What a field type knows about itself. Each kind answers for itself, as text for the compiler and
// as closures for the interpreter; shared code never asks which kind it has.
//
// The texts speak of a few locals of the function they stand in: b (the bytes), p (the position),
// end (after the last byte, reading), r (the Reader), w (the Writer).
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'
import type { Source } from './source.ts'

/** Where a value stands in one version of one message. */
export interface Place {
  readonly version: number
  /** Compact lengths: the version is flexible and the field is not classic. */
  readonly compact: boolean
  /** The version is flexible: structs end with a tag section. */
  readonly flexible: boolean
  readonly nullable: boolean
  /** The value is the payload of a tagged field. */
  readonly inTag: boolean
  /** For error messages: "ProduceRequest.topicData.name". */
  readonly path: string
}

export type ReadValue = (reader: Reader) => unknown
export type WriteValue = (writer: Writer, value: unknown) => void

export interface Kind {
  /** Kafka's name: "int32", "[]string", "struct", "[]struct". */
  readonly type: string
  /** Bytes on the wire where that is always the same number; such kinds have the At texts too. */
  readonly fixedBytes: number | undefined
  /** The fewest bytes a value can take: bounds the elements an array may announce. */
  minBytes(place: Place): number
  /** The value without a default of its own: 0, false, "", empty, a struct of such. */
  zero(): unknown

  /** Declares `to` and reads a value into it. */
  readText(out: Source, to: string, place: Place): void
  /** The same for fixed kinds, `offset` bytes behind p, which stays; bounds are checked before. */
  readAtText(out: Source, to: string, offset: number): void
  writeText(out: Source, from: string, place: Place): void
  /** The same for fixed kinds, `offset` bytes behind p, which stays; room is made before. */
  writeAtText(out: Source, from: string, offset: number, path: string): void
  /** An expression for a fresh `value`; undefined means zero. */
  valueText(value: unknown): string
  /** A condition: the value of expression `from` is `value` (undefined means zero). */
  isText(from: string, value: unknown): string

  reads(place: Place): ReadValue
  writes(place: Place): WriteValue
  is(actual: unknown, value: unknown): boolean
  /** The fields of a struct, or of the structs of an array; undefined for every other kind. */
  members(): readonly Member[] | undefined
}

/** One field of a struct, with its facts. Versions are those of the message. */
export interface Member {
  readonly name: string
  readonly kind: Kind
  readonly since: number
  readonly until: number
  /** First version that may carry null; Infinity if none. */
  readonly nullableFrom: number
  readonly tag: number | undefined
  /** First version where the field is tagged; Infinity if none. */
  readonly taggedFrom: number
  /** undefined: the kind's zero. */
  readonly default: unknown
  /** Left out without an error where the version lacks it. */
  readonly ignorable: boolean
  /** Never compact. */
  readonly classic: boolean
  /** A draft may leave it out; the writer then puts the default. */
  readonly optional: boolean
}

export function isPresent(member: Member, version: number): boolean {
  return version >= member.since && version <= member.until
}

export function isTagged(member: Member, version: number): boolean {
  return version >= member.taggedFrom
}

/** The place of `member` in a struct that stands at `parent`. */
export function placeOf(member: Member, parent: Place): Place {
  return {
    version: parent.version,
    compact: parent.flexible && !member.classic,
    flexible: parent.flexible,
    nullable: parent.version >= member.nullableFrom,
    inTag: isTagged(member, parent.version),
    path: `${parent.path}.${member.name}`,
  }
}

/** Runs `call` on the writer from within a text that keeps its position in locals. */
export function writerCall(call: string): string {
  return `w.position = p; w.${call}; p = w.position; b = w.buffer`
}

/** Makes room for `bytes` (an expression) in a text. */
export function roomText(bytes: number | string): string {
  return `if (p + ${bytes} > b.length) { ${writerCall(`room(${bytes})`)} }`
}

/** Declares `to` and reads a uvarint into it. */
export function readUvarintText(out: Source, to: string, path: string): void {
  out.line(`if (p >= end) r.short(p, ${JSON.stringify(path)})`)
  out.line(`let ${to} = b[p++]`)
  out.line(`if (${to} > 127) {`)
  out.line(`r.position = p - 1; ${to} = r.uvarint(${JSON.stringify(path)}); p = r.position`)
  out.line('}')
}

/** Declares `to` and reads a length into it, negative for null: compact or of `bytes` bytes. */
export function readLengthText(out: Source, to: string, bytes: 2 | 4, place: Place): void {
  if (place.compact) {
    readUvarintText(out, to, place.path)
    out.line(`${to}--`)
    return
  }
  out.line(`if (p + ${bytes} > end) r.short(p, ${JSON.stringify(place.path)})`)
  if (bytes === 2) out.line(`const ${to} = (b[p] << 24 | b[p + 1] << 16) >> 16`)
  else out.line(`const ${to} = b[p] << 24 | b[p + 1] << 16 | b[p + 2] << 8 | b[p + 3]`)
  out.line(`p += ${bytes}`)
}

/** Writes a null in place of a value with a length: compact or of `bytes` bytes. */
export function writeNullText(out: Source, bytes: 2 | 4, place: Place): void {
  if (!place.nullable) {
    out.line(`w.bad(${JSON.stringify(place.path)}, null)`)
  } else if (place.compact) {
    out.line(roomText(1))
    out.line('b[p++] = 0')
  } else {
    out.line(roomText(bytes))
    for (let i = 0; i < bytes; i++) out.line('b[p++] = 255')
  }
}

/** The length of a value, negative for null: compact or of `bytes` bytes. */
export function readLength(reader: Reader, bytes: 2 | 4, place: Place): number {
  const length = rawLength(reader, bytes, place)
  if (length < 0 && !place.nullable) reader.badNull(place.path)
  return length
}

function rawLength(reader: Reader, bytes: 2 | 4, place: Place): number {
  if (place.compact) return reader.uvarint(place.path) - 1
  return bytes === 2 ? reader.int16(place.path) : reader.int32(place.path)
}

export function writeNull(writer: Writer, bytes: 2 | 4, place: Place): void {
  if (!place.nullable) writer.bad(place.path, null)
  if (place.compact) writer.uvarint(0)
  else if (bytes === 2) writer.int16(-1, place.path)
  else writer.int32(-1, place.path)
}
