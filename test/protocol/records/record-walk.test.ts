// The cursor against a plain reading of the format's text, on records of every shape and on damaged
// ones: it has two ways to step, and they must agree on what they accept and on every field.
import { expect, test } from 'vitest'
import { below, type Random, seededRandom } from '../../../base/random.ts'
import { RecordCursor } from '../../../protocol/records/record.ts'

interface Plain {
  readonly start: number
  readonly sizeInBytes: number
  readonly attributes: number
  readonly timestampDelta: number
  readonly offsetDelta: number
  readonly keyStart: number
  readonly keyLength: number
  readonly valueStart: number
  readonly valueLength: number
  readonly headerCount: number
}

const FIELDS = [
  'start',
  'sizeInBytes',
  'attributes',
  'timestampDelta',
  'offsetDelta',
  'keyStart',
  'keyLength',
  'valueStart',
  'valueLength',
  'headerCount',
] as const

function zigzag(value: number): bigint {
  return value < 0 ? -2n * BigInt(value) - 1n : 2n * BigInt(value)
}

/** `padded` bytes longer than it need be. */
function varint(value: number, padded = 0): number[] {
  const bytes: number[] = []
  let rest = zigzag(value)
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  for (let i = 0; i < padded; i++) {
    bytes[bytes.length - 1]! |= 0x80
    bytes.push(0)
  }
  return bytes
}

/** A whole record: lengths around the borders of varints, null, padded, with headers. */
function recordOf(random: Random, index: number): number[] {
  const sizes = [-1, -1, 0, 1, 5, 62, 63, 64, 65, 300, 8191, 8192, 9000]
  const times = [0, 0, 1, -1, 63, -64, 64, 8191, 8192, 1_048_575, 1_048_576, -3e9, 2 ** 52]
  const pick = (list: readonly number[]): number => list[below(random, list.length)]!
  const pad = (): number => (below(random, 20) === 0 ? 1 : 0)
  const blob = (length: number): number[] => [
    ...varint(length, pad()),
    ...random.bytes(Math.max(0, length)),
  ]
  const headers = below(random, 6) === 0 ? 1 + below(random, 2) : 0
  const body = [below(random, 2), ...varint(pick(times), pad()), ...varint(index, pad())]
  body.push(...blob(pick(sizes)), ...blob(pick(sizes)), ...varint(headers, pad()))
  for (let i = 0; i < headers; i++) body.push(...blob(3), ...blob(pick(sizes)))
  return [...varint(body.length, pad()), ...body]
}

/** As the format is written down, one byte at a time; undefined where it is not kept. */
function readAll(bytes: Uint8Array, count: number): Plain[] | undefined {
  let at = 0
  let end = bytes.length
  const bad = (): never => {
    throw new RangeError('not a record')
  }
  const read = (most: number): number => {
    let value = 0n
    for (let i = 0; i < most; i++) {
      if (at >= end) bad()
      const byte = bytes[at++]!
      value |= BigInt(byte & 0x7f) << BigInt(7 * i)
      if (byte >= 0x80) continue
      const bits = BigInt.asUintN(most === 5 ? 32 : 64, value)
      const exact = bits & 1n ? -(bits >> 1n) - 1n : bits >> 1n
      if (exact >= 2n ** 53n) return Infinity
      return exact < -(2n ** 53n) ? -Infinity : Number(exact)
    }
    return bad()
  }
  const skip = (length: number): number => {
    const from = at
    if (length > end - at) bad()
    at += Math.max(0, length)
    return from
  }
  const one = (): Plain => {
    const start = at
    end = bytes.length
    const size = read(5)
    if (size < 0 || at + size > bytes.length) bad()
    end = at + size
    const attributes = bytes[skip(1)]!
    const timestampDelta = read(10)
    const offsetDelta = read(5)
    const keyLength = Math.max(-1, read(5))
    const keyStart = skip(keyLength)
    const valueLength = Math.max(-1, read(5))
    const valueStart = skip(valueLength)
    const headerCount = read(5)
    if (headerCount < 0) bad()
    for (let i = 0; i < headerCount; i++) {
      const length = read(5)
      if (length < 0) bad()
      skip(length)
      skip(read(5))
    }
    if (at !== end) bad()
    const sizes = { start, sizeInBytes: end - start, attributes, timestampDelta, offsetDelta }
    return { ...sizes, keyStart, keyLength, valueStart, valueLength, headerCount }
  }
  try {
    const found = Array.from({ length: count }, one)
    return at === bytes.length ? found : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function walk(bytes: Uint8Array, count: number): Plain[] | undefined {
  // Between other bytes, as in a batch: nothing outside may be looked at.
  const placed = Buffer.concat([Buffer.alloc(7, 0xff), bytes, Buffer.alloc(7)])
  const cursor = new RecordCursor().at(placed, 7, 7 + bytes.length, count)
  const found: Plain[] = []
  while (cursor.next()) {
    const fields = Object.fromEntries(FIELDS.map((name) => [name, cursor[name]]))
    const { start, keyStart, valueStart } = cursor
    const places = { start: start - 7, keyStart: keyStart - 7, valueStart: valueStart - 7 }
    found.push({ ...(fields as unknown as Plain), ...places })
  }
  return cursor.fault === undefined ? found : undefined
}

/** Damage of the kinds that a reader in a hurry would miss. */
function damaged(random: Random, records: readonly number[][]): Uint8Array {
  const bytes = Uint8Array.from(records.flat())
  const victim = below(random, records.length)
  const start = records.slice(0, victim).flat().length
  const end = start + records[victim]!.length
  // Near the front of a record stand its varints; anywhere else is mostly a value.
  const front = start + below(random, Math.min(12, end - start))
  switch (below(random, 5)) {
    case 0:
      bytes[front] = below(random, 256)
      return bytes
    case 1:
      bytes[front]! ^= 1
      return bytes
    case 2:
      // A positive size turned negative.
      bytes[start]! ^= 1
      return bytes
    case 3:
      // Of a record without headers: how many it has.
      bytes[end - 1] = 2
      return bytes
    default:
      return bytes.subarray(0, bytes.length - 1 - below(random, Math.min(6, bytes.length - 1)))
  }
}

test('whole and damaged records are read as the format says', () => {
  const random = seededRandom(20)
  let refused = 0
  for (let round = 0; round < 600; round++) {
    const count = 1 + below(random, 4)
    const records = Array.from({ length: count }, (_, index) => recordOf(random, index))
    const bytes = round % 3 === 0 ? Uint8Array.from(records.flat()) : damaged(random, records)
    const expected = readAll(bytes, count)
    if (expected === undefined) refused++
    expect(walk(bytes, count), `round ${round}`).toEqual(expected)
  }
  expect(refused).toBeGreaterThan(200)
  expect(refused).toBeLessThan(400)
})

// What follows the padded varint makes sense one byte earlier too.
test.each([
  ['two', '10 00 8000 02 01 02 58 00'],
  ['three', '12 00 808100 02 01 02 58 00'],
])('a varint of %s bytes that could be shorter keeps its last byte', (_, hex) => {
  const plain = [0x12, 0, 0, 4, 1, 6, 1, 2, 3, 0]
  const bytes = Uint8Array.from([
    ...Buffer.from(hex.replaceAll(' ', ''), 'hex'),
    ...plain,
    ...plain,
  ])
  const found = walk(bytes, 3)
  expect(found).toEqual(readAll(bytes, 3))
  expect(found![0]).toMatchObject({ offsetDelta: 1, keyLength: -1, valueLength: 1 })
})
