// Long matches, for all three of our decoders: what was produced `distance` bytes ago, again.
// Matches may overlap what they produce; a run of one byte is a match of distance 1.

/** Shorter copies are loops: a native call costs more. */
export const NATIVE_FROM_BYTES = 40
const DOUBLE_FROM_BYTES = 1024

/** Whether `copyMatch` beats a loop for such a match. */
export function isLongMatch(distance: number, length: number): boolean {
  return length >= NATIVE_FROM_BYTES && (distance >= length || length >= DOUBLE_FROM_BYTES)
}

/** Repeats the `distance` bytes before `at` over out[at, at + length). */
export function copyMatch(out: Uint8Array, at: number, distance: number, length: number): void {
  let done = Math.min(distance, length)
  out.copyWithin(at, at - distance, at - distance + done)
  while (done < length) {
    const more = Math.min(done, length - done)
    out.copyWithin(at + done, at, at + more)
    done += more
  }
}
