import { describe, expect, test } from 'vitest'
import { crc32c, portableCrc32c } from '../../../protocol/records/crc32c.ts'
import { seededRandom } from '../../../base/random.ts'

// RFC 3720, appendix B.4, and the check value of the CRC catalogue.
const vectors: [string, Buffer, number][] = [
  ['32 zero bytes', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of 0xff', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 ascending bytes', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  ['32 descending bytes', Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c],
  ['the digits 1 to 9', Buffer.from('123456789'), 0xe3069283],
  ['nothing', Buffer.alloc(0), 0],
]

// One bit at a time, from the definition of the polynomial: the oracle of both fast forms.
function byDefinition(bytes: Uint8Array): number {
  let crc = 0xffff_ffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1
  }
  return (crc ^ 0xffff_ffff) >>> 0
}

describe.each([
  ['crc32c', crc32c],
  ['portableCrc32c', portableCrc32c],
])('%s', (_name, checksum) => {
  test.each(vectors)('of %s is the published value', (_what, bytes, expected) => {
    expect(checksum(bytes, 0, bytes.length)).toBe(expected)
  })

  test('reads only the range it is given, at any length and alignment', () => {
    const bytes = seededRandom(1).bytes(2000)
    for (let length = 0; length < 700; length += 7) {
      const start = length % 13
      const range = bytes.subarray(start, start + length)
      expect(checksum(bytes, start, start + length)).toBe(byDefinition(range))
    }
  })
})
