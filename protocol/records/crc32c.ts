// CRC-32C (Castagnoli, RFC 3720 appendix B.4), the checksum of record batches. Two forms behind one
// function: slicing by 16 in plain JS, and the optional native @node-rs/crc32 where its call costs
// less than the loop. docs/decisions/0001-compression-and-checksum.md has the measurement.
import { optionalModule } from './native.ts'

interface NativeCrc {
  crc32c(bytes: Uint8Array): number
}

/** Shorter ranges are faster in JS than through the native call. */
const NATIVE_FROM_BYTES = 320
const POLYNOMIAL = 0x82f6_3b78
const SLICES = 16

let native: NativeCrc | undefined
let nativeTried = false
let table: Int32Array | undefined

/** The checksum of bytes[start, end) as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  if (end - start >= NATIVE_FROM_BYTES) {
    if (!nativeTried) {
      nativeTried = true
      native = optionalModule('@node-rs/crc32') as NativeCrc | undefined
    }
    if (native !== undefined) return native.crc32c(bytes.subarray(start, end))
  }
  return portableCrc32c(bytes, start, end)
}

/** The same in plain JS. */
export function portableCrc32c(b: Uint8Array, start: number, end: number): number {
  const t = (table ??= slicingTable())
  let crc = -1
  let i = start
  for (const last = end - SLICES; i <= last; i += SLICES) {
    crc =
      t[3840 | (b[i]! ^ (crc & 255))]! ^
      t[3584 | (b[i + 1]! ^ ((crc >>> 8) & 255))]! ^
      t[3328 | (b[i + 2]! ^ ((crc >>> 16) & 255))]! ^
      t[3072 | (b[i + 3]! ^ (crc >>> 24))]! ^
      t[2816 | b[i + 4]!]! ^
      t[2560 | b[i + 5]!]! ^
      t[2304 | b[i + 6]!]! ^
      t[2048 | b[i + 7]!]! ^
      t[1792 | b[i + 8]!]! ^
      t[1536 | b[i + 9]!]! ^
      t[1280 | b[i + 10]!]! ^
      t[1024 | b[i + 11]!]! ^
      t[768 | b[i + 12]!]! ^
      t[512 | b[i + 13]!]! ^
      t[256 | b[i + 14]!]! ^
      t[b[i + 15]!]!
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ t[(crc ^ b[i]!) & 255]!
  return ~crc >>> 0
}

/** Row k holds the checksum of a byte followed by k zero bytes. */
function slicingTable(): Int32Array {
  const rows = new Int32Array(256 * SLICES)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    rows[byte] = crc
  }
  for (let at = 256; at < rows.length; at++) {
    const before = rows[at - 256]!
    rows[at] = (before >>> 8) ^ rows[before & 255]!
  }
  return rows
}
