import { describe, expect, test } from 'vitest'
import { decodeRecord, encodeKey, encodeValue } from '../../../protocol/state/coordinator-record.ts'
import {
  groupRecords,
  metadataRecords,
  shareRecords,
  txnRecords,
} from '../../../protocol/state/index.ts'
import { decodeMetadata, encodeMetadata } from '../../../protocol/state/metadata-record.ts'
import {
  decodeForward,
  decodeVersioned,
  encodeVersioned,
} from '../../../protocol/state/prefixed.ts'
import { ConsumerProtocolSubscription } from '../../../protocol/state/blobs.ts'
import { MalformedFrame } from '../../../protocol/wire/reader.ts'
import { goldenCases } from '../golden.ts'

/** The bytes that Apache Kafka writes for a typical value of the newest version. */
function golden(message: string) {
  return goldenCases(message).findLast((one) => one.case === 'typical')!
}

describe("a coordinator's record", () => {
  const key = golden('OffsetCommitKey')
  const value = golden('OffsetCommitValue')
  const keyBytes = Buffer.concat([Buffer.from('0001', 'hex'), key.bytes])
  const valueBytes = Buffer.concat([Buffer.from('0004', 'hex'), value.bytes])

  test('has its type before the key and the version before the value', () => {
    const { OffsetCommit } = groupRecords
    const commitKey = { group: 'g', topic: 't', partition: 3 }
    expect(encodeKey(OffsetCommit, commitKey).toString('hex')).toBe(
      '0001 0001 67 0001 74 00000003'.replaceAll(' ', ''),
    )
    const commit = { offset: 5, metadata: '', commitTimestamp: 6, expireTimestamp: -1 }
    expect(encodeValue(OffsetCommit, 1, commit).toString('hex')).toBe(
      '0001 0000000000000005 0000 0000000000000006 ffffffffffffffff'.replaceAll(' ', ''),
    )
  })

  test('is read by its type', () => {
    expect(decodeRecord(groupRecords, keyBytes, valueBytes)).toEqual({
      name: 'OffsetCommit',
      key: key.value,
      value: value.value,
      version: 4,
    })
  })

  test('without a value is a tombstone', () => {
    const record = decodeRecord(groupRecords, keyBytes, null)
    expect(record).toEqual({ name: 'OffsetCommit', key: key.value, value: null, version: -1 })
  })

  test('of an unknown type is named so; of an unknown version it is an error', () => {
    const unknown = decodeRecord(groupRecords, Buffer.from('00630001', 'hex'), null)
    expect(unknown).toEqual({ name: 'unknown', type: 99 })
    const late = Buffer.from('0005', 'hex')
    expect(() => decodeRecord(groupRecords, keyBytes, late)).toThrow('unknown version 5')
    expect(() => decodeRecord(groupRecords, Buffer.alloc(1), null)).toThrow(MalformedFrame)
  })

  test.each([groupRecords, txnRecords, shareRecords])('has one type in its log', (table) => {
    const types = Object.values(table).map((record) => record.type)
    expect(new Set(types).size).toBe(types.length)
  })
})

describe('a message behind its version', () => {
  const one = golden('ConsumerProtocolSubscription')
  const bytes = Buffer.concat([Buffer.from('0003', 'hex'), one.bytes])

  test('is written and read', () => {
    expect(decodeVersioned(ConsumerProtocolSubscription, bytes)).toEqual(one.value)
    const draft = { topics: ['t'], userData: null }
    expect(encodeVersioned(ConsumerProtocolSubscription, 0, draft).toString('hex')).toBe(
      '0000 00000001 0001 74 ffffffff'.replaceAll(' ', ''),
    )
  })

  test('of a later version is read as the highest where clients do so, else refused', () => {
    const later = Buffer.concat([Buffer.from('0063', 'hex'), one.bytes, Buffer.from('cafe', 'hex')])
    expect(decodeForward(ConsumerProtocolSubscription, later)).toEqual(one.value)
    expect(() => decodeVersioned(ConsumerProtocolSubscription, later)).toThrow('version 99')
    const negative = Buffer.from('ffff00000000', 'hex')
    expect(() => decodeForward(ConsumerProtocolSubscription, negative)).toThrow(MalformedFrame)
    expect(() => decodeForward(ConsumerProtocolSubscription, Buffer.alloc(1))).toThrow(
      MalformedFrame,
    )
  })
})

describe('a metadata record', () => {
  test('has frame version, type and version in front', () => {
    const bytes = encodeMetadata(metadataRecords.FeatureLevelRecord, 0, {
      name: 'kraft.version',
      featureLevel: 1,
    })
    expect(bytes.toString('hex')).toBe(
      `010c000e${Buffer.from('kraft.version').toString('hex')}000100`,
    )
  })

  test.each(Object.entries(metadataRecords))('of type %s comes back', (name, { type, message }) => {
    const one = golden(name)
    const front = Buffer.from([1, type, one.version])
    const bytes = Buffer.concat([front, one.bytes])
    expect(decodeMetadata(metadataRecords, bytes)).toEqual({
      name,
      version: one.version,
      value: one.value,
    })
    expect(encodeMetadata({ type, message }, one.version, one.value)).toEqual(bytes)
  })

  test.each([
    ['', 'ends too early'],
    ['000c00', 'frame version 0'],
    ['020c00', 'frame version 2'],
    ['017f00', 'unknown type 127'],
    ['010c01', 'unknown version 1'],
    ['010c000261000100ff', 'left over'],
  ])('that reads %s is refused: %s', (hex, why) => {
    expect(() => decodeMetadata(metadataRecords, Buffer.from(hex, 'hex'))).toThrow(why)
  })
})
