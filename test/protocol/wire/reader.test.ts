import { describe, expect, test } from 'vitest'
import { MalformedFrame, Reader } from '../../../protocol/wire/reader.ts'

const of = (hex: string) => new Reader(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

describe('a reader', () => {
  test('reads each primitive as the wire has it', () => {
    const reader = of('01 80 8000 ffff 80000000 ffffffff 3ff8000000000000')
    expect(reader.bool('x')).toBe(true)
    expect(reader.int8('x')).toBe(-128)
    expect(reader.int16('x')).toBe(-32768)
    expect(reader.uint16('x')).toBe(65535)
    expect(reader.int32('x')).toBe(-2147483648)
    expect(reader.uint32('x')).toBe(4294967295)
    expect(reader.float64('x')).toBe(1.5)
    expect(reader.remaining()).toBe(0)
  })

  test('reads 64-bit integers exactly up to 2^53 and as infinity beyond', () => {
    expect(of('001fffffffffffff').int64('x')).toBe(Number.MAX_SAFE_INTEGER)
    expect(of('0020000000000000').int64('x')).toBe(Infinity)
    expect(of('7fffffffffffffff').int64('x')).toBe(Infinity)
    expect(of('ffffffffffffffff').int64('x')).toBe(-1)
    expect(of('ffe0000000000000').int64('x')).toBe(-(2 ** 53))
    expect(of('ffdfffffffffffff').int64('x')).toBe(-Infinity)
    expect(of('8000000000000000').int64('x')).toBe(-Infinity)
  })

  test('reads a uuid as 22 characters', () => {
    expect(of('00000000000000000000000000000001').uuid('x')).toBe('AAAAAAAAAAAAAAAAAAAAAQ')
  })

  test.each([
    ['00', 0],
    ['7f', 127],
    ['8001', 128],
    ['ff7f', 16383],
    ['ffffffff07', 2147483647],
    // Longer than need be, as Kafka allows.
    ['8000', 0],
  ])('reads the varint %s as %i', (hex, value) => {
    expect(of(hex).uvarint('x')).toBe(value)
  })

  test.each(['ffffffff08', '808080808001', 'ffffffffff', '80'])('refuses the varint %s', (hex) => {
    expect(() => of(hex).uvarint('x')).toThrow(MalformedFrame)
  })

  test('gives bytes as a view and strings as text', () => {
    const bytes = Buffer.from('61c3a9ffff', 'hex')
    const reader = new Reader(bytes)
    expect(reader.string(3, 'x')).toBe('aé')
    const view = reader.bytes(2, 'x')
    bytes[3] = 0
    expect(view[0]).toBe(0)
  })

  test('stops at its end, though the buffer goes on', () => {
    const reader = new Reader(Buffer.alloc(100), 10, 13)
    expect(reader.int16('x')).toBe(0)
    expect(() => reader.int16('topic')).toThrow('topic: the frame ends too early (1 bytes left)')
    expect(() => reader.expectEnd('Fetch')).toThrow('1 bytes left over after Fetch')
  })

  test('takes any Uint8Array', () => {
    expect(new Reader(Uint8Array.of(0, 5)).int16('x')).toBe(5)
    const part = new Uint8Array(Uint8Array.of(9, 0, 6).buffer, 1)
    expect(new Reader(part).int16('x')).toBe(6)
  })

  test('refuses strings over 32767 bytes', () => {
    expect(() => new Reader(Buffer.alloc(40_000)).string(32_768, 'x')).toThrow('invalid length')
  })

  test('passes over tag sections', () => {
    const reader = of('02 00 01 ff 05 02 aabb 7f')
    reader.skipTags('x')
    expect(reader.remaining()).toBe(1)
    expect(() => of('01 00 05 00').skipTags('x')).toThrow(MalformedFrame)
  })
})
