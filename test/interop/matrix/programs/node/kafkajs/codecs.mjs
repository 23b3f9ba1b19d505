// kafkajs compresses with gzip by itself; the other codecs are plug-ins, as its documentation says:
// kafkajs-snappy, lz4-napi, and the zstd of Node's own zlib (from Node 22.15).
import zlib from 'node:zlib'

export function addCodecs(require, { CompressionCodecs, CompressionTypes }) {
  CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy')
  const lz4 = require('lz4-napi')
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: ({ buffer }) => lz4.compressFrame(buffer),
    decompress: (buffer) => lz4.decompressFrame(buffer),
  })
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: async ({ buffer }) => zlib.zstdCompressSync(buffer),
    decompress: async (buffer) => zlib.zstdDecompressSync(buffer),
  })
}

export function codecTypes({ None, GZIP, Snappy, LZ4, ZSTD }) {
  return { none: None, gzip: GZIP, snappy: Snappy, lz4: LZ4, zstd: ZSTD }
}
