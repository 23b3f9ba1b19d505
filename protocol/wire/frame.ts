// The int32 length in front of every request and response.
import { MalformedFrame } from './reader.ts'
import type { Writer } from './writer.ts'

export const LENGTH_BYTES = 4

/**
 * The length that a frame announces; the bytes of the int32 must be there. Throws MalformedFrame
 * for a negative length and for more than `maxBytes`. Nothing may be allocated for an announcement
 * alone.
 */
export function frameLength(bytes: Uint8Array, at: number, maxBytes: number): number {
  const length =
    (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  if (length < 0 || length > maxBytes) {
    throw new MalformedFrame(`a frame of ${length} bytes was announced, at most ${maxBytes}`)
  }
  return length
}

/** Reserves the length; the mark is for endFrame. */
export function beginFrame(writer: Writer): number {
  const mark = writer.position - writer.start
  // What was written before stands in the reserved bytes until endFrame needs it.
  writer.int32(writer.byteLength(), 'frame')
  return mark
}

/** Fills in the length of everything written since beginFrame, referenced parts included. */
export function endFrame(writer: Writer, mark: number): void {
  const at = writer.start + mark
  const before = writer.buffer.readInt32BE(at)
  writer.buffer.writeInt32BE(writer.byteLength() - before - LENGTH_BYTES, at)
}
