import { describe, expect, test } from 'vitest'
import type { MessageTable } from '../../../protocol/schema/compare.ts'
import { compareTables } from '../../../protocol/schema/compare.ts'
import { fromKafkaJson } from '../../../protocol/schema/kafka-json.ts'
import { protocolTables } from '../../../protocol/tables.ts'

const ours = protocolTables()
const fetch = ours.find(({ name }) => name === 'FetchRequest')!

/** FetchRequest with its field `name` changed. */
function changed(name: string, change: object): MessageTable {
  const fields = fetch.fields.map((field) =>
    field.name === name ? { ...field, ...change } : field,
  )
  return { ...fetch, fields }
}

describe('the tables', () => {
  test('speak of every live API key', () => {
    const keys = ours.filter(({ kind }) => kind === 'request').map(({ apiKey }) => apiKey)
    const live = Array.from({ length: 95 }, (_, key) => key).filter((key) => key < 4 || key > 7)
    expect(keys).toEqual(live)
  })

  test('state a field as Kafka does', () => {
    expect(fetch.fields[0]).toEqual({
      name: 'ClusterId',
      type: 'string',
      versions: '12+',
      nullableVersions: '12+',
      taggedVersions: '12+',
      tag: 0,
      default: null,
      ignorable: true,
    })
    expect(fetch).toMatchObject({ validVersions: '4-18', flexibleVersions: '12+', apiKey: 1 })
    expect(fetch.headerVersions).toEqual({ '4-11': 1, '12-18': 2 })
  })

  test('survive JSON', () => {
    expect(JSON.parse(JSON.stringify(ours))).toEqual(ours)
  })
})

describe('the comparison', () => {
  test('finds nothing between the tables and themselves', () => {
    expect(compareTables(ours, ours)).toEqual([])
  })

  test.each([
    ['MaxWaitMs', { type: 'int64' }, 'type is int32 with us, int64 with them'],
    ['MaxBytes', { default: 5 }, 'default is 2147483647 with us, 5 with them'],
    ['MaxBytes', { ignorable: false }, 'ignorable is true with us, false with them'],
    ['RackId', { nullableVersions: '12+' }, 'nullable is false with us, true with them'],
    ['RackId', { flexibleVersions: 'none' }, 'classic is false with us, true with them'],
    ['ClusterId', { tag: 3 }, 'tag is 0 with us, 3 with them'],
    ['Topics', { type: 'FetchTopic' }, 'type is []struct with us, struct with them'],
  ])('finds a difference in %s: %o', (name, change, what) => {
    const found = compareTables([fetch], [changed(name, change)])
    const field = name.charAt(0).toLowerCase() + name.slice(1)
    expect(found).toContainEqual({ message: 'FetchRequest', field, what })
  })

  test('finds another order, versions, flexibility and header', () => {
    const reversed = { ...fetch, fields: fetch.fields.toReversed() }
    const late = changed('MaxWaitMs', { versions: '18+' })
    for (const their of [
      reversed,
      late,
      { ...fetch, validVersions: '4-17' },
      { ...fetch, flexibleVersions: '13+' },
      { ...fetch, headerVersions: { '4-18': 2 } },
      { ...fetch, listeners: ['broker'] },
    ]) {
      expect(compareTables([fetch], [their])).not.toEqual([])
    }
  })

  test('names messages that only one side has', () => {
    const other = { ...fetch, name: 'Other' }
    expect(compareTables([fetch], [other]).map(({ message, what }) => [message, what])).toEqual([
      ['Other', 'only they have this message'],
      ['FetchRequest', 'only we have this message'],
    ])
  })
})

describe("Kafka's own schemas", () => {
  test('are read with their comments, spelled defaults and shared structs', () => {
    const table = fromKafkaJson(`
      // A comment.
      { "apiKey": 1, "type": "request", "name": "X", "validVersions": "0-1",
        "flexibleVersions": "1+", "fields": [
        // Another.
        { "name": "A", "type": "int64", "versions": "0+", "default": "0x7fffffffffffffff" },
        { "name": "B", "type": "string", "versions": "0+", "nullableVersions": "0+",
          "default": "null" },
        { "name": "C", "type": "[]S", "taggedVersions": "1+", "tag": 0, "default": null }
      ], "commonStructs": [ { "name": "S", "versions": "0+", "fields": [
        { "name": "D", "type": "bool", "versions": "0+", "default": "true" } ] } ] }`)
    expect(table).toMatchObject({ kind: 'request', name: 'X' })
    expect(table.fields.map((field) => field.default)).toEqual([
      '9223372036854775807',
      null,
      undefined,
    ])
    expect(table.fields[2]).toMatchObject({ versions: '1+', taggedVersions: '1+' })
    expect(table.commonStructs![0]!.fields[0]!.default).toBe(true)
  })
})
