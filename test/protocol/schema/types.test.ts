// What the types of messages promise; the assertions are the compiler's, at `tsc --noEmit`.
import { describe, expectTypeOf, test } from 'vitest'
import type {
  Draft,
  Metadata,
  Produce,
  RecordParts,
  RequestDraft,
  RequestOf,
  ResponseDraft,
  ResponseOf,
  Value,
} from '../../../protocol/index.ts'
import { api, array, int16, int32, int64, message } from '../../../protocol/schema/index.ts'
import { bytes, records, string, struct, uuid } from '../../../protocol/schema/index.ts'
import { groupRecords } from '../../../protocol/state/index.ts'
import type { GroupRecord } from '../../../protocol/state/index.ts'

const Sample = message('Sample', {
  versions: '0-4',
  flexible: '2+',
  fields: {
    plain: int32,
    name: string.nullable(1),
    note: string.nullable().default(null),
    later: int64.since(2),
    earlier: int64.until(1),
    topicId: uuid,
    extra: struct({ epoch: int32.default(-1), node: int16 }).tagged(0),
    dropped: int32.ignorable(),
    items: array({ index: int32, body: records.nullable() }),
    blob: bytes,
  },
})

describe('a value that was read', () => {
  test('has every field, null where null is allowed', () => {
    expectTypeOf<Value<typeof Sample>>().toEqualTypeOf<{
      readonly plain: number
      readonly name: string | null
      readonly note: string | null
      readonly later: number
      readonly earlier: number
      readonly topicId: string
      readonly extra: { readonly epoch: number; readonly node: number }
      readonly dropped: number
      readonly items: readonly { readonly index: number; readonly body: Buffer | null }[]
      readonly blob: Buffer
    }>()
  })

  test('is a draft too', () => {
    expectTypeOf<Value<typeof Sample>>().toExtend<Draft<typeof Sample>>()
    expectTypeOf<RequestOf<typeof Produce>>().toExtend<RequestDraft<typeof Produce>>()
    expectTypeOf<ResponseOf<typeof Metadata>>().toExtend<ResponseDraft<typeof Metadata>>()
  })
})

describe('a draft', () => {
  const least = { plain: 1, name: null, topicId: '', items: [], blob: Buffer.alloc(0) }

  test('may leave out what has a default, is tagged, ignorable or not in all versions', () => {
    expectTypeOf(least).toExtend<Draft<typeof Sample>>()
    expectTypeOf({ ...least, later: 1, extra: { node: 3 } }).toExtend<Draft<typeof Sample>>()
  })

  test('may not leave out anything else', () => {
    expectTypeOf<Omit<typeof least, 'plain'>>().not.toExtend<Draft<typeof Sample>>()
    expectTypeOf<Omit<typeof least, 'name'>>().not.toExtend<Draft<typeof Sample>>()
    expectTypeOf({ ...least, items: [{ index: 1 }] }).not.toExtend<Draft<typeof Sample>>()
  })

  test('takes records from parts', () => {
    expectTypeOf<RecordParts>().toExtend<Draft<typeof Sample>['items'][0]['body']>()
    expectTypeOf<RecordParts>().not.toExtend<Draft<typeof Sample>['blob']>()
  })

  test('has no null where none is allowed', () => {
    expectTypeOf({ ...least, topicId: null }).not.toExtend<Draft<typeof Sample>>()
  })
})

test('an API gives the types of both sides', () => {
  const Ping = api(999, 'Ping', {
    versions: '0',
    flexible: 'none',
    request: { a: int32 },
    response: { b: string },
  })
  expectTypeOf<RequestOf<typeof Ping>>().toEqualTypeOf<{ readonly a: number }>()
  expectTypeOf<ResponseOf<typeof Ping>>().toEqualTypeOf<{ readonly b: string }>()
})

test('a decoded coordinator record is told apart by its name', () => {
  expectTypeOf<Extract<GroupRecord, { name: 'OffsetCommit' }>['key']>().toEqualTypeOf<
    Value<typeof groupRecords.OffsetCommit.key>
  >()
  expectTypeOf<GroupRecord['name']>().toExtend<keyof typeof groupRecords | 'unknown'>()
})
