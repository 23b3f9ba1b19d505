// Big-endian integers at a fixed position, for the structures of records that are read and written
// in place. Owns the rule for int64: a JS number, exact within +-2^53, beyond it +-Infinity;
// written back, +-Infinity is the 64-bit extreme. Checks no bounds: whoever calls has checked the
// length.

const TWO_32 = 0x1_0000_0000
const HIGH_LIMIT = 0x20_0000

export function int16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16)) >> 16
}

export function int32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

export function uint32At(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at) >>> 0
}

/** Exact from -2^53 to 2^53 - 1, outside of it -Infinity or Infinity. */
export function int64At(bytes: Uint8Array, at: number): number {
  const high = int32At(bytes, at)
  if (high >= HIGH_LIMIT) return Infinity
  if (high < -HIGH_LIMIT) return -Infinity
  return high * TWO_32 + uint32At(bytes, at + 4)
}

export function putInt16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8
  bytes[at + 1] = value
}

export function putInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24
  bytes[at + 1] = value >> 16
  bytes[at + 2] = value >> 8
  bytes[at + 3] = value
}

export function putInt64(bytes: Uint8Array, at: number, value: number): void {
  let high = Math.floor(value / TWO_32)
  let low = value - high * TWO_32
  if (value >= HIGH_LIMIT * TWO_32) {
    high = 0x7fff_ffff
    low = 0xffff_ffff
  } else if (value < -HIGH_LIMIT * TWO_32) {
    high = -0x8000_0000
    low = 0
  }
  putInt32(bytes, at, high)
  putInt32(bytes, at + 4, low)
}
