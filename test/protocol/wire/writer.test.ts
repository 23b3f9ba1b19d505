import { describe, expect, test } from 'vitest'
import type { Region } from '../../../protocol/wire/part.ts'
import { Unencodable, Writer } from '../../../protocol/wire/writer.ts'

function hexOf(write: (writer: Writer) => void): string {
  const writer = new Writer(8)
  write(writer)
  return writer.toBuffer().toString('hex')
}

describe('a writer', () => {
  test('writes each primitive as the wire has it', () => {
    expect(hexOf((w) => w.bool(true, 'x'))).toBe('01')
    expect(hexOf((w) => w.int8(-2, 'x'))).toBe('fe')
    expect(hexOf((w) => w.int16(-2, 'x'))).toBe('fffe')
    expect(hexOf((w) => w.uint16(65535, 'x'))).toBe('ffff')
    expect(hexOf((w) => w.int32(-2, 'x'))).toBe('fffffffe')
    expect(hexOf((w) => w.uint32(4294967295, 'x'))).toBe('ffffffff')
    expect(hexOf((w) => w.float64(1.5, 'x'))).toBe('3ff8000000000000')
    expect(hexOf((w) => w.uuid('AAAAAAAAAAAAAAAAAAAAAQ', 'x'))).toBe(`${'00'.repeat(15)}01`)
  })

  test.each([
    [Infinity, '7fffffffffffffff'],
    [2 ** 53, '7fffffffffffffff'],
    [Number.MAX_SAFE_INTEGER, '001fffffffffffff'],
    [4294967296, '0000000100000000'],
    [-1, 'ffffffffffffffff'],
    [-4294967297, 'fffffffeffffffff'],
    [-(2 ** 53), 'ffe0000000000000'],
    [-Infinity, '8000000000000000'],
  ])('writes the 64-bit integer %d', (value, hex) => {
    expect(hexOf((w) => w.int64(value, 'x'))).toBe(hex)
  })

  test.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [2147483647, 'ffffffff07'],
  ])('writes the varint %i', (value, hex) => {
    expect(hexOf((w) => w.uvarint(value))).toBe(hex)
  })

  test('writes compact strings whose UTF-8 needs a longer length than their characters', () => {
    const text = 'é'.repeat(100)
    expect(hexOf((w) => w.compactString(text, 'x'))).toBe(`c901${'c3a9'.repeat(100)}`)
    expect(hexOf((w) => w.compactString('né', 'x'))).toBe('046ec3a9')
    expect(hexOf((w) => w.classicString('né', 'x'))).toBe('00036ec3a9')
  })

  test('refuses what is no value of the type, and says where', () => {
    const writer = new Writer()
    expect(() => writer.int16(32768, 'Produce.acks')).toThrow('Produce.acks: cannot write 32768')
    expect(() => writer.int32(1.5, 'x')).toThrow(Unencodable)
    expect(() => writer.int64(NaN, 'x')).toThrow(Unencodable)
    expect(() => writer.uuid('short', 'x')).toThrow(Unencodable)
    expect(() => writer.uuid('!!!!!!!!!!!!!!!!!!!!!!', 'x')).toThrow(Unencodable)
    expect(() => writer.classicString('é'.repeat(20_000), 'x')).toThrow(Unencodable)
    expect(() => writer.compactString('x'.repeat(32_768), 'x')).toThrow(Unencodable)
  })

  test('gives away what it wrote and goes on behind it', () => {
    const writer = new Writer(64)
    writer.int32(1, 'x')
    const [first] = writer.take()
    writer.int32(2, 'x')
    const [second] = writer.take()
    expect(Buffer.concat([first as Buffer, second as Buffer]).toString('hex')).toBe(
      '0000000100000002',
    )
    expect(writer.take()).toEqual([])
  })

  test('keeps what it gave away unharmed when it grows', () => {
    const writer = new Writer(16)
    writer.raw(Buffer.alloc(12, 1))
    const [first] = writer.take()
    writer.raw(Buffer.alloc(100, 2))
    const [second] = writer.take()
    expect(first).toEqual(Buffer.alloc(12, 1))
    expect(second).toEqual(Buffer.alloc(100, 2))
  })

  test('references record parts instead of copying them', () => {
    const region: Region = { kind: 'region', byteLength: 300 }
    const slice = Buffer.from('aabb', 'hex')
    const writer = new Writer(8)
    writer.int16(7, 'x')
    writer.compactBytes({ kind: 'parts', byteLength: 302, parts: [region, slice] }, 'x')
    writer.compactBytes({ kind: 'parts', byteLength: 0, parts: [] }, 'x')
    writer.int32(-1, 'x')
    expect(writer.byteLength()).toBe(2 + 2 + 302 + 1 + 4)
    const parts = writer.take()
    expect(parts[0]).toEqual(Buffer.from('0007af02', 'hex'))
    expect(parts[1]).toBe(region)
    expect(parts[2]).toBe(slice)
    expect(parts[3]).toEqual(Buffer.from('01ffffffff', 'hex'))
    expect(writer.byteLength()).toBe(0)
  })

  test('does not put a file region into a buffer', () => {
    const writer = new Writer()
    const region: Region = { kind: 'region', byteLength: 1 }
    writer.classicBytes({ kind: 'parts', byteLength: 1, parts: [region] }, 'x')
    expect(() => writer.toBuffer()).toThrow(Unencodable)
  })

  test('forgets a message that failed halfway', () => {
    const writer = new Writer()
    writer.int32(1, 'x')
    writer.take()
    writer.int32(2, 'x')
    writer.classicBytes({ kind: 'parts', byteLength: 1, parts: [Buffer.alloc(1)] }, 'x')
    writer.reset()
    writer.int8(3, 'x')
    expect(writer.toBuffer().toString('hex')).toBe('03')
  })

  test('writes the size of tagged fields, short and long', () => {
    for (const [size, prefix] of [
      [127, '7f'],
      [128, '8001'],
      [20_000, 'a09c01'],
    ] as const) {
      const hex = hexOf((writer) => {
        const mark = writer.openSized()
        writer.raw(Buffer.alloc(size, 0xee))
        writer.closeSized(mark)
        writer.int8(1, 'x')
      })
      expect(hex).toBe(`${prefix}${'ee'.repeat(size)}01`)
    }
  })
})
