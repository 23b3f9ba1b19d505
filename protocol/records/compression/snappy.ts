// Snappy (format_description.txt): the raw format that librdkafka and Go write, and the framing of
// snappy-java ("xerial"), which Java reads and writes: a header, then raw blocks with their
// lengths. Not the official framing format, which no Kafka client uses.
//
//   xerial: 82 53 4e 41 50 50 59 00, int32 version, int32 oldest reader; { int32 length, block }
import { int32At, putInt32 } from '../int.ts'
import type { CodecFault } from './codecs.ts'
import type { Scratch } from './scratch.ts'
import {
  type SnappyBlock,
  snappyBlockBound,
  snappyDecodeBlock,
  snappyEncodeBlock,
  snappyHashTable,
  snappyLength,
} from './snappy-block.ts'

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
/** The magic's first four bytes, where a block's length would stand. */
const XERIAL_START = XERIAL_MAGIC.readInt32BE(0)
const XERIAL_HEADER_BYTES = 16
const XERIAL_VERSION = 1
const WRITTEN_BLOCK_BYTES = 32 * 1024

export function snappyDecompress(bytes: Uint8Array, scratch: Scratch): Uint8Array | CodecFault {
  const block: SnappyBlock = { from: bytes, start: 0, end: 0, out: scratch.bytes, outAt: 0 }
  if (!startsXerial(bytes, 0)) {
    const fault = readBlock(block, bytes.length, scratch)
    return fault ?? scratch.bytes.subarray(0, block.outAt)
  }
  const blocks = xerialBlocks(bytes)
  if (blocks === undefined) return 'CORRUPT_MESSAGE'
  // Every block says its length: the sum is refused before anything is decoded.
  if (!scratch.reserve(blocks.total, 0)) return 'MESSAGE_TOO_LARGE'
  for (let i = 0; i < blocks.bounds.length; i += 2) {
    block.start = blocks.bounds[i]!
    const fault = readBlock(block, blocks.bounds[i + 1]!, scratch)
    if (fault !== undefined) return fault
  }
  return scratch.bytes.subarray(0, block.outAt)
}

export function snappyCompress(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / WRITTEN_BLOCK_BYTES)
  const bound = XERIAL_HEADER_BYTES + blocks * (4 + snappyBlockBound(WRITTEN_BLOCK_BYTES))
  const out = Buffer.allocUnsafe(bound)
  out.set(XERIAL_MAGIC)
  putInt32(out, 8, XERIAL_VERSION)
  putInt32(out, 12, XERIAL_VERSION)
  let at = XERIAL_HEADER_BYTES
  const table = snappyHashTable()
  for (let start = 0; start < bytes.length; start += WRITTEN_BLOCK_BYTES) {
    const end = Math.min(start + WRITTEN_BLOCK_BYTES, bytes.length)
    const block: SnappyBlock = { from: bytes, start, end, out, outAt: at + 4 }
    snappyEncodeBlock(block, table)
    putInt32(out, at, block.outAt - at - 4)
    at = block.outAt
  }
  return out.subarray(0, at)
}

interface XerialBlocks {
  /** Start and end of each raw block. */
  readonly bounds: readonly number[]
  /** Bytes of all when decoded, as they say. */
  readonly total: number
}

function xerialBlocks(bytes: Uint8Array): XerialBlocks | undefined {
  const bounds: number[] = []
  let total = 0
  for (let at = 0; at < bytes.length;) {
    const left = bytes.length - at
    const size = left < 4 ? -1 : int32At(bytes, at)
    if (size === XERIAL_START && startsXerial(bytes, at)) {
      // Streams may stand one behind the other, each with its header.
      at += XERIAL_HEADER_BYTES
      continue
    }
    if (size < 0 || size > left - 4) return undefined
    const block = { from: bytes, start: at + 4, end: at + 4 + size, out: bytes, outAt: 0 }
    const length = snappyLength(block)
    if (length === undefined) return undefined
    bounds.push(at + 4, block.end)
    total += length
    at = block.end
  }
  return { bounds, total }
}

function startsXerial(bytes: Uint8Array, at: number): boolean {
  if (bytes.length - at < XERIAL_HEADER_BYTES) return false
  return XERIAL_MAGIC.every((byte, i) => bytes[at + i] === byte)
}

/** Decodes the raw block from `block.start` to `end`, appending to what the scratch holds. */
function readBlock(block: SnappyBlock, end: number, scratch: Scratch): CodecFault | undefined {
  block.end = end
  const size = snappyLength(block)
  if (size === undefined) return 'CORRUPT_MESSAGE'
  const produced = block.outAt
  if (!scratch.reserve(produced + size, produced)) return 'MESSAGE_TOO_LARGE'
  block.out = scratch.bytes
  return snappyDecodeBlock(block, produced + size) ? undefined : 'CORRUPT_MESSAGE'
}
