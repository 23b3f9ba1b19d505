import { expect, test } from 'vitest'
import { murmur2, partitionOfKey } from '../../src/client/partitioner.ts'

// The published values of Apache Kafka's own hash.
test.each([
  ['21', -973_932_308],
  ['foobar', -790_332_482],
  ['a-little-bit-long-string', -985_981_536],
  ['a-little-bit-longer-string', -1_486_304_829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
  ['abc', 479_470_107],
])('murmur2 of %s', (text, expected) => {
  expect(murmur2(Buffer.from(text))).toBe(expected)
})

test('a negative hash still gives a partition', () => {
  expect(partitionOfKey(Buffer.from('21'), 10)).toBe((-973_932_308 & 0x7fffffff) % 10)
})
