// Gzip (RFC 1952) by the process's own zlib, synchronous and capped; several members are one
// stream.
import { constants, gunzipSync, gzipSync } from 'node:zlib'
import type { CodecFault } from './codecs.ts'

const SMALLEST_CHUNK_BYTES = 4 * 1024
const LARGEST_CHUNK_BYTES = 1024 * 1024
/** Header and trailer of a member without content. */
const LEAST_BYTES = 18

export function gzipDecompress(bytes: Uint8Array, maxBytes: number): Uint8Array | CodecFault {
  if (bytes.length < LEAST_BYTES) return 'CORRUPT_MESSAGE'
  // The trailer's size is a hint for the chunk: one right chunk is not copied again.
  const trailer = bytes.length - 4
  const hint = bytes[trailer]! | (bytes[trailer + 1]! << 8) | (bytes[trailer + 2]! << 16)
  const chunkSize = Math.min(Math.max(hint + 1, SMALLEST_CHUNK_BYTES), LARGEST_CHUNK_BYTES)
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, maxBytes), chunkSize })
  } catch (error) {
    const code = (error as { code?: unknown }).code
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'MESSAGE_TOO_LARGE' : 'CORRUPT_MESSAGE'
  }
}

export function gzipCompress(bytes: Uint8Array, level?: number): Uint8Array {
  return gzipSync(bytes, { level: level ?? constants.Z_DEFAULT_COMPRESSION })
}
