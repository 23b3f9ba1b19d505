import { expect, test, vi } from 'vitest'
import { BatchView } from '../../../protocol/records/batch.ts'
import { Codecs } from '../../../protocol/records/compression/codecs.ts'
import { decodeRecords } from '../../../protocol/records/decode.ts'
import { optionalModule } from '../../../protocol/records/native.ts'
import { goldenBatches } from './golden.ts'

// As if no optional dependency were installed and zlib had no zstd.
vi.mock('../../../protocol/records/native.ts', () => ({ optionalModule: vi.fn(() => undefined) }))
vi.mock('../../../protocol/records/compression/zstd-native.ts', () => ({
  nativeZstdCompress: () => undefined,
  nativeZstdDecompress: () => undefined,
}))

const CAP = 16 * 1024 * 1024
const modern = goldenBatches().filter((one) => one.batches[0]!.magic === 2)

test.each(modern)('the portable forms read Apache Kafka’s batch: $name', ({ bytes, batches }) => {
  expect(new BatchView(bytes).verifyCrc()).toBe(true)
  expect(decodeRecords(bytes, new Codecs(), CAP)).toHaveLength(batches[0]!.recordCount)
})

test('the portable zstd encoder is read back', () => {
  const codecs = new Codecs()
  const bytes = Buffer.from('the portable form, again and again; '.repeat(9000))
  const packed = codecs.compress(4, bytes)
  expect(packed.length).toBeLessThan(bytes.length / 50)
  expect(Buffer.compare(codecs.decompress(4, packed, CAP) as Uint8Array, bytes)).toBe(0)
})

test('the native checksum was looked for, once', () => {
  expect(optionalModule).toHaveBeenCalledExactlyOnceWith('@node-rs/crc32')
})
