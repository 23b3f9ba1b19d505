// Compares tables of messages: ours with a file in the same vocabulary, or with Apache Kafka's own
// JSON schemas. Pure; the script reads the files. Compared for every valid version: order, name
// (first letter aside), type (a struct is a struct), array, nullability, tag, default, ignorable,
// classic encoding, flexible and header versions. Not compared: struct names, map keys, entity
// types.

/** The vocabulary of the tables, which `samsa protocol --json` prints. */
export interface MessageTable {
  readonly kind: string
  readonly name: string
  readonly apiKey?: number
  /** "3-13", "0", or "none". */
  readonly validVersions: string
  /** "9+" or "none". */
  readonly flexibleVersions: string
  readonly listeners?: readonly string[]
  readonly latestVersionUnstable?: boolean
  /** Range of versions to header version. */
  readonly headerVersions?: Readonly<Record<string, number>>
  /** The internal topic that holds such records. */
  readonly topic?: string
  readonly fields: readonly FieldTable[]
  readonly commonStructs?: readonly StructTable[]
}

export interface FieldTable {
  readonly name: string
  /** A primitive, a struct's name, or either behind "[]". */
  readonly type: string
  readonly versions: string
  readonly nullableVersions?: string
  readonly taggedVersions?: string
  readonly tag?: number
  /** Integers beyond 2^53 are strings; absent means zero, false, "", empty. */
  readonly default?: string | number | boolean | null
  readonly ignorable?: boolean
  readonly flexibleVersions?: string
  readonly fields?: readonly FieldTable[]
}

export interface StructTable {
  readonly name: string
  readonly fields: readonly FieldTable[]
}

export interface Difference {
  readonly message: string
  /** Dotted path, "" for the message itself. */
  readonly field: string
  readonly what: string
}

/** What differs between `ours` and `theirs`; messages that only one side has are named too. */
export function compareTables(
  ours: readonly MessageTable[],
  theirs: readonly MessageTable[],
): readonly Difference[] {
  const mine = new Map(ours.map((table) => [table.name, table]))
  const differences: Difference[] = []
  for (const their of theirs) {
    if (their.validVersions === 'none') continue
    const our = mine.get(their.name)
    mine.delete(their.name)
    if (our === undefined) {
      differences.push({ message: their.name, field: '', what: 'only they have this message' })
    } else {
      differences.push(...compareMessage(our, their))
    }
  }
  for (const name of mine.keys()) {
    differences.push({ message: name, field: '', what: 'only we have this message' })
  }
  return differences
}

function compareMessage(our: MessageTable, their: MessageTable): readonly Difference[] {
  const differences = new Map<string, Difference>()
  function differ(field: string, fact: string, values: readonly [string, string]): void {
    if (values[0] === values[1]) return
    const what = `${fact} is ${values[0]} with us, ${values[1]} with them`
    differences.set(`${field} ${what}`, { message: our.name, field, what })
  }
  differ('', 'kind', [our.kind, their.kind])
  differ('', 'valid versions', [our.validVersions, their.validVersions])
  const unstable = [our, their].map((table) => String(table.latestVersionUnstable ?? false))
  differ('', 'latestVersionUnstable', [unstable[0]!, unstable[1]!])
  for (const fact of ['apiKey', 'topic', 'listeners'] as const) {
    if (their[fact] === undefined) continue
    differ('', fact, [spelled(our[fact]), spelled(their[fact])])
  }
  for (const version of versionsOf(our)) {
    const flexible = [our, their].map((t) => String(includes(t.flexibleVersions, version)))
    differ('', `flexible in version ${version}`, [flexible[0]!, flexible[1]!])
    if (their.headerVersions !== undefined) {
      const [a, b] = [headerOf(our, version), headerOf(their, version)]
      differ('', `header of version ${version}`, [a, b])
    }
    compareFields(
      '',
      expand(our, our.fields, version),
      expand(their, their.fields, version),
      differ,
    )
  }
  return [...differences.values()]
}

interface Flat {
  readonly name: string
  readonly facts: Readonly<Record<string, string>>
  readonly fields: readonly Flat[]
}

function compareFields(
  path: string,
  ours: readonly Flat[],
  theirs: readonly Flat[],
  differ: (field: string, fact: string, values: readonly [string, string]) => void,
): void {
  const names = [ours, theirs].map((list) => inWireOrder(list).join(', '))
  differ(path, 'list of fields', [names[0]!, names[1]!])
  for (const our of ours) {
    const their = theirs.find(({ name }) => name === our.name)
    if (their === undefined) continue
    const field = path === '' ? our.name : `${path}.${our.name}`
    for (const [fact, value] of Object.entries(our.facts)) {
      differ(field, fact, [value, their.facts[fact] ?? 'nothing'])
    }
    compareFields(field, our.fields, their.fields, differ)
  }
}

/** Tagged fields stand behind the others, in the order of their tags, wherever they are listed. */
function inWireOrder(fields: readonly Flat[]): readonly string[] {
  const plain = fields.filter(({ facts }) => facts.tag === 'none')
  const tagged = fields.filter(({ facts }) => facts.tag !== 'none')
  const byTag = tagged.toSorted((a, b) => Number(a.facts.tag) - Number(b.facts.tag))
  return [...plain, ...byTag].map(({ name }) => name)
}

/** The fields that `version` has, with the facts of that version. */
function expand(
  table: MessageTable,
  fields: readonly FieldTable[],
  version: number,
): readonly Flat[] {
  return fields
    .filter((field) => includes(field.versions, version))
    .map((field) => {
      const item = field.type.replace('[]', '')
      const struct = field.fields ?? table.commonStructs?.find(({ name }) => name === item)?.fields
      const tagged = includes(field.taggedVersions ?? 'none', version)
      return {
        name: lowered(field.name),
        facts: {
          type: struct === undefined ? field.type : field.type.replace(item, 'struct'),
          nullable: String(includes(field.nullableVersions ?? 'none', version)),
          tag: tagged ? String(field.tag) : 'none',
          default: spelledDefault(field, struct !== undefined),
          ignorable: String(field.ignorable ?? false),
          classic: String(field.flexibleVersions === 'none'),
        },
        fields: struct === undefined ? [] : expand(table, struct, version),
      }
    })
}

function spelledDefault(field: FieldTable, isStruct: boolean): string {
  const { default: value, type } = field
  if (value === null) return 'null'
  if (isStruct || type.startsWith('[]') || type === 'bytes' || type === 'records') return 'empty'
  if (type === 'string') return JSON.stringify(value ?? '')
  if (type === 'bool') return String(value ?? false)
  return String(value ?? 0)
}

function versionsOf(table: MessageTable): readonly number[] {
  const [min, max] = table.validVersions.split('-').map(Number)
  return Array.from({ length: (max ?? min!) - min! + 1 }, (_, i) => min! + i)
}

function includes(range: string, version: number): boolean {
  if (range === 'none') return false
  if (range.endsWith('+')) return version >= Number(range.slice(0, -1))
  const [min, max] = range.split('-').map(Number)
  return version >= min! && version <= (max ?? min!)
}

function headerOf(table: MessageTable, version: number): string {
  const found = Object.entries(table.headerVersions ?? {}).find(([range]) =>
    includes(range, version),
  )
  return String(found?.[1] ?? 'unknown')
}

function spelled(value: unknown): string {
  return Array.isArray(value)
    ? value
        .map(String)
        .toSorted((a, b) => (a < b ? -1 : 1))
        .join(', ')
    : String(value)
}

function lowered(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
