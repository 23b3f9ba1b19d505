// Zigzag varints, as the records of a batch use them: int32 in at most 5 bytes, int64 in at most
// 10. Only writing stands here; reading is part of the record walk (record.ts), which counts its
// bytes.
import { assert } from '../../base/assert.ts'

/** Bytes of `value`, an int32. */
export function sizeOfVarint(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  if (zigzag < 0x80) return 1
  if (zigzag < 0x4000) return 2
  if (zigzag < 0x20_0000) return 3
  return zigzag < 0x1000_0000 ? 4 : 5
}

/** Writes an int32 and returns the position behind it. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0
  let to = at
  while (rest >= 0x80) {
    bytes[to++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  bytes[to++] = rest
  return to
}

/** Bytes of `value`, a safe integer. */
export function sizeOfVarlong(value: number): number {
  let size = 1
  for (let rest = halfZigzag(value); rest >= 0x40; size++) rest = Math.floor(rest / 0x80)
  return size
}

/** Writes a safe integer as int64 and returns the position behind it. */
export function putVarlong(bytes: Uint8Array, at: number, value: number): number {
  const half = halfZigzag(value)
  let to = at
  // The first byte carries the sign in its lowest bit, so six bits of the magnitude.
  let low = (half % 0x40) * 2 + (value < 0 ? 1 : 0)
  let rest = Math.floor(half / 0x40)
  while (rest > 0) {
    bytes[to++] = low | 0x80
    low = rest % 0x80
    rest = Math.floor(rest / 0x80)
  }
  bytes[to++] = low
  return to
}

/** The zigzag number without its lowest bit, the sign: it stays exact where twice of it
 * would not. */
function halfZigzag(value: number): number {
  assert(Number.isSafeInteger(value), 'a varlong is a safe integer')
  return value < 0 ? -value - 1 : value
}
