// Constant tables of zstd's sequences (RFC 8878, sections 3.1.1.3.2.1.1 and 3.1.1.3.2.2): codes of
// lengths with their baselines and extra bits, and the default distributions.

// prettier-ignore
export const LITERAL_LENGTH_BITS = Uint8Array.of(
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12,
  13, 14, 15, 16,
)
export const LITERAL_LENGTH_BASE = baselines(LITERAL_LENGTH_BITS, 0)

// prettier-ignore
export const MATCH_LENGTH_BITS = Uint8Array.of(
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
)
export const MATCH_LENGTH_BASE = baselines(MATCH_LENGTH_BITS, 3)

// prettier-ignore
export const LITERAL_LENGTH_DEFAULT: readonly number[] = [
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1,
  -1, -1, -1, -1,
]
// prettier-ignore
export const MATCH_LENGTH_DEFAULT: readonly number[] = [
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]
// prettier-ignore
export const OFFSET_DEFAULT: readonly number[] = [
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
]

/** Each code stands for 2^bits values, one code behind the other. */
function baselines(bits: Uint8Array, first: number): Int32Array {
  const base = new Int32Array(bits.length)
  let next = first
  for (let code = 0; code < bits.length; code++) {
    base[code] = next
    next += 2 ** bits[code]!
  }
  return base
}
