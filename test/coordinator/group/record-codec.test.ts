// Bytes written by Apache Kafka's own classes are read, and written again the same.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MalformedFrame } from '../../../protocol/wire/reader.ts'
import {
  type WrittenRecord,
  decodeGroupRecord,
  encodeGroupRecord,
} from '../../../src/coordinator/group/record-codec.ts'

interface GoldenLine {
  readonly version: number
  readonly case: string
  readonly bytes: string
  readonly value: Record<string, unknown>
}

function golden(message: string): GoldenLine[] {
  const folder = join(import.meta.dirname, '../../golden/messages')
  const text = readFileSync(join(folder, `${message}.jsonl`), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as GoldenLine)
}

/** A record as it lies in the log: an int16 in front of either body. */
function prefixed(prefix: number, line: GoldenLine): Buffer {
  const head = Buffer.alloc(2)
  head.writeInt16BE(prefix)
  return Buffer.concat([head, Buffer.from(line.bytes, 'base64')])
}

const offsetKeys = golden('OffsetCommitKey')
const groupKeys = golden('GroupMetadataKey')

function casesOf(message: string, version: number): [string, GoldenLine][] {
  return golden(message)
    .filter((line) => line.version === version)
    .map((line) => [line.case, line])
}

test.each(casesOf('OffsetCommitValue', 4))(
  'an offset of version 4 is written as Apache Kafka writes it (%s)',
  (_, line) => {
    for (const keyLine of offsetKeys) {
      const key = prefixed(1, keyLine)
      const value = prefixed(4, line)
      const record = decodeGroupRecord(key, value, -1)
      expect(record).toMatchObject({ kind: 'offset', ...keyLine.value })
      expect(encodeGroupRecord(record as WrittenRecord)).toEqual({ key, value })
    }
  },
)

test.each(casesOf('OffsetCommitValue', 1))(
  'an offset with its own retention is written in version 1 (%s)',
  (_, line) => {
    const key = prefixed(1, offsetKeys[0]!)
    const value = prefixed(1, line)
    const record = decodeGroupRecord(key, value, -1)
    const written = encodeGroupRecord(record as WrittenRecord)
    if (line.value['expireTimestamp'] === -1) expect(written.value?.readInt16BE(0)).toBe(4)
    else expect(written).toEqual({ key, value })
  },
)

test.each(casesOf('GroupMetadataValue', 3))(
  'a group of version 3 is written as Apache Kafka writes it (%s)',
  (_, line) => {
    const key = prefixed(2, groupKeys[0]!)
    const value = prefixed(3, line)
    const record = decodeGroupRecord(key, value, -1)
    expect(record).toMatchObject({ kind: 'group', ...groupKeys[0]!.value })
    const members = line.value['members'] as { rebalanceTimeout: number }[]
    // Without a rebalance timeout the session's counts, and is what we would write.
    if (members.some(({ rebalanceTimeout }) => rebalanceTimeout === -1)) return
    expect(encodeGroupRecord(record as WrittenRecord)).toEqual({ key, value })
  },
)

test.each([0, 1, 2, 3, 4])('a group of version %i is understood', (version) => {
  for (const [, line] of casesOf('GroupMetadataValue', version)) {
    const record = decodeGroupRecord(prefixed(2, groupKeys[0]!), prefixed(version, line), -1)
    expect(record).toMatchObject({
      value: { generation: line.value['generation'], leader: line.value['leader'] },
    })
  }
})

test.each([0, 1, 2, 3, 4])('an offset of version %i is understood', (version) => {
  for (const [name, line] of casesOf('OffsetCommitValue', version)) {
    if (name === 'edge') continue
    const record = decodeGroupRecord(prefixed(1, offsetKeys[0]!), prefixed(version, line), 7)
    const { offset, metadata } = line.value
    expect(record).toMatchObject({ value: { offset, metadata }, producerId: 7 })
  }
})

test('tombstones of both types are understood and written', () => {
  const offset = prefixed(1, offsetKeys[0]!)
  const group = prefixed(2, groupKeys[0]!)
  for (const key of [offset, group]) {
    const record = decodeGroupRecord(key, null, -1)
    expect(record).toMatchObject({ value: null })
    expect(encodeGroupRecord(record as WrittenRecord)).toEqual({ key, value: null })
  }
})

test.each([
  [3, 'ConsumerGroupMetadata', 'consumer'],
  [11, 'ShareGroupMetadata', 'share'],
  [17, 'StreamsGroupMetadata', 'streams'],
])('record type %i marks a group of another protocol', (type, name, protocol) => {
  const key = prefixed(type, golden(`${name}Key`)[0]!)
  const value = prefixed(0, golden(`${name}Value`)[0]!)
  expect(decodeGroupRecord(key, value, -1)).toMatchObject({ type: protocol, exists: true })
  expect(decodeGroupRecord(key, null, -1)).toMatchObject({ type: protocol, exists: false })
})

test('record types of the future are passed over', () => {
  expect(decodeGroupRecord(Buffer.from([0x7f, 0xff, 1, 2]), Buffer.from([0, 9]), -1)).toBeNull()
})

test('a value version of the future is an error, not a guess', () => {
  const key = prefixed(2, groupKeys[0]!)
  expect(() => decodeGroupRecord(key, Buffer.from([0, 9]), -1)).toThrow(MalformedFrame)
})
