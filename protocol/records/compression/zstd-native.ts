// Zstd by the process's own zlib, which has it from Node 22.15 on; older ones answer undefined and
// the portable form takes over. Never asked for more than one frame: zlib would stop, silently,
// behind the first.
import * as zlib from 'node:zlib'
import type { CodecFault } from './codecs.ts'

interface ZstdOptions {
  readonly maxOutputLength?: number
  readonly chunkSize?: number
  readonly params?: Readonly<Record<number, number>>
}

/** What newer type declarations of node:zlib say. */
interface ZlibWithZstd {
  readonly zstdCompressSync?: (bytes: Uint8Array, options: ZstdOptions) => Uint8Array
  readonly zstdDecompressSync?: (bytes: Uint8Array, options: ZstdOptions) => Uint8Array
}

/** ZSTD_c_compressionLevel of zstd.h. */
const COMPRESSION_LEVEL = 100
const CHUNK_BYTES = 64 * 1024

/** Decompresses exactly one frame; undefined where the process cannot. */
export function nativeZstdDecompress(
  frame: Uint8Array,
  maxBytes: number,
): Uint8Array | CodecFault | undefined {
  const decompress = (zlib as ZlibWithZstd).zstdDecompressSync
  if (decompress === undefined) return undefined
  try {
    return decompress(frame, { maxOutputLength: Math.max(1, maxBytes), chunkSize: CHUNK_BYTES })
  } catch (error) {
    const code = (error as { code?: unknown }).code
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'MESSAGE_TOO_LARGE' : 'CORRUPT_MESSAGE'
  }
}

/** One frame; undefined where the process cannot. `level` 1-22, 3 when left out. */
export function nativeZstdCompress(bytes: Uint8Array, level = 3): Uint8Array | undefined {
  const compress = (zlib as ZlibWithZstd).zstdCompressSync
  return compress?.(bytes, { params: { [COMPRESSION_LEVEL]: level } })
}
