// XXH32 with seed 0: the checksum of lz4 frame headers and blocks. Spec: xxhash_spec.md, XXH32.

const PRIME_1 = 0x9e37_79b1
const PRIME_2 = 0x85eb_ca77
const PRIME_3 = 0xc2b2_ae3d
const PRIME_4 = 0x27d4_eb2f
const PRIME_5 = 0x1656_67b1

/** The checksum of bytes[start, end) as an unsigned 32-bit number. */
export function xxh32(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  let hash: number
  if (end - start >= 16) {
    let a = (PRIME_1 + PRIME_2) | 0
    let b = PRIME_2 | 0
    let c = 0
    let d = -PRIME_1 | 0
    for (; at <= end - 16; at += 16) {
      a = round(a, bytes, at)
      b = round(b, bytes, at + 4)
      c = round(c, bytes, at + 8)
      d = round(d, bytes, at + 12)
    }
    hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)
  } else {
    hash = PRIME_5
  }
  hash = (hash + (end - start)) | 0
  for (; at <= end - 4; at += 4) {
    hash = Math.imul(rotate(hash + Math.imul(littleEndian(bytes, at), PRIME_3), 17), PRIME_4)
  }
  for (; at < end; at++) {
    hash = Math.imul(rotate(hash + Math.imul(bytes[at]!, PRIME_5), 11), PRIME_1)
  }
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2)
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3)
  return (hash ^ (hash >>> 16)) >>> 0
}

function round(lane: number, bytes: Uint8Array, at: number): number {
  return Math.imul(rotate(lane + Math.imul(littleEndian(bytes, at), PRIME_2), 13), PRIME_1)
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}

function littleEndian(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}
