// The text that reads and writes one struct in one version. Neighbours of fixed size share one
// bounds check; the struct is built as one object literal with all keys in schema order, whatever
// the version, so that all versions share one hidden class.
import type { Member, Place } from './kind.ts'
import { isPresent, isTagged, placeOf, readUvarintText, roomText, writerCall } from './kind.ts'
import type { Source } from './source.ts'

/** Declares `to` and reads the struct's body into it. */
export function structReadText(
  out: Source,
  to: string,
  members: readonly Member[],
  place: Place,
): void {
  const names = new Map<Member, string>()
  for (const run of runsOf(plainMembers(members, place))) readRun(out, run, names, place)
  if (place.flexible) readTags(out, taggedMembers(members, place), names, place)
  const fields = members.map(
    (member) => `${member.name}: ${names.get(member) ?? member.kind.valueText(member.default)}`,
  )
  out.line(`const ${to} = { ${fields.join(', ')} }`)
}

/** Writes the struct `from`, which may lack fields that have a default. */
export function structWriteText(
  out: Source,
  from: string,
  members: readonly Member[],
  place: Place,
): void {
  const path = JSON.stringify(place.path)
  out.line(`if (${from} === null || typeof ${from} !== 'object') w.bad(${path}, ${from})`)
  const lacking = members.filter((m) => !isPresent(m, place.version) && !m.ignorable)
  for (const member of lacking) refuseValue(out, from, member, place)
  for (const run of runsOf(plainMembers(members, place))) writeRun(out, from, run, place)
  if (place.flexible) writeTags(out, from, taggedMembers(members, place), place)
}

function plainMembers(members: readonly Member[], { version }: Place): readonly Member[] {
  return members.filter((m) => isPresent(m, version) && !isTagged(m, version))
}

function taggedMembers(members: readonly Member[], { version }: Place): readonly Member[] {
  return members
    .filter((m) => isPresent(m, version) && isTagged(m, version))
    .toSorted((a, b) => a.tag! - b.tag!)
}

/** Cuts the members into neighbours of fixed size and single others. */
function runsOf(members: readonly Member[]): readonly (readonly Member[])[] {
  const runs: Member[][] = []
  let open = false
  for (const member of members) {
    const fixed = member.kind.fixedBytes !== undefined
    if (fixed && open) runs.at(-1)!.push(member)
    else runs.push([member])
    open = fixed
  }
  return runs
}

function bytesOf(run: readonly Member[]): number {
  return run.reduce((sum, member) => sum + (member.kind.fixedBytes ?? 0), 0)
}

function readRun(
  out: Source,
  run: readonly Member[],
  names: Map<Member, string>,
  place: Place,
): void {
  const first = run[0]!
  if (first.kind.fixedBytes === undefined) {
    names.set(first, out.local('v'))
    first.kind.readText(out, names.get(first)!, placeOf(first, place))
    return
  }
  const bytes = bytesOf(run)
  out.line(`if (p + ${bytes} > end) r.short(p, ${JSON.stringify(`${place.path}.${first.name}`)})`)
  let offset = 0
  for (const member of run) {
    names.set(member, out.local('v'))
    member.kind.readAtText(out, names.get(member)!, offset)
    offset += member.kind.fixedBytes ?? 0
  }
  out.line(`p += ${bytes}`)
}

function readTags(
  out: Source,
  tagged: readonly Member[],
  names: Map<Member, string>,
  place: Place,
): void {
  const path = JSON.stringify(place.path)
  if (tagged.length === 0) {
    out.line(`if (p < end && b[p] === 0) p++`)
    out.line(`else { r.position = p; r.skipTags(${path}); p = r.position }`)
    return
  }
  for (const member of tagged) {
    names.set(member, out.local('v'))
    out.line(`let ${names.get(member)!} = ${member.kind.valueText(member.default)}`)
  }
  const [count, tag, size, until] = ['n', 't', 's', 'e'].map((prefix) => out.local(prefix))
  readUvarintText(out, count!, place.path)
  out.line(`if (${count} > 10000) r.tooManyTags(${count}, ${path})`)
  out.line(`for (; ${count} > 0; ${count}--) {`)
  readUvarintText(out, tag!, place.path)
  readUvarintText(out, size!, place.path)
  out.line(`if (${size} > end - p) r.short(p, ${path})`)
  out.line(`const ${until} = p + ${size}`)
  out.line(`switch (${tag}) {`)
  for (const member of tagged) {
    const value = out.local('v')
    out.line(`case ${member.tag}: {`)
    member.kind.readText(out, value, placeOf(member, place))
    out.line(`${names.get(member)!} = ${value}`)
    out.line('break }')
  }
  out.line(`default: p = ${until} }`)
  out.line(`if (p !== ${until}) r.badTagSize(${tag}, ${path})`)
  out.line('}')
}

/** Declares a local for the draft's value of `member`, its default where that is missing. */
function valueOf(out: Source, from: string, member: Member): string {
  const value = out.local('v')
  if (member.optional) {
    out.line(`let ${value} = ${from}.${member.name}`)
    out.line(`if (${value} === undefined) ${value} = ${member.kind.valueText(member.default)}`)
  } else {
    out.line(`const ${value} = ${from}.${member.name}`)
  }
  return value
}

function writeRun(out: Source, from: string, run: readonly Member[], place: Place): void {
  const first = run[0]!
  if (first.kind.fixedBytes === undefined) {
    const value = valueOf(out, from, first)
    first.kind.writeText(out, value, placeOf(first, place))
    return
  }
  const bytes = bytesOf(run)
  out.line(roomText(bytes))
  let offset = 0
  for (const member of run) {
    const value = valueOf(out, from, member)
    member.kind.writeAtText(out, value, offset, `${place.path}.${member.name}`)
    offset += member.kind.fixedBytes ?? 0
  }
  out.line(`p += ${bytes}`)
}

function refuseValue(out: Source, from: string, member: Member, place: Place): void {
  const value = `${from}.${member.name}`
  const isDefault = member.kind.isText(value, member.default)
  const path = JSON.stringify(`${place.path}.${member.name}`)
  out.line(
    `if (${value} !== undefined && !(${isDefault})) w.unsupported(${path}, ${place.version})`,
  )
}

function writeTags(out: Source, from: string, tagged: readonly Member[], place: Place): void {
  out.line(roomText(1))
  if (tagged.length === 0) {
    out.line('b[p++] = 0')
    return
  }
  const count = out.local('n')
  out.line(`let ${count} = 0`)
  const present = new Map<Member, string>()
  for (const member of tagged) {
    const flag = out.local('k')
    const value = `${from}.${member.name}`
    const isDefault = member.kind.isText(value, member.default)
    out.line(`const ${flag} = ${value} !== undefined && !(${isDefault})`)
    out.line(`if (${flag}) ${count}++`)
    present.set(member, flag)
  }
  out.line(`b[p++] = ${count}`)
  for (const member of tagged) {
    out.line(`if (${present.get(member)!}) {`)
    writeTagged(out, `${from}.${member.name}`, member, placeOf(member, place))
    out.line('}')
  }
}

function writeTagged(out: Source, from: string, member: Member, place: Place): void {
  const value = out.local('v')
  const bytes = member.kind.fixedBytes
  out.line(`const ${value} = ${from}`)
  if (bytes !== undefined) {
    out.line(roomText(2 + bytes))
    out.line(`b[p++] = ${member.tag}; b[p++] = ${bytes}`)
    member.kind.writeAtText(out, value, 0, place.path)
    out.line(`p += ${bytes}`)
    return
  }
  const mark = out.local('m')
  out.line(roomText(2))
  out.line(`b[p++] = ${member.tag}`)
  out.line(`const ${mark} = p++ - w.start`)
  member.kind.writeText(out, value, place)
  out.line(writerCall(`closeSized(${mark})`))
}
