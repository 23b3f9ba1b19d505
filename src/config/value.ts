// The text of a configuration value to its typed value and back, by the kind and rules of its key.
// Accepts what Apache Kafka's ConfigDef accepts, Java's spellings included; Java classes are names
// only. Knows no source and no key by name.
import { type ConfigValue, type Key, LONG_MAX } from './keys/key.ts'

export interface ParsedValue {
  readonly value: ConfigValue
  /** The text as DescribeConfigs prints it: trimmed, lists without spaces, Java's numbers. */
  readonly text: string
}

const INTEGERS = {
  short: { bits: 16, noun: 'a whole number' },
  int: { bits: 32, noun: 'a whole number' },
  long: { bits: 64, noun: 'a whole number' },
} as const

/** The parsed value, or what would be allowed, in words that complete "allowed is ...". */
export function parseValue(key: Key, text: string): ParsedValue | string {
  const trimmed = text.trim()
  switch (key.kind) {
    case 'boolean':
      return parseBoolean(trimmed)
    case 'short':
    case 'int':
    case 'long':
      return parseInteger(key, key.kind, trimmed)
    case 'double':
      return parseDouble(key, trimmed)
    case 'list':
      return parseList(key, trimmed)
    default:
      return parseText(key, trimmed)
  }
}

/** The typed default of a key; null where it has none. */
export function initialValue(key: Key): ConfigValue {
  if (key.initial === null) return null
  const parsed = parseValue(key, key.initial)
  // A default need not obey the bounds of what may be set (Kafka's own do not all).
  return typeof parsed === 'string' ? key.initial : parsed.value
}

/** The text of a typed value, as DescribeConfigs prints it. */
export function printValue(key: Key, value: ConfigValue): string | null {
  if (value === null) return null
  if (typeof value === 'number') {
    if (key.kind === 'double') return javaDouble(value)
    return Number.isFinite(value) ? String(value) : value > 0 ? LONG_MAX : LONG_MIN
  }
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** The text that is reported for a value as it was written; undefined when it does not parse. */
export function canonicalText(key: Key, text: string): string | undefined {
  const parsed = parseValue(key, text)
  return typeof parsed === 'string' ? undefined : parsed.text
}

const LONG_MIN = '-9223372036854775808'

function parseBoolean(text: string): ParsedValue | string {
  const lower = text.toLowerCase()
  if (lower !== 'true' && lower !== 'false') return 'true or false'
  return { value: lower === 'true', text: lower }
}

function parseInteger(
  key: Key,
  kind: 'short' | 'int' | 'long',
  text: string,
): ParsedValue | string {
  const { bits, noun } = INTEGERS[kind]
  const allowed = `${noun} ${range(key, bits)}`
  if (!/^[+-]?\d+$/.test(text)) return allowed
  const exact = BigInt(text.replace(/^\+/, ''))
  if (BigInt.asIntN(bits, exact) !== exact) return allowed
  const value = saturated(exact)
  if (!withinBounds(key, value)) return allowed
  return { value, text: String(exact) }
}

/** Beyond 2^53 a number would silently lose digits, so it becomes infinite ("no limit"). */
function saturated(exact: bigint): number {
  const value = Number(exact)
  if (Number.isSafeInteger(value)) return value
  return value > 0 ? Infinity : -Infinity
}

function withinBounds(key: Key, value: number): boolean {
  if (value === key.or) return true
  return value >= (key.min ?? -Infinity) && value <= (key.max ?? Infinity)
}

function range(key: Key, bits: number): string {
  const or = key.or === undefined ? '' : ` or ${key.or}`
  if (key.max !== undefined) return `from ${key.min ?? 0} to ${key.max}${or}`
  const top = BigInt.asIntN(bits, (1n << BigInt(bits - 1)) - 1n)
  const bottom = key.min === undefined ? -top - 1n : key.min
  return `from ${bottom} to ${top}${or}`
}

function parseDouble(key: Key, text: string): ParsedValue | string {
  const bounds =
    key.min === undefined && key.max === undefined
      ? ''
      : ` from ${key.min ?? '-infinity'} to ${key.max ?? 'infinity'}`
  const allowed = `a number${bounds}`
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?$/i.test(text)) return allowed
  const value = Number(text.replace(/[fd]$/i, ''))
  if (!withinBounds(key, value)) return allowed
  return { value, text: javaDouble(value) }
}

/** Java's Double.toString: always a fraction, and an exponent outside 10^-3 .. 10^7. */
function javaDouble(value: number): string {
  const size = Math.abs(value)
  if (value === 0) return '0.0'
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value)
    return text.includes('.') ? text : `${text}.0`
  }
  const [digits, exponent] = value.toExponential().split('e') as [string, string]
  const fraction = digits.includes('.') ? digits : `${digits}.0`
  return `${fraction}E${Number(exponent)}`
}

function parseList(key: Key, text: string): ParsedValue | string {
  const value = text === '' ? [] : text.split(/\s*,\s*/)
  const allowed = allowedList(key)
  if (key.notEmpty && value.length === 0) return allowed
  if (key.distinct && new Set(value).size !== value.length) return `${allowed}, none of them twice`
  if (key.distinct && value.includes('')) return `${allowed}, none of them empty`
  if (value.some((element) => textFault(key, element))) return allowed
  return { value, text: value.join(',') }
}

function allowedList(key: Key): string {
  if (key.oneOf) return `a comma separated list of ${alternatives(key.oneOf)}`
  if (key.shape) return `a comma separated list of ${key.shape}`
  return key.notEmpty ? 'a comma separated list with at least one entry' : 'a comma separated list'
}

function parseText(key: Key, text: string): ParsedValue | string {
  if (!textFault(key, text)) return { value: text, text }
  const among = key.oneOf ?? key.anyCaseOf
  return among ? alternatives(among) : (key.shape ?? 'a text that is not empty')
}

function textFault(key: Key, text: string): boolean {
  if (key.notEmpty && text === '') return true
  if (key.oneOf && !key.oneOf.includes(text)) return true
  const upper = text.toUpperCase()
  if (key.anyCaseOf && !key.anyCaseOf.some((one) => one.toUpperCase() === upper)) return true
  return key.pattern !== undefined && !key.pattern.test(text)
}

function alternatives(values: readonly string[]): string {
  if (values.length < 2) return values.join('')
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}
