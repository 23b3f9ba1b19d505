// The leader epochs of a log: at which offset each began (KIP-101). Owns the entries and the text
// of `leader-epoch-checkpoint`; the log writes the file before the first batch of an epoch, so that
// after a crash no batch stands there whose epoch nobody knows.
//
//   "0" | number of entries | one line "epoch startOffset" each, both rising
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts'

export interface EpochEntry {
  readonly epoch: number
  readonly startOffset: number
}

export const LEADER_EPOCH_CHECKPOINT = 'leader-epoch-checkpoint'

export class LeaderEpochs {
  /** The entries differ from the file. */
  dirty = false
  #entries: EpochEntry[] = []

  /** undefined when the text is not a leader epoch checkpoint. */
  static parse(text: string): LeaderEpochs | undefined {
    const lines = parseCheckpoint(text)
    if (lines === undefined) return undefined
    const epochs = new LeaderEpochs()
    for (const line of lines) {
      const [epoch, startOffset] = line.map(Number)
      const last = epochs.latest()
      if (line.length !== 2 || !isCount(epoch) || !isCount(startOffset)) return undefined
      if (last !== undefined && (epoch <= last.epoch || startOffset < last.startOffset)) {
        return undefined
      }
      epochs.#entries.push({ epoch, startOffset })
    }
    return epochs
  }

  format(): string {
    return formatCheckpoint(this.#entries.map((entry) => `${entry.epoch} ${entry.startOffset}`))
  }

  entries(): readonly EpochEntry[] {
    return this.#entries
  }

  latest(): EpochEntry | undefined {
    return this.#entries[this.#entries.length - 1]
  }

  earliest(): EpochEntry | undefined {
    return this.#entries[0]
  }

  /** Notes that `epoch` begins at `startOffset`; contradicting entries at the end go. */
  assign(epoch: number, startOffset: number): void {
    const latest = this.latest()
    if (latest !== undefined && latest.epoch === epoch && startOffset >= latest.startOffset) return
    let last = latest
    while (last !== undefined && (last.epoch >= epoch || last.startOffset >= startOffset)) {
      this.#entries.pop()
      last = this.latest()
    }
    this.#entries.push({ epoch, startOffset })
    this.dirty = true
  }

  /** Where `epoch`, or the last known one before it, ended; undefined when that cannot be said. */
  endOffsetFor(
    epoch: number,
    logEndOffset: number,
  ): { epoch: number; endOffset: number } | undefined {
    const latest = this.latest()
    if (epoch === -1 || latest === undefined) return undefined
    if (latest.epoch === epoch) return { epoch, endOffset: logEndOffset }
    const next = this.#entries.findIndex((entry) => entry.epoch > epoch)
    if (next < 0) return undefined
    const endOffset = this.#entries[next]!.startOffset
    return { epoch: this.#entries[next - 1]?.epoch ?? epoch, endOffset }
  }

  /** The epoch of the record at `offset`, undefined before the first entry. */
  epochFor(offset: number): number | undefined {
    for (let i = this.#entries.length - 1; i >= 0; i--) {
      const entry = this.#entries[i]!
      if (entry.startOffset <= offset) return entry.epoch
    }
    return undefined
  }

  /** The log now ends at `endOffset`. */
  truncateFromEnd(endOffset: number): void {
    let last = this.latest()
    while (last !== undefined && last.startOffset >= endOffset) {
      this.#entries.pop()
      this.dirty = true
      last = this.latest()
    }
  }

  /** The log now starts at `startOffset`: the epoch that covers it begins there. */
  truncateFromStart(startOffset: number): void {
    let covering = -1
    while ((this.#entries[covering + 1]?.startOffset ?? Infinity) <= startOffset) covering++
    const entry = this.#entries[covering]
    if (entry === undefined || (covering === 0 && entry.startOffset === startOffset)) return
    this.#entries.splice(0, covering + 1, { epoch: entry.epoch, startOffset })
    this.dirty = true
  }

  clear(): void {
    if (this.#entries.length > 0) this.dirty = true
    this.#entries = []
  }
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0
}
