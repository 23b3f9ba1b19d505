// The zstd frame format (RFC 8878, section 3.1.1): several frames, skippable frames, every block
// kind, no dictionaries. The frame's own checksum is not compared: the batch's covers its bytes.
// Where the process has zstd in its zlib (Node 22.15 on), that does the work, behind the same
// checks.
import type { CodecFault } from './codecs.ts'
import type { Scratch } from './scratch.ts'
import { ZSTD_BLOCK_BYTES, type ZstdBlock, ZstdBlockDecoder } from './zstd-block.ts'
import { zstdEncode } from './zstd-encode.ts'
import { nativeZstdCompress, nativeZstdDecompress } from './zstd-native.ts'

const FRAME_MAGIC = 0xfd2f_b528
const SKIPPABLE_MAGIC = 0x184d_2a50
const CHECKSUM_BIT = 0x04
const RESERVED_BIT = 0x08
const SINGLE_SEGMENT_BIT = 0x20
const RAW = 0
const RLE = 1
const COMPRESSED = 2
/** What the reference decoder accepts unless told otherwise; so do the clients that must
 * read it. */
const LARGEST_WINDOW_BYTES = 2 ** 27
/** Behind the input, for reads of whole words. */
const PADDING_BYTES = 8
const SMALLEST_INPUT_BYTES = 64 * 1024
const RETAINED_INPUT_BYTES = 1024 * 1024
/** Below it, setting up the native decoder costs more than decoding. */
const NATIVE_FROM_BYTES = 2 * 1024

/** `level` counts only where the process's own zlib does the work. */
export function zstdCompress(bytes: Uint8Array, level?: number): Uint8Array {
  return nativeZstdCompress(bytes, level) ?? zstdEncode(bytes)
}

interface Frame {
  /** Where the blocks start. */
  readonly start: number
  readonly hasChecksum: boolean
  /** Bytes, where the frame says so. */
  readonly contentBytes: number | undefined
  readonly maxBlockBytes: number
}

export class ZstdDecoder {
  #input = Buffer.allocUnsafeSlow(0)
  #words = new DataView(this.#input.buffer)
  /** Made at first use: it holds 128 KB. */
  #blocks: ZstdBlockDecoder | undefined

  decompress(bytes: Uint8Array, scratch: Scratch): Uint8Array | CodecFault {
    if (bytes.length >= NATIVE_FROM_BYTES && isOneFrame(bytes, scratch.maxBytes)) {
      const result = nativeZstdDecompress(bytes, scratch.maxBytes)
      if (result !== undefined) return result
    }
    return this.portable(bytes, scratch)
  }

  /** The same without the process's zlib. */
  portable(bytes: Uint8Array, scratch: Scratch): Uint8Array | CodecFault {
    const padded = this.#padded(bytes)
    let produced = 0
    let at = 0
    do {
      const magic = littleEndian(bytes, at, 4)
      if (magic !== undefined && (magic & 0xffff_fff0) === SKIPPABLE_MAGIC) {
        at += 8 + (littleEndian(bytes, at + 4, 4) ?? bytes.length)
        if (at > bytes.length) return 'CORRUPT_MESSAGE'
        continue
      }
      const frame = magic === FRAME_MAGIC ? readFrame(bytes, at) : undefined
      if (frame === undefined) return 'CORRUPT_MESSAGE'
      const { contentBytes } = frame
      if (contentBytes !== undefined && !scratch.reserve(produced + contentBytes, produced)) {
        return 'MESSAGE_TOO_LARGE'
      }
      const block: ZstdBlock = {
        bytes: padded,
        words: this.#words,
        start: frame.start,
        end: frame.start,
        out: scratch.bytes,
        outAt: produced,
        outEnd: produced,
        history: produced,
      }
      const fault = this.#readBlocks(block, frame, scratch, bytes.length)
      if (fault !== undefined) return fault
      if (contentBytes !== undefined && block.outAt - produced !== contentBytes) {
        return 'CORRUPT_MESSAGE'
      }
      produced = block.outAt
      at = block.end + (frame.hasChecksum ? 4 : 0)
      if (at > bytes.length) return 'CORRUPT_MESSAGE'
    } while (at < bytes.length)
    return scratch.bytes.subarray(0, produced)
  }

  /** A copy with bytes behind it: bits are read a word at a time. */
  #padded(compressed: Uint8Array): Uint8Array {
    const needed = compressed.length + PADDING_BYTES
    if (this.#input.length < needed || this.#input.length > RETAINED_INPUT_BYTES) {
      this.#input = Buffer.allocUnsafeSlow(Math.max(needed, SMALLEST_INPUT_BYTES))
      this.#words = new DataView(this.#input.buffer)
    }
    this.#input.set(compressed)
    return this.#input
  }

  #readBlocks(
    block: ZstdBlock,
    frame: Frame,
    scratch: Scratch,
    inputEnd: number,
  ): CodecFault | undefined {
    const { bytes } = block
    const blocks = (this.#blocks ??= new ZstdBlockDecoder())
    blocks.reset()
    for (;;) {
      if (block.end + 3 > inputEnd) return 'CORRUPT_MESSAGE'
      const header = littleEndian(bytes, block.end, 3)!
      const kind = (header >> 1) & 3
      const size = header >> 3
      block.start = block.end + 3
      block.end = block.start + (kind === RLE ? 1 : size)
      if (block.end > inputEnd || size > frame.maxBlockBytes) return 'CORRUPT_MESSAGE'
      const room = block.outAt + (kind === COMPRESSED ? frame.maxBlockBytes : size)
      block.outEnd = scratch.reserveUpTo(room, block.outAt)
      block.out = scratch.bytes
      const fits = block.outEnd === room
      if (kind === COMPRESSED) {
        if (!blocks.decode(block)) return fits ? 'CORRUPT_MESSAGE' : 'MESSAGE_TOO_LARGE'
      } else {
        if (kind > COMPRESSED) return 'CORRUPT_MESSAGE'
        if (!fits) return 'MESSAGE_TOO_LARGE'
        if (kind === RAW) block.out.set(bytes.subarray(block.start, block.end), block.outAt)
        else block.out.fill(bytes[block.start]!, block.outAt, room)
        block.outAt = room
      }
      if (header & 1) return undefined
    }
  }
}

/** Whether one frame fills `bytes`, and does not itself say that it is over the cap. */
function isOneFrame(bytes: Uint8Array, maxBytes: number): boolean {
  const frame = littleEndian(bytes, 0, 4) === FRAME_MAGIC ? readFrame(bytes, 0) : undefined
  if (frame === undefined || (frame.contentBytes ?? 0) > maxBytes) return false
  let at = frame.start
  for (;;) {
    const header = littleEndian(bytes, at, 3)
    if (header === undefined) return false
    at += 3 + (((header >> 1) & 3) === RLE ? 1 : header >> 3)
    if (header & 1) return at + (frame.hasChecksum ? 4 : 0) === bytes.length
  }
}

/** The header of the frame at `at`; undefined when it is malformed or names a dictionary. */
function readFrame(bytes: Uint8Array, at: number): Frame | undefined {
  const flags = bytes[at + 4]
  if (flags === undefined || flags & RESERVED_BIT) return undefined
  const single = (flags & SINGLE_SEGMENT_BIT) !== 0
  let next = at + 5
  let windowBytes = Infinity
  if (!single) {
    const descriptor = bytes[next++]
    if (descriptor === undefined) return undefined
    const base = 2 ** (10 + (descriptor >> 3))
    windowBytes = base + (base / 8) * (descriptor & 7)
    if (windowBytes > LARGEST_WINDOW_BYTES) return undefined
  }
  const dictionaryBytes = [0, 1, 2, 4][flags & 3]!
  if (littleEndian(bytes, next, dictionaryBytes) !== 0) return undefined
  next += dictionaryBytes
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6]!
  const size = littleEndian(bytes, next, sizeBytes)
  if (size === undefined) return undefined
  const contentBytes = sizeBytes === 0 ? undefined : sizeBytes === 2 ? size + 256 : size
  if (single) windowBytes = contentBytes!
  return {
    start: next + sizeBytes,
    hasChecksum: (flags & CHECKSUM_BIT) !== 0,
    contentBytes,
    maxBlockBytes: Math.min(ZSTD_BLOCK_BYTES, windowBytes),
  }
}

/** `count` bytes as a number; undefined behind the end. */
function littleEndian(bytes: Uint8Array, at: number, count: number): number | undefined {
  if (at + count > bytes.length) return undefined
  let value = 0
  for (let i = count - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!
  return value
}
