// The one buffer that a set of codecs decodes into, over and over: a fresh buffer per call costs
// more than the decoding. Owns its growth and its cap; keeps nothing large once the caller has
// moved on.

/** What stays allocated between calls. */
const RETAINED_BYTES = 4 * 1024 * 1024
const SMALLEST_BYTES = 64 * 1024

export class Scratch {
  /** Written by decoders up to what `reserve` has promised. */
  bytes: Uint8Array = new Uint8Array(0)
  /** The cap of the current call. */
  maxBytes = 0

  /** Starts a call that may produce at most `maxBytes`. */
  begin(maxBytes: number): void {
    this.maxBytes = maxBytes
    if (this.bytes.length > RETAINED_BYTES) this.bytes = new Uint8Array(0)
  }

  /** Gives up a large buffer at once: for a call that ends without a result. */
  release(): void {
    if (this.bytes.length > RETAINED_BYTES) this.bytes = new Uint8Array(0)
  }

  /** Makes room for `size` bytes in total, keeping the first `used`; false: over the cap. */
  reserve(size: number, used: number): boolean {
    if (size > this.maxBytes) return false
    if (size <= this.bytes.length) return true
    const doubled = Math.max(size, this.bytes.length * 2, SMALLEST_BYTES)
    const larger = Buffer.allocUnsafeSlow(Math.max(size, Math.min(doubled, this.maxBytes)))
    larger.set(this.bytes.subarray(0, used))
    this.bytes = larger
    return true
  }

  /** As `reserve`, but with less where the cap is nearer; returns the end of the room. */
  reserveUpTo(size: number, used: number): number {
    const end = Math.min(size, this.maxBytes)
    this.reserve(end, used)
    return end
  }
}
