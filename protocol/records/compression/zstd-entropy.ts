// The two entropy coders of zstd (RFC 8878, section 4): FSE and Huffman decoding tables, read from
// their descriptions into arrays that are reused from block to block. Every reader returns the
// position behind what it read, or -1 when that is malformed.

const FSE_LARGEST_LOG = 9
const FSE_SMALLEST_LOG = 5
const HUFFMAN_LARGEST_LOG = 11
const WEIGHTS_LARGEST_LOG = 6
const LARGEST_WEIGHT = 12
const SYMBOLS = 256

/** Counts of the table being read; one reader runs at a time and leaves nothing behind. */
export interface Counts {
  readonly normalized: Int16Array
  readonly next: Uint16Array
}

export function newCounts(): Counts {
  return { normalized: new Int16Array(SYMBOLS), next: new Uint16Array(SYMBOLS) }
}

/** A decoding table: in state s stands symbols[s]; the next state is base[s] + bits[s] bits. */
export class FseTable {
  readonly symbols = new Uint8Array(1 << FSE_LARGEST_LOG)
  readonly bits = new Uint8Array(1 << FSE_LARGEST_LOG)
  readonly base = new Uint16Array(1 << FSE_LARGEST_LOG)
  /** Bits of the first state; -1 while there is no table. */
  log = -1

  /** One symbol, forever. */
  setSingle(symbol: number): void {
    this.log = 0
    this.symbols[0] = symbol
    this.bits[0] = 0
    this.base[0] = 0
  }

  /** Spreads `counts.normalized[0, used)`, whose sum is 1 << log; false when it is not. */
  build(counts: Counts, used: number, log: number): boolean {
    const { normalized, next } = counts
    const { symbols } = this
    const size = 1 << log
    const step = (size >> 1) + (size >> 3) + 3
    let high = size - 1
    for (let symbol = 0; symbol < used; symbol++) {
      const count = normalized[symbol]!
      if (count === -1) symbols[high--] = symbol
      next[symbol] = Math.abs(count)
    }
    let at = 0
    for (let symbol = 0; symbol < used; symbol++) {
      for (let i = normalized[symbol]!; i > 0; i--) {
        symbols[at] = symbol
        do at = (at + step) & (size - 1)
        while (at > high)
      }
    }
    for (let state = 0; state < size; state++) {
      const sequel = next[symbols[state]!]!++
      const bits = log - (31 - Math.clz32(sequel))
      this.bits[state] = bits
      this.base[state] = (sequel << bits) - size
    }
    this.log = log
    return at === 0
  }

  /** Reads a description from bytes[start, end) (RFC 8878, section 4.1.1). */
  read(source: FseSource, largestLog: number, largestSymbol: number): number {
    const { bytes, start, end, counts } = source
    let at = start * 8
    function peek(count: number): number {
      const i = at >> 3
      const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16)
      return (word >> (at & 7)) & ((1 << count) - 1)
    }
    const log = peek(4) + FSE_SMALLEST_LOG
    at += 4
    if (log > largestLog) return -1
    let remaining = (1 << log) + 1
    let threshold = 1 << log
    let width = log + 1
    let symbol = 0
    while (remaining > 1 && symbol <= largestSymbol && at >> 3 < end) {
      const most = 2 * threshold - 1 - remaining
      let count = peek(width)
      if ((count & (threshold - 1)) < most) {
        count &= threshold - 1
        at += width - 1
      } else {
        if (count >= threshold) count -= most
        at += width
      }
      count--
      remaining -= Math.abs(count)
      counts.normalized[symbol++] = count
      if (count === 0) {
        for (let repeat = 3; repeat === 3 && symbol <= largestSymbol;) {
          repeat = peek(2)
          at += 2
          for (let i = 0; i < repeat; i++) counts.normalized[symbol++ & 0xff] = 0
        }
      }
      for (; remaining < threshold; threshold >>= 1) width--
    }
    const behind = (at + 7) >> 3
    if (remaining !== 1 || symbol > largestSymbol + 1 || behind > end) return -1
    return this.build(counts, symbol, log) ? behind : -1
  }
}

/** Where a description stands. */
export interface FseSource {
  readonly bytes: Uint8Array
  start: number
  end: number
  readonly counts: Counts
}

/** A Huffman table: the next `log` bits name the symbol and how many of them it takes. */
export class HuffmanTable {
  readonly symbols = new Uint8Array(1 << HUFFMAN_LARGEST_LOG)
  readonly bits = new Uint8Array(1 << HUFFMAN_LARGEST_LOG)
  /** -1 while there is no table. */
  log = -1
  readonly #weights = new Uint8Array(SYMBOLS)
  readonly #weightTable = new FseTable()

  /** Reads a tree description (RFC 8878, section 4.2.1). */
  read(source: FseSource): number {
    const { bytes, start, end } = source
    const header = bytes[start]!
    if (header >= 128) {
      const count = header - 127
      const behind = start + 1 + ((count + 1) >> 1)
      if (behind > end) return -1
      for (let i = 0; i < count; i++) {
        const pair = bytes[start + 1 + (i >> 1)]!
        this.#weights[i] = i & 1 ? pair & 15 : pair >> 4
      }
      return this.#build(count) ? behind : -1
    }
    const behind = start + 1 + header
    if (behind > end || header === 0) return -1
    const packed = { ...source, start: start + 1, end: behind }
    packed.start = this.#weightTable.read(packed, WEIGHTS_LARGEST_LOG, LARGEST_WEIGHT)
    const count = packed.start < 0 ? 0 : this.#readWeights(packed)
    return count > 0 && this.#build(count) ? behind : -1
  }

  /** Weights by two alternating states, until the bits are used up; returns their number or 0. */
  #readWeights(source: FseSource): number {
    const { bytes, start, end } = source
    const table = this.#weightTable
    const last = start < end ? bytes[end - 1]! : 0
    if (last === 0) return 0
    let left = (end - 1 - start) * 8 + 31 - Math.clz32(last)
    function take(count: number): number {
      left -= count
      const from = Math.max(0, left)
      const i = start + (from >> 3)
      const word = (bytes[i]! | (bytes[i + 1]! << 8)) >> (from & 7)
      // Bits before the first are zero.
      return (left < 0 ? word << -left : word) & ((1 << count) - 1)
    }
    let one = take(table.log)
    let other = take(table.log)
    if (left < 0) return 0
    for (let count = 0; count < SYMBOLS - 2;) {
      this.#weights[count++] = table.symbols[one]!
      const next = table.base[one]! + take(table.bits[one]!)
      if (left < 0) {
        this.#weights[count++] = table.symbols[other]!
        return count
      }
      one = other
      other = next
    }
    return 0
  }

  /** The last symbol's weight is what is missing to a power of two. */
  #build(given: number): boolean {
    const weights = this.#weights
    const starts = new Uint16Array(LARGEST_WEIGHT + 2)
    let total = 0
    for (let i = 0; i < given; i++) {
      if (weights[i]! > LARGEST_WEIGHT) return false
      total += (1 << weights[i]!) >> 1
    }
    const log = 32 - Math.clz32(total)
    const missing = (1 << log) - total
    if (total === 0 || log > HUFFMAN_LARGEST_LOG || (missing & (missing - 1)) !== 0) return false
    weights[given] = 32 - Math.clz32(missing)
    for (let i = 0; i <= given; i++) {
      const weight = weights[i]!
      if (weight > 0) starts[weight + 1]! += 1 << (weight - 1)
    }
    for (let weight = 1; weight < starts.length; weight++) starts[weight]! += starts[weight - 1]!
    for (let symbol = 0; symbol <= given; symbol++) {
      const weight = weights[symbol]!
      if (weight === 0) continue
      const from = starts[weight]!
      const to = from + (1 << (weight - 1))
      starts[weight] = to
      this.symbols.fill(symbol, from, to)
      this.bits.fill(log + 1 - weight, from, to)
    }
    this.log = log
    return true
  }

  /** Decodes one stream of bytes[start, end) to fill out[from, to); false when malformed. */
  decode(stream: HuffmanStream): boolean {
    const { bytes, start, end, out, to } = stream
    const { symbols, bits, log } = this
    const last = start < end ? bytes[end - 1]! : 0
    if (last === 0) return false
    let left = (end - 1 - start) * 8 + 31 - Math.clz32(last)
    const mask = (1 << log) - 1
    let o = stream.from
    while (o < to && left >= log) {
      const from = left - log
      const i = start + (from >> 3)
      const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16)
      const code = (word >> (from & 7)) & mask
      out[o++] = symbols[code]!
      left -= bits[code]!
    }
    // Fewer bits than a code may have: those before the first are zero.
    while (o < to && left > 0) {
      const word = (bytes[start]! | (bytes[start + 1]! << 8)) & ((1 << left) - 1)
      const code = (word << (log - left)) & mask
      out[o++] = symbols[code]!
      left -= bits[code]!
    }
    return o === to && left === 0
  }
}

export interface HuffmanStream {
  readonly bytes: Uint8Array
  start: number
  end: number
  readonly out: Uint8Array
  from: number
  to: number
}
