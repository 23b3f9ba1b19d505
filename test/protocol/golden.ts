// Reads test/golden/messages: bytes and values that Apache Kafka's own classes wrote.
import { readFileSync, readdirSync } from 'node:fs'

export interface GoldenCase {
  readonly message: string
  readonly version: number
  readonly case: string
  readonly bytes: Buffer
  /** In our own form: bytes as Buffer, integers beyond 2^53 saturated. */
  readonly value: Record<string, unknown>
}

const folder = new URL('../golden/messages/', import.meta.url)

export function goldenMessages(): readonly string[] {
  return readdirSync(folder).map((file) => file.replace('.jsonl', ''))
}

export function goldenCases(message: string): readonly GoldenCase[] {
  const without = message === HISTORICAL.message ? HISTORICAL.member : undefined
  const lines = readFileSync(new URL(`${message}.jsonl`, folder), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => {
    const parsed = JSON.parse(line) as Record<'message' | 'case' | 'bytes', string> & {
      version: number
      value: unknown
    }
    return {
      message: parsed.message,
      version: parsed.version,
      case: parsed.case,
      bytes: Buffer.from(parsed.bytes, 'base64'),
      value: ours(parsed.value, without) as Record<string, unknown>,
    }
  })
}

/** The one member of Apache's classes that is on the wire in no version that 4.4 accepts. */
const HISTORICAL = { message: 'ShareFetchRequest', member: 'partitionMaxBytes' }

/** Our form of a value of the file; members named `without` are left out. */
function ours(value: unknown, without: string | undefined): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => ours(item, without))
  if ('$bytes' in value) return Buffer.from(String(value.$bytes), 'base64')
  if ('$int64' in value) return String(value.$int64).startsWith('-') ? -Infinity : Infinity
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== without)
      .map(([name, inner]) => [name, ours(inner, without)]),
  )
}
