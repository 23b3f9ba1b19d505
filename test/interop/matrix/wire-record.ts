// Records as the lines between runner and programs hold them: bytes in base64, null for Kafka's null.
import { seededBytes } from './seeded-bytes.ts'

export interface WireRecord {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [string, string | null])[]
  /** Milliseconds. */
  readonly timestamp: number | null
}

export type NewWireRecord = Omit<WireRecord, 'partition' | 'offset'> & {
  readonly partition?: number
}

/** A fixed day, old enough to be told from the time a library would put there. */
export const BASE_TIME = 1_700_000_000_000

export function text(value: string): string {
  return Buffer.from(value).toString('base64')
}

/** A plain record; everything the library's own choice unless given. */
export function record(
  key: string | null,
  value: string | null,
  rest: Partial<NewWireRecord> = {},
): NewWireRecord {
  return {
    key: key === null ? null : text(key),
    value: value === null ? null : text(value),
    headers: [],
    timestamp: null,
    ...rest,
  }
}

/** `count` records with a key each, and values that compress to about half. */
export function someRecords(count: number, seed: number): NewWireRecord[] {
  return Array.from({ length: count }, (_, i) =>
    record(`key-${i}`, null, {
      value: Buffer.concat([
        Buffer.from(`value-${i}-`.padEnd(100, 'samsa ')),
        seededBytes(100, seed * 1000 + i),
      ]).toString('base64'),
      timestamp: BASE_TIME + i * 10,
      partition: 0,
    }),
  )
}

/** Key, value, headers and timestamp, without where it is: what has to survive the way. */
export function content(
  one: NewWireRecord | WireRecord,
  lacks: Readonly<Record<string, string>> = {},
): unknown {
  return {
    key: one.key,
    value: one.value,
    headers: lacks['headers'] === undefined ? one.headers : [],
    timestamp: lacks['timestamp'] === undefined ? one.timestamp : null,
  }
}
