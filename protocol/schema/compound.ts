// The two kinds that hold others: arrays and structs.
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'
import type { Kind, Member, Place, ReadValue, WriteValue } from './kind.ts'
import { isPresent, isTagged, placeOf, readLength, readLengthText } from './kind.ts'
import { readUvarintText, roomText, writeNull, writeNullText, writerCall } from './kind.ts'
import { structReads, structWrites } from './struct-closures.ts'
import { structReadText, structWriteText } from './struct-text.ts'
import type { Source } from './source.ts'

// Classes, because the import of the protocol makes some six hundred of these, and closures cost
// more.

export class ArrayKind implements Kind {
  readonly type: string
  readonly fixedBytes = undefined
  readonly #item: Kind

  constructor(item: Kind) {
    this.type = `[]${item.type}`
    this.#item = item
  }

  members(): readonly Member[] | undefined {
    return this.#item.members()
  }

  minBytes(place: Place): number {
    return place.compact ? 1 : 4
  }

  zero(): unknown {
    return []
  }

  readText(out: Source, to: string, place: Place): void {
    arrayReadText(out, to, this.#item, place)
  }

  readAtText(): void {
    notFixed()
  }

  writeText(out: Source, from: string, place: Place): void {
    arrayWriteText(out, from, this.#item, place)
  }

  writeAtText(): void {
    notFixed()
  }

  valueText(value: unknown): string {
    return value === null ? 'null' : '[]'
  }

  isText(from: string, value: unknown): string {
    return value === null ? `${from} === null` : `${from} !== null && ${from}.length === 0`
  }

  reads(place: Place): ReadValue {
    return arrayReads(this.#item, place)
  }

  writes(place: Place): WriteValue {
    return arrayWrites(this.#item, place)
  }

  is(actual: unknown, value: unknown): boolean {
    if (value === null || actual === null) return actual === value
    return (actual as unknown[]).length === 0
  }
}

export class StructKind implements Kind {
  readonly type = 'struct'
  readonly fixedBytes = undefined
  readonly #list: () => readonly Member[]
  #members: readonly Member[] | undefined

  /** `list` is called at first use, so that a struct costs nothing until it is compiled. */
  constructor(list: () => readonly Member[]) {
    this.#list = list
  }

  members(): readonly Member[] {
    return (this.#members ??= this.#list())
  }

  minBytes(place: Place): number {
    return structMinBytes(this.members(), place)
  }

  zero(): unknown {
    return zeroOf(this.members())
  }

  readText(out: Source, to: string, place: Place): void {
    if (place.nullable) nullableStructReadText(out, to, this.members(), place)
    else structReadText(out, to, this.members(), place)
  }

  readAtText(): void {
    notFixed()
  }

  writeText(out: Source, from: string, place: Place): void {
    if (place.nullable) nullableStructWriteText(out, from, this.members(), place)
    else structWriteText(out, from, this.members(), place)
  }

  writeAtText(): void {
    notFixed()
  }

  valueText(value: unknown): string {
    if (value === null) return 'null'
    const fields = this.members().map((m) => `${m.name}: ${m.kind.valueText(m.default)}`)
    return `{ ${fields.join(', ')} }`
  }

  isText(from: string, value: unknown): string {
    if (value === null) return `${from} === null`
    const fields = this.members().map((m) => {
      const field = `${from}.${m.name}`
      return `(${field} === undefined || ${m.kind.isText(field, m.default)})`
    })
    return [`${from} !== null`, ...fields].join(' && ')
  }

  reads(place: Place): ReadValue {
    const body = structReads(this.members(), place)
    return place.nullable ? nullableStructReads(body, place) : body
  }

  writes(place: Place): WriteValue {
    const body = structWrites(this.members(), place)
    return place.nullable ? nullableStructWrites(body, place) : body
  }

  is(actual: unknown, value: unknown): boolean {
    if (value === null || actual === null) return actual === value
    const fields = actual as Record<string, unknown>
    return this.members().every((m) => {
      const field = fields[m.name]
      return field === undefined || m.kind.is(field, m.default)
    })
  }
}

/** A struct of defaults, its keys in schema order. */
function zeroOf(members: readonly Member[]): Record<string, unknown> {
  const struct: Record<string, unknown> = {}
  for (const member of members) {
    struct[member.name] = member.default === undefined ? member.kind.zero() : member.default
  }
  return struct
}

function structMinBytes(members: readonly Member[], place: Place): number {
  if (place.nullable) return 1
  let bytes = place.flexible ? 1 : 0
  for (const member of members) {
    if (!isPresent(member, place.version) || isTagged(member, place.version)) continue
    bytes += member.kind.minBytes(placeOf(member, place))
  }
  return bytes
}

/** The place of the items of an array at `place`. */
function itemPlace(place: Place): Place {
  return { ...place, nullable: false, inTag: false }
}

function arrayReadText(out: Source, to: string, item: Kind, place: Place): void {
  const path = JSON.stringify(place.path)
  const inside = itemPlace(place)
  const [count, index, value] = [out.local('n'), out.local('i'), out.local('x')]
  readLengthText(out, count, 4, place)
  out.line(`let ${to} = null`)
  out.line(`if (${count} >= 0) {`)
  const few = item.minBytes(inside)
  const there = few > 0 ? ` || ${count} * ${few} > end - p` : ''
  out.line(`if (${count} > 1000000${there}) r.tooMany(${count}, ${path})`)
  // Most arrays of the data path have one item, and a push makes room for seventeen.
  out.line(`if (${count} !== 1) ${to} = []`)
  out.line(`for (let ${index} = 0; ${index} < ${count}; ${index}++) {`)
  if (item.fixedBytes === undefined) {
    item.readText(out, value, inside)
  } else {
    // The count was checked against the bytes that are there.
    item.readAtText(out, value, 0)
    out.line(`p += ${item.fixedBytes}`)
  }
  out.line(`if (${count} === 1) ${to} = [${value}]`)
  out.line(`else ${to}.push(${value})`)
  out.line('}')
  out.line(place.nullable ? '}' : `} else r.badNull(${path})`)
}

function arrayWriteText(out: Source, from: string, item: Kind, place: Place): void {
  const path = JSON.stringify(place.path)
  const inside = itemPlace(place)
  const [count, index, value] = [out.local('n'), out.local('i'), out.local('x')]
  out.line(`if (${from} === null) {`)
  writeNullText(out, 4, place)
  out.line('} else {')
  out.line(`if (!Array.isArray(${from})) w.bad(${path}, ${from})`)
  out.line(`const ${count} = ${from}.length`)
  if (place.compact) {
    out.line(roomText(5))
    out.line(`if (${count} < 127) b[p++] = ${count} + 1`)
    out.line(`else { ${writerCall(`uvarint(${count} + 1)`)} }`)
  } else {
    out.line(writerCall(`int32(${count}, ${path})`))
  }
  const bytes = item.fixedBytes
  if (bytes !== undefined) out.line(roomText(`${count} * ${bytes}`))
  out.line(`for (let ${index} = 0; ${index} < ${count}; ${index}++) {`)
  out.line(`const ${value} = ${from}[${index}]`)
  if (bytes === undefined) {
    item.writeText(out, value, inside)
  } else {
    item.writeAtText(out, value, 0, place.path)
    out.line(`p += ${bytes}`)
  }
  out.line('}')
  out.line('}')
}

function arrayReads(item: Kind, place: Place): ReadValue {
  const inside = itemPlace(place)
  const readItem = item.reads(inside)
  const few = item.minBytes(inside)
  return (reader) => {
    const count = readLength(reader, 4, place)
    if (count < 0) return null
    reader.checkCount(count, few, place.path)
    const items: unknown[] = []
    for (let i = 0; i < count; i++) items.push(readItem(reader))
    return items
  }
}

function arrayWrites(item: Kind, place: Place): WriteValue {
  const writeItem = item.writes(itemPlace(place))
  return (writer, value) => {
    if (value === null) return writeNull(writer, 4, place)
    if (!Array.isArray(value)) writer.bad(place.path, value)
    const items = value as readonly unknown[]
    if (place.compact) writer.uvarint(items.length + 1)
    else writer.int32(items.length, place.path)
    for (const one of items) writeItem(writer, one)
  }
}

// A nullable struct has a marker in front: int8 -1 or 1, in a tagged field uvarint 0 or 1.

function nullableStructReadText(
  out: Source,
  to: string,
  members: readonly Member[],
  place: Place,
): void {
  const [marker, body] = [out.local('n'), out.local('s')]
  if (place.inTag) {
    readUvarintText(out, marker, place.path)
  } else {
    out.line(`if (p >= end) r.short(p, ${JSON.stringify(place.path)})`)
    out.line(`const ${marker} = b[p++] << 24 >> 24`)
  }
  out.line(`let ${to} = null`)
  out.line(`if (${marker} ${place.inTag ? '>' : '>='} 0) {`)
  structReadText(out, body, members, place)
  out.line(`${to} = ${body}`)
  out.line('}')
}

function nullableStructWriteText(
  out: Source,
  from: string,
  members: readonly Member[],
  place: Place,
): void {
  out.line(roomText(1))
  out.line(`if (${from} === null) b[p++] = ${place.inTag ? 0 : 255}`)
  out.line('else {')
  out.line('b[p++] = 1')
  structWriteText(out, from, members, place)
  out.line('}')
}

function nullableStructReads(body: ReadValue, place: Place): ReadValue {
  const present = place.inTag
    ? (reader: Reader) => reader.uvarint(place.path) > 0
    : (reader: Reader) => reader.int8(place.path) >= 0
  return (reader) => (present(reader) ? body(reader) : null)
}

function nullableStructWrites(body: WriteValue, place: Place): WriteValue {
  const mark = place.inTag
    ? (writer: Writer, present: boolean) => writer.uvarint(present ? 1 : 0)
    : (writer: Writer, present: boolean) => writer.int8(present ? 1 : -1, place.path)
  return (writer, value) => {
    mark(writer, value !== null)
    if (value !== null) body(writer, value)
  }
}

function notFixed(): never {
  throw new TypeError('this kind has no fixed size')
}
