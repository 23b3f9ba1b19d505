// The seam of compression: one synchronous, bounded call in each direction for all five codecs of
// the record batch. Owns the scratch that decoders write into; knows no batch. Which library stands
// behind which codec, and why: docs/decisions/0001-compression-and-checksum.md.
import { assert } from '../../../base/assert.ts'
import { gzipCompress, gzipDecompress } from './gzip.ts'
import { lz4Compress, lz4Decompress } from './lz4.ts'
import { Scratch } from './scratch.ts'
import { snappyCompress, snappyDecompress } from './snappy.ts'
import { ZstdDecoder, zstdCompress } from './zstd.ts'

/** Why bytes could not be decompressed, as the name of a Kafka error. */
export type CodecFault = 'MESSAGE_TOO_LARGE' | 'CORRUPT_MESSAGE' | 'UNSUPPORTED_COMPRESSION_TYPE'

export class Codecs {
  readonly #scratch = new Scratch()
  readonly #zstd = new ZstdDecoder()

  /**
   * The decompressed bytes: a view that the next call may overwrite (`bytes` itself for codec 0).
   * More than `maxBytes` is never produced: 'MESSAGE_TOO_LARGE'. Throws nothing on bad bytes.
   */
  decompress(codec: number, bytes: Uint8Array, maxBytes: number): Uint8Array | CodecFault {
    this.#scratch.begin(maxBytes)
    const result = this.#decompress(codec, bytes, maxBytes)
    if (typeof result === 'string') this.#scratch.release()
    return result
  }

  /** The compressed bytes, owned by the caller. `level` has the codec's own range and default. */
  compress(codec: number, bytes: Uint8Array, level?: number): Uint8Array {
    switch (codec) {
      case 0:
        return bytes.slice()
      case 1:
        return gzipCompress(bytes, level)
      case 2:
        return snappyCompress(bytes)
      case 3:
        return lz4Compress(bytes)
      default:
        assert(codec === 4, `there is no codec ${codec}`)
        return zstdCompress(bytes, level)
    }
  }

  #decompress(codec: number, bytes: Uint8Array, maxBytes: number): Uint8Array | CodecFault {
    switch (codec) {
      case 0:
        return bytes
      case 1:
        return gzipDecompress(bytes, maxBytes)
      case 2:
        return snappyDecompress(bytes, this.#scratch)
      case 3:
        return lz4Decompress(bytes, this.#scratch)
      case 4:
        return this.#zstd.decompress(bytes, this.#scratch)
      default:
        return 'UNSUPPORTED_COMPRESSION_TYPE'
    }
  }
}
