// The closures that read and write one struct in one version: what the interpreter consists of.
// Slow, plain, and the oracle of the compiled text.
import type { Reader } from '../wire/reader.ts'
import { MAX_TAGGED_FIELDS } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'
import type { Member, Place, ReadValue, WriteValue } from './kind.ts'
import { isPresent, isTagged, placeOf } from './kind.ts'

type Struct = Record<string, unknown>

export function structReads(members: readonly Member[], place: Place): ReadValue {
  const plain: { name: string; read: ReadValue }[] = []
  const tagged = new Map<number, { name: string; read: ReadValue }>()
  for (const member of members) {
    if (!isPresent(member, place.version)) continue
    const step = { name: member.name, read: member.kind.reads(placeOf(member, place)) }
    if (isTagged(member, place.version)) tagged.set(member.tag!, step)
    else plain.push(step)
  }
  return (reader) => {
    const struct: Struct = {}
    for (const member of members) struct[member.name] = defaultOf(member)
    for (const { name, read } of plain) struct[name] = read(reader)
    if (place.flexible) readTags(reader, struct, tagged, place)
    return struct
  }
}

export function structWrites(members: readonly Member[], place: Place): WriteValue {
  const { version } = place
  const lacking = members.filter((m) => !isPresent(m, version) && !m.ignorable)
  const present = members
    .filter((m) => isPresent(m, version))
    .map((member) => ({ member, write: member.kind.writes(placeOf(member, place)) }))
  const plain = present.filter(({ member }) => !isTagged(member, version))
  const tagged = present
    .filter(({ member }) => isTagged(member, version))
    .toSorted((a, b) => a.member.tag! - b.member.tag!)
  return (writer, value) => {
    if (value === null || typeof value !== 'object') writer.bad(place.path, value)
    const draft = value as Struct
    for (const member of lacking) {
      if (!isDefault(member, draft)) writer.unsupported(`${place.path}.${member.name}`, version)
    }
    for (const { member, write } of plain) {
      const field = draft[member.name]
      write(writer, field === undefined && member.optional ? defaultOf(member) : field)
    }
    if (place.flexible) writeTags(writer, draft, tagged)
  }
}

function defaultOf(member: Member): unknown {
  return member.default === undefined ? member.kind.zero() : member.default
}

function isDefault(member: Member, draft: Struct): boolean {
  const value = draft[member.name]
  return value === undefined || member.kind.is(value, member.default)
}

function readTags(
  reader: Reader,
  struct: Struct,
  tagged: ReadonlyMap<number, { name: string; read: ReadValue }>,
  place: Place,
): void {
  const count = reader.uvarint(place.path)
  if (count > MAX_TAGGED_FIELDS) reader.tooManyTags(count, place.path)
  for (let i = 0; i < count; i++) {
    const tag = reader.uvarint(place.path)
    const size = reader.uvarint(place.path)
    if (size > reader.remaining()) reader.short(reader.position, place.path)
    const until = reader.position + size
    const field = tagged.get(tag)
    if (field === undefined) reader.position = until
    else struct[field.name] = field.read(reader)
    if (reader.position !== until) reader.badTagSize(tag, place.path)
  }
}

function writeTags(
  writer: Writer,
  draft: Struct,
  tagged: readonly { member: Member; write: WriteValue }[],
): void {
  const present = tagged.filter(({ member }) => !isDefault(member, draft))
  writer.uvarint(present.length)
  for (const { member, write } of present) {
    writer.uvarint(member.tag!)
    const mark = writer.openSized()
    write(writer, draft[member.name])
    writer.closeSized(mark)
  }
}
