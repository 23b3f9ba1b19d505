import { afterEach, describe, expect, test, vi } from 'vitest'
import { BrokenInvariant } from '../../../base/assert.ts'
import { decode, encode, reader, writer } from '../../../protocol/schema/codec.ts'
import { compileWriter, readerText } from '../../../protocol/schema/compile.ts'
import { array, int32, int64, message, records } from '../../../protocol/schema/index.ts'
import { string, struct, uuid } from '../../../protocol/schema/index.ts'
import { interpretWriter } from '../../../protocol/schema/interpret.ts'
import type { Draft, Message } from '../../../protocol/schema/message.ts'
import { MalformedFrame } from '../../../protocol/wire/reader.ts'
import { Unencodable, Writer } from '../../../protocol/wire/writer.ts'

const sample = () =>
  message('Sample', {
    versions: '1-3',
    flexible: '3+',
    fields: {
      id: int32,
      name: string.nullable(2),
      epoch: int64.since(2).default(-1),
      reason: string.since(2).ignorable(),
      topics: array({ topicId: uuid.since(3), count: int32.default(7) }),
      leader: struct({ node: int32.default(-1), epoch: int32.default(-1) })
        .since(3)
        .tagged(0),
    },
  })
const Sample = sample()

const ways = [
  { way: 'compiled', writerOf: compileWriter },
  { way: 'interpreted', writerOf: interpretWriter },
]

describe.each(ways)('a draft, $way', ({ writerOf }) => {
  function hexOf(version: number, draft: unknown, of: Message = Sample): string {
    const target = new Writer(4)
    writerOf(of, version)(target, draft)
    return target.toBuffer().toString('hex')
  }

  test('gets the defaults of what it leaves out', () => {
    const draft = { id: 1, name: 'a', topics: [{}] } satisfies Draft<typeof Sample>
    expect(hexOf(1, draft)).toBe('00000001 0001 61 00000001 00000007'.replaceAll(' ', ''))
    expect(hexOf(2, draft)).toBe(
      '00000001 0001 61 ffffffffffffffff 0000 00000001 00000007'.replaceAll(' ', ''),
    )
    expect(hexOf(3, draft)).toBe(
      `00000001 0261 ffffffffffffffff 01 02 ${'00'.repeat(16)} 00000007 00 00`.replaceAll(' ', ''),
    )
  })

  test('has its tagged fields only where they differ from the default', () => {
    const draft = { id: 1, name: null, topics: [], leader: { node: -1 } }
    const head = '0000000100ffffffffffffffff0101'
    expect(hexOf(3, draft)).toBe(`${head}00`)
    expect(hexOf(3, { ...draft, leader: { node: 5 } })).toBe(`${head}01000900000005ffffffff00`)
  })

  test('may not hold a value that the version cannot carry, unless that is ignorable', () => {
    const draft = { id: 1, name: 'a', topics: [] }
    expect(() => hexOf(1, { ...draft, epoch: 5 })).toThrow('Sample.epoch: version 1 has no such')
    expect(() => hexOf(2, { ...draft, leader: { node: 1 } })).toThrow(Unencodable)
    expect(() => hexOf(2, { ...draft, topics: [{ topicId: 'x' }] })).toThrow(Unencodable)
    expect(hexOf(1, { ...draft, epoch: -1, reason: 'dropped' })).toBe('0000000100016100000000')
  })

  test('may not be null where the version knows no null', () => {
    expect(() => hexOf(1, { id: 1, name: null, topics: [] })).toThrow('Sample.name')
    expect(hexOf(2, { id: 1, name: null, topics: [] })).toMatch(/^00000001ffff/)
    expect(() => hexOf(2, { id: 1, name: 'a', topics: null })).toThrow('Sample.topics')
    expect(() => hexOf(2, null)).toThrow('Sample')
  })

  test('may not leave out a field without a default', () => {
    expect(() => hexOf(1, { name: 'a', topics: [] })).toThrow('Sample.id: cannot write undefined')
    expect(() => hexOf(1, { id: 1, topics: [] })).toThrow('Sample.name')
    expect(() => hexOf(1, { id: 1, name: 'a' })).toThrow('Sample.topics')
  })

  test('takes records from parts', () => {
    const Blob = message('Blob', {
      versions: '0',
      flexible: '0+',
      fields: { a: int32, records: records.nullable(), b: int32 },
    })
    const part = Buffer.alloc(200, 0xcc)
    const target = new Writer(4)
    const draft = { a: 1, records: { kind: 'parts', byteLength: 200, parts: [part] }, b: 2 }
    writerOf(Blob, 0)(target, draft)
    const parts = target.take()
    expect(parts[0]).toEqual(Buffer.from('00000001c901', 'hex'))
    expect(parts[1]).toBe(part)
    expect(parts[2]).toEqual(Buffer.from('0000000200', 'hex'))
  })
})

describe('a codec', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test('is made once per version', () => {
    expect(reader(Sample, 2)).toBe(reader(Sample, 2))
    expect(writer(Sample, 2)).toBe(writer(Sample, 2))
    expect(reader(Sample, 2)).not.toBe(reader(Sample, 3))
  })

  test('exists for the versions of the message only', () => {
    expect(() => reader(Sample, 0)).toThrow(BrokenInvariant)
    expect(() => writer(Sample, 4)).toThrow('Sample has versions 1 to 3, not 4')
  })

  test('is interpreted where the process may not make code from strings', () => {
    const Other = sample()
    const compiled = encode(Sample, 3, { id: 9, name: 'b', topics: [{ count: 3 }] })
    vi.stubGlobal('Function', function forbidden() {
      throw new EvalError('Code generation from strings disallowed for this context')
    })
    expect(encode(Other, 3, { id: 9, name: 'b', topics: [{ count: 3 }] })).toEqual(compiled)
    expect(decode(Other, 3, compiled)).toEqual(decode(Sample, 3, compiled))
  })

  test('decodes a part of a buffer, all of it', () => {
    const body = encode(Sample, 1, { id: 9, name: 'b', topics: [] })
    const bytes = Buffer.concat([Buffer.alloc(3), body, Buffer.alloc(3)])
    expect(decode(Sample, 1, bytes, 3, 3 + body.length)).toMatchObject({ id: 9, epoch: -1 })
    expect(() => decode(Sample, 1, bytes, 3)).toThrow(MalformedFrame)
  })

  test('names its functions for stacks and profiles', () => {
    expect(readerText(Sample, 2)).toContain('function readSample2(r)')
  })
})
