import { describe, expect, test } from 'vitest'
import { apis } from '../../../protocol/api/index.ts'
import { encode } from '../../../protocol/schema/codec.ts'
import {
  RequestHeader,
  readRequestHeader,
  readRequestHeaderInto,
  readResponseHeader,
  requestHeaderVersion,
  responseHeaderVersion,
  writeRequestHeader,
  writeResponseHeader,
} from '../../../protocol/wire/header.ts'
import { MalformedFrame, Reader } from '../../../protocol/wire/reader.ts'
import { Writer } from '../../../protocol/wire/writer.ts'

function parse(hex: string) {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex')
  return readRequestHeader(bytes, 0, bytes.length)
}

describe('a request header', () => {
  test('of a classic version ends with the client id', () => {
    expect(parse('0000 0008 00000007 0003 6b6361 ee')).toEqual({
      apiKey: 0,
      apiVersion: 8,
      correlationId: 7,
      clientId: 'kca',
      bodyStart: 13,
    })
  })

  test('read into the head of the one before has its own client id, whatever that was', () => {
    const head = { apiKey: 0, apiVersion: 0, correlationId: 0, clientId: null as string | null }
    // The last one: a byte that is no UTF-8, after the text whose code it is.
    const ids = ['0003 6b6361', '0003 6b6361', '0003 6b6362', '0002 6b63', '0002 c3a9', '0001 e9']
    const found = [...ids, 'ffff', '0000'].map((id) => {
      const bytes = Buffer.from(`0000000800000007${id}ee`.replaceAll(' ', ''), 'hex')
      const reader = new Reader(bytes)
      readRequestHeaderInto(head, reader)
      expect(reader.remaining()).toBe(1)
      return head.clientId
    })
    expect(found).toEqual(['kca', 'kca', 'kcb', 'kc', '\u00e9', '\ufffd', null, ''])
    head.clientId = 'kca'
    const cut = new Reader(Buffer.from('00000008000000070003 6b63'.replaceAll(' ', ''), 'hex'))
    expect(() => readRequestHeaderInto(head, cut)).toThrow(MalformedFrame)
  })

  test('of a flexible version ends with a tag section, its client id still classic', () => {
    expect(parse('0000 0009 00000007 ffff 01 05 02 aabb ee')).toEqual({
      apiKey: 0,
      apiVersion: 9,
      correlationId: 7,
      clientId: null,
      bodyStart: 15,
    })
  })

  test('of an unknown version is that of the highest, of an unknown key the classic one', () => {
    expect(parse('0012 0063 00000001 ffff 00 ee').bodyStart).toBe(11)
    expect(parse('03e7 0063 00000001 ffff ee').bodyStart).toBe(10)
    expect(parse('ffff ffff 00000001 ffff ee').bodyStart).toBe(10)
  })

  test.each([
    '',
    '0000',
    '0000 0009 0000',
    '0000 0009 00000001 0005 61',
    '0000 0009 00000001 ffff',
  ])('cut short (%s) is malformed', (hex) => {
    expect(() => parse(hex)).toThrow(MalformedFrame)
  })

  test('is written as its schema says', () => {
    for (const [apiVersion, header] of [
      [8, 1],
      [9, 2],
    ] as const) {
      const writer = new Writer()
      writeRequestHeader(writer, { apiKey: 0, apiVersion, correlationId: 7, clientId: 'é' })
      const draft = { requestApiKey: 0, requestApiVersion: apiVersion, correlationId: 7 }
      const bySchema = encode(RequestHeader, header, { ...draft, clientId: 'é' })
      expect(writer.toBuffer().toString('hex')).toBe(bySchema.toString('hex'))
    }
  })
})

describe('a response header', () => {
  test('has a tag section in flexible versions only', () => {
    const writer = new Writer()
    writeResponseHeader(writer, 0, 5)
    writeResponseHeader(writer, 1, 6)
    const bytes = writer.toBuffer()
    expect(bytes.toString('hex')).toBe('000000050000000600')
    const reader = new Reader(bytes)
    expect(readResponseHeader(reader, 0)).toBe(5)
    expect(readResponseHeader(reader, 1)).toBe(6)
    expect(reader.remaining()).toBe(0)
  })

  test('of ApiVersions never has one', () => {
    expect(responseHeaderVersion(18, 5)).toBe(0)
    expect(requestHeaderVersion(18, 5)).toBe(2)
  })

  test('goes with the request header in every other API', () => {
    for (const { key, versions } of apis.filter(({ key: each }) => each !== 18)) {
      for (let version = versions.min; version <= versions.max; version++) {
        const difference = requestHeaderVersion(key, version) - responseHeaderVersion(key, version)
        expect(difference).toBe(1)
      }
    }
  })
})
