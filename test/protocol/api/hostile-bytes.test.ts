import { describe, expect, test } from 'vitest'
import { below, seededRandom } from '../../../base/random.ts'
import { compileReader } from '../../../protocol/schema/compile.ts'
import { encode } from '../../../protocol/schema/codec.ts'
import { array, int8, message, string } from '../../../protocol/schema/index.ts'
import { interpretReader } from '../../../protocol/schema/interpret.ts'
import type { Message } from '../../../protocol/schema/message.ts'
import { messageEntries } from '../../../protocol/tables.ts'
import { MalformedFrame, Reader } from '../../../protocol/wire/reader.ts'
import { randomValue } from '../random-value.ts'

const messages = messageEntries().map((entry) => entry.message)
const random = seededRandom(4)
const EXTREMES = ['7fffffff', 'ffffffff', '80000000', 'ffffffff0f', 'ffffffff07', '8080808080']

describe.each(messages.map((of) => [of.name, of] as const))('%s', (_name, of) => {
  test('cut short anywhere is malformed, oversized and random bytes are refused or read', () => {
    for (const version of new Set([of.versions.min, of.versions.max])) {
      const sample = smallSample(of, version)
      for (let cut = 0; cut < sample.length; cut++) {
        expect(outcome(of, version, sample.subarray(0, cut))).toBe('malformed')
      }
      for (let at = 0; at < Math.min(sample.length, 60); at++) {
        const extreme = Buffer.from(EXTREMES[at % EXTREMES.length]!, 'hex')
        const bytes = Buffer.concat([sample.subarray(0, at), extreme, sample.subarray(at + 4)])
        outcome(of, version, bytes)
      }
      for (let i = 0; i < 20; i++)
        outcome(of, version, Buffer.from(random.bytes(below(random, 80))))
    }
  })
})

describe('tagged fields', () => {
  const flexible = messages.filter((of) => of.versions.max >= of.flexible)

  test('that nobody knows are passed over', () => {
    for (const of of flexible) {
      const value = untagged(of)
      const bytes = encode(of, of.versions.max, value)
      expect(bytes.at(-1)).toBe(0)
      const unknown = Buffer.from('02e80703aabbcce90700', 'hex')
      const extended = Buffer.concat([bytes.subarray(0, -1), unknown])
      for (const readerOf of [compileReader, interpretReader]) {
        const read = readerOf(of, of.versions.max)
        expect(read(new Reader(extended)), of.name).toEqual(read(new Reader(bytes)))
      }
    }
  })

  test('of more than 10,000 are refused before they are read', () => {
    for (const of of flexible) {
      const bytes = encode(of, of.versions.max, untagged(of))
      const many = Buffer.concat([bytes.subarray(0, -1), Buffer.from('914e', 'hex')])
      const full = Buffer.concat([many, Buffer.alloc(30_000)])
      expect(outcome(of, of.versions.max, full), of.name).toBe('malformed')
    }
  })

  test('whose size is not that of the value are refused', () => {
    const Tagged = message('Tagged', {
      versions: '0',
      flexible: '0+',
      fields: { note: string.tagged(0), number: int8.tagged(1) },
    })
    expect(outcome(Tagged, 0, Buffer.from('01000302616100', 'hex'))).toBe('malformed')
    expect(outcome(Tagged, 0, Buffer.from('0101020500', 'hex'))).toBe('malformed')
    expect(outcome(Tagged, 0, Buffer.from('01010105', 'hex'))).toEqual({ note: '', number: 5 })
  })
})

describe('arrays', () => {
  const Classic = message('Classic', {
    versions: '0',
    flexible: 'none',
    fields: { items: array(int8) },
  })
  const Nested = message('Nested', {
    versions: '0',
    flexible: '0+',
    fields: { a: array({ b: array({ c: array({ d: array(string) }) }) }) },
  })

  test('of more than a million elements are refused, though the bytes are there', () => {
    const bytes = Buffer.alloc(4 + 1_000_001)
    bytes.writeInt32BE(1_000_001)
    expect(outcome(Classic, 0, bytes)).toBe('malformed')
    bytes.writeInt32BE(1_000_000)
    expect(outcome(Classic, 0, bytes.subarray(0, -1))).toHaveProperty('items.length', 1_000_000)
  })

  test('that announce more than the bytes could hold are refused', () => {
    expect(outcome(Classic, 0, Buffer.from('00000004010203', 'hex'))).toBe('malformed')
    expect(outcome(Classic, 0, Buffer.from('7fffffff010203', 'hex'))).toBe('malformed')
  })

  test('nested in each other hold no more than the bytes that came', () => {
    const bytes = Buffer.alloc(100_000, 0x21)
    expect(outcome(Nested, 0, bytes)).toBe('malformed')
    const announced = Buffer.from('ffff3f'.repeat(4), 'hex')
    expect(outcome(Nested, 0, announced)).toBe('malformed')
  })

  test('that are null where none is allowed are refused', () => {
    expect(outcome(Classic, 0, Buffer.from('ffffffff', 'hex'))).toBe('malformed')
    expect(outcome(Nested, 0, Buffer.from('0000', 'hex'))).toBe('malformed')
  })
})

/** What compiled and interpreted readers, agreeing, make of the bytes. */
function outcome(of: Message, version: number, bytes: Buffer): unknown {
  const [compiled, interpreted] = [compileReader, interpretReader].map((readerOf) => {
    const reader = new Reader(bytes)
    try {
      const value = readerOf(of, version)(reader)
      expect(reader.position).toBeLessThanOrEqual(bytes.length)
      return value
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedFrame)
      return 'malformed'
    }
  })
  expect(compiled).toEqual(interpreted)
  return compiled
}

function smallSample(of: Message, version: number): Buffer {
  const samples = Array.from({ length: 5 }, () =>
    encode(of, version, randomValue(random, of, version)),
  )
  return samples.toSorted((a, b) => a.length - b.length)[2]!
}

/** A value whose tag section at the top is empty. */
function untagged(of: Message): Record<string, unknown> {
  const version = of.versions.max
  const value = randomValue(random, of, version)
  const plain = (of.kind.members() ?? []).filter((member) => version < member.taggedFrom)
  return Object.fromEntries(plain.map(({ name }) => [name, value[name]]))
}
