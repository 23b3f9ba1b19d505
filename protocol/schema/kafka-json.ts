// Turns one of Apache Kafka's own JSON schemas, as they lie in its jars, into our vocabulary: line
// comments, defaults as strings, "type" for kind. A `"default": null` without quotes means no
// default to Kafka's generator.
import type { FieldTable, MessageTable } from './compare.ts'

interface KafkaField extends Omit<FieldTable, 'default' | 'versions' | 'fields'> {
  readonly versions?: string
  readonly default?: string | number | boolean | null
  readonly fields?: readonly KafkaField[]
}

interface KafkaSchema extends Omit<MessageTable, 'kind' | 'fields' | 'commonStructs'> {
  readonly type: string
  /** Absent in schemas of removed messages. */
  readonly fields?: readonly KafkaField[]
  readonly commonStructs?: readonly {
    readonly name: string
    readonly fields: readonly KafkaField[]
  }[]
}

export function fromKafkaJson(text: string): MessageTable {
  const bare = text.replaceAll(/^\s*\/\/.*$/gm, '')
  const { type, fields, commonStructs, ...rest } = JSON.parse(bare) as KafkaSchema
  const structs = commonStructs?.map(({ name, fields: inner }) => ({
    name,
    fields: inner.map(fieldOf),
  }))
  return {
    ...rest,
    kind: type,
    fields: (fields ?? []).map(fieldOf),
    ...(structs === undefined ? {} : { commonStructs: structs }),
  }
}

function fieldOf(field: KafkaField): FieldTable {
  const { default: value, fields, versions, ...rest } = field
  return {
    ...rest,
    versions: versions ?? field.taggedVersions ?? 'none',
    ...(value === undefined || value === null ? {} : { default: defaultOf(field.type, value) }),
    ...(fields === undefined ? {} : { fields: fields.map(fieldOf) }),
  }
}

function defaultOf(
  type: string,
  value: string | number | boolean,
): NonNullable<FieldTable['default']> | null {
  if (value === 'null') return null
  if (type === 'string') return value
  if (type === 'bool') return String(value) === 'true'
  if (type === 'int64') return inTables(BigInt(value))
  if (/^u?int\d+$/.test(type)) return Number(value)
  return type === 'float64' ? Number(value) : value
}

/** Integers beyond 2^53 are strings in the tables. */
function inTables(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}
