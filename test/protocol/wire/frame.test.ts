import { describe, expect, test } from 'vitest'
import { beginFrame, endFrame, frameLength } from '../../../protocol/wire/frame.ts'
import { MalformedFrame } from '../../../protocol/wire/reader.ts'
import { Writer } from '../../../protocol/wire/writer.ts'

describe('a frame', () => {
  test('announces its length', () => {
    expect(frameLength(Buffer.from('ff00000102', 'hex'), 1, 1000)).toBe(258)
  })

  test.each(['ffffffff', '80000000', '7fffffff', '000003e9'])('of %s bytes is refused', (hex) => {
    expect(() => frameLength(Buffer.from(hex, 'hex'), 0, 1000)).toThrow(MalformedFrame)
  })

  test('gets its length when it is complete, whatever stands before it', () => {
    const writer = new Writer(4)
    const parts = { kind: 'parts', byteLength: 3, parts: [Buffer.from('010203', 'hex')] } as const
    const first = beginFrame(writer)
    writer.classicBytes(parts, 'x')
    endFrame(writer, first)
    const second = beginFrame(writer)
    writer.int8(9, 'x')
    writer.classicBytes(parts, 'x')
    endFrame(writer, second)
    const hex = writer.toBuffer().toString('hex')
    expect(hex).toBe('0000000700000003010203000000080900000003010203')
  })
})
