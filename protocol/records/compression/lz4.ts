// The lz4 frame format (lz4_Frame_format.md). Reads every variant: block sizes, linked blocks,
// block checksums, content size, content checksum (not compared: the batch's own checksum covers
// it), several frames, skippable frames. Writes what Java's reader demands: independent 64 KB
// blocks.
import type { CodecFault } from './codecs.ts'
import {
  type Lz4Block,
  lz4BlockBound,
  lz4DecodeBlock,
  lz4EncodeBlock,
  lz4HashTable,
} from './lz4-block.ts'
import type { Scratch } from './scratch.ts'
import { xxh32 } from './xxh32.ts'

const FRAME_MAGIC = 0x184d_2204
const SKIPPABLE_MAGIC = 0x184d_2a50
const MAGIC_BYTES = 4
const VERSION_BITS = 0x40
const INDEPENDENT_BIT = 0x20
const BLOCK_CHECKSUM_BIT = 0x10
const CONTENT_SIZE_BIT = 0x08
const CONTENT_CHECKSUM_BIT = 0x04
const DICTIONARY_BIT = 0x01
const UNCOMPRESSED_BIT = 0x8000_0000
const WRITTEN_BLOCK_CODE = 4
const WRITTEN_BLOCK_BYTES = 64 * 1024

export function lz4Decompress(bytes: Uint8Array, scratch: Scratch): Uint8Array | CodecFault {
  const state: FrameState = { bytes, at: 0, produced: 0, scratch }
  do {
    const fault = readFrame(state)
    if (fault !== undefined) return fault
  } while (state.at < bytes.length)
  return scratch.bytes.subarray(0, state.produced)
}

export function lz4Compress(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / WRITTEN_BLOCK_BYTES)
  const out = Buffer.allocUnsafe(15 + blocks * (4 + lz4BlockBound(WRITTEN_BLOCK_BYTES)))
  out.writeUInt32LE(FRAME_MAGIC, 0)
  out[4] = VERSION_BITS | INDEPENDENT_BIT
  out[5] = WRITTEN_BLOCK_CODE << 4
  out[6] = xxh32(out, MAGIC_BYTES, 6) >> 8
  let at = 7
  const table = lz4HashTable()
  for (let start = 0; start < bytes.length; start += WRITTEN_BLOCK_BYTES) {
    const end = Math.min(start + WRITTEN_BLOCK_BYTES, bytes.length)
    const body = at + 4
    const block = { from: bytes, start, end, out, outAt: body, outEnd: out.length, history: body }
    lz4EncodeBlock(block, table)
    const size = block.outAt - body
    if (size < end - start) {
      at = out.writeUInt32LE(size, at) + size
    } else {
      at = out.writeUInt32LE((UNCOMPRESSED_BIT | (end - start)) >>> 0, at) + (end - start)
      out.set(bytes.subarray(start, end), body)
    }
  }
  return out.subarray(0, out.writeUInt32LE(0, at))
}

interface FrameState {
  readonly bytes: Uint8Array
  at: number
  produced: number
  readonly scratch: Scratch
}

interface FrameHeader {
  readonly flags: number
  readonly maxBlockBytes: number
}

function readFrame(state: FrameState): CodecFault | undefined {
  const { bytes } = state
  const magic = littleEndian(bytes, state.at)
  if (magic !== undefined && (magic & 0xffff_fff0) === SKIPPABLE_MAGIC) {
    state.at += 8 + (littleEndian(bytes, state.at + MAGIC_BYTES) ?? bytes.length)
    return state.at > bytes.length ? 'CORRUPT_MESSAGE' : undefined
  }
  const header = magic === FRAME_MAGIC ? readHeader(state) : undefined
  if (header === undefined) return 'CORRUPT_MESSAGE'
  const { flags, maxBlockBytes } = header
  const frameStart = state.produced
  for (;;) {
    const word = littleEndian(bytes, state.at)
    if (word === undefined) return 'CORRUPT_MESSAGE'
    state.at += 4
    if (word === 0) break
    const size = (word & ~UNCOMPRESSED_BIT) >>> 0
    const end = state.at + size
    if (size > maxBlockBytes || end > bytes.length) return 'CORRUPT_MESSAGE'
    const history = flags & INDEPENDENT_BIT ? state.produced : frameStart
    const fault =
      word & UNCOMPRESSED_BIT
        ? storedBlock(state, end)
        : packedBlock(state, end, maxBlockBytes, history)
    if (fault !== undefined) return fault
    if (flags & BLOCK_CHECKSUM_BIT) {
      if (littleEndian(bytes, end) !== xxh32(bytes, state.at, end)) return 'CORRUPT_MESSAGE'
      state.at = end + 4
    } else {
      state.at = end
    }
  }
  if (flags & CONTENT_CHECKSUM_BIT) state.at += 4
  return state.at > bytes.length ? 'CORRUPT_MESSAGE' : undefined
}

/** Steps over the header; undefined when it is malformed or needs a dictionary. */
function readHeader(state: FrameState): FrameHeader | undefined {
  const { bytes } = state
  const start = state.at + MAGIC_BYTES
  const flags = bytes[start] ?? 0
  const sizeCode = ((bytes[start + 1] ?? 0) >> 4) & 7
  if ((flags & 0xc0) !== VERSION_BITS || flags & DICTIONARY_BIT || sizeCode < 4) return undefined
  const end = start + 2 + (flags & CONTENT_SIZE_BIT ? 8 : 0)
  if (end >= bytes.length) return undefined
  const checksum = bytes[end]
  // Kafka's producers before 0.10 took the checksum from the magic on (KAFKA-3160); still readable.
  const valid =
    ((xxh32(bytes, start, end) >> 8) & 0xff) === checksum ||
    ((xxh32(bytes, state.at, end) >> 8) & 0xff) === checksum
  state.at = end + 1
  return valid ? { flags, maxBlockBytes: 1 << (8 + 2 * sizeCode) } : undefined
}

function storedBlock(state: FrameState, end: number): CodecFault | undefined {
  const { bytes, scratch, produced } = state
  const size = end - state.at
  if (!scratch.reserve(produced + size, produced)) return 'MESSAGE_TOO_LARGE'
  scratch.bytes.set(bytes.subarray(state.at, end), produced)
  state.produced += size
  return undefined
}

/** The size that a block has when decoded is nowhere written: room comes first, then less of it. */
function packedBlock(
  state: FrameState,
  end: number,
  maxBlockBytes: number,
  history: number,
): CodecFault | undefined {
  const { bytes, scratch, produced } = state
  const bound = Math.min(maxBlockBytes, (end - state.at) * 255)
  const outEnd = scratch.reserveUpTo(produced + bound, produced)
  const block: Lz4Block = {
    from: bytes,
    start: state.at,
    end,
    out: scratch.bytes,
    outAt: produced,
    outEnd,
    history,
  }
  if (!lz4DecodeBlock(block)) {
    return outEnd < produced + bound ? 'MESSAGE_TOO_LARGE' : 'CORRUPT_MESSAGE'
  }
  state.produced = block.outAt
  return undefined
}

function littleEndian(bytes: Uint8Array, at: number): number | undefined {
  if (at + 4 > bytes.length) return undefined
  return (
    (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  )
}
