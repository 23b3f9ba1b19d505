// What a log knows of its producers (KIP-98): epoch, last five batches, open transactions.
// `validate` judges a batch that a client or coordinator wants to append, `apply` takes in what was
// appended or is replayed. Owns no file (producer-snapshot.ts has the format) and knows no request.
import type { BatchView } from '../protocol/records/batch.ts'
import { endTxnMarker, type EndTxnMarker } from './end-txn-marker.ts'

export const BATCHES_TO_RETAIN = 5
const NO_EPOCH = -1
const LARGEST_EPOCH = 0x7fff
const LARGEST_SEQUENCE = 0x7fff_ffff

export interface ProducerBatch {
  readonly lastSequence: number
  readonly lastOffset: number
  readonly offsetDelta: number
  readonly timestamp: number
}

export interface ProducerEntry {
  readonly producerId: number
  epoch: number
  coordinatorEpoch: number
  /** Milliseconds; of the last batch or marker. */
  lastTimestamp: number
  /** undefined without an open transaction. */
  currentTxnFirstOffset: number | undefined
  /** Oldest first, at most BATCHES_TO_RETAIN, all of `epoch`. */
  readonly batches: ProducerBatch[]
}

export interface CompletedTxn {
  readonly producerId: number
  readonly firstOffset: number
  /** The marker's. */
  readonly lastOffset: number
  readonly isAborted: boolean
}

export type ProducerError =
  | 'INVALID_PRODUCER_EPOCH'
  | 'OUT_OF_ORDER_SEQUENCE_NUMBER'
  | 'INVALID_TXN_STATE'
  | 'TRANSACTION_COORDINATOR_FENCED'

export type ProducerVerdict =
  | { readonly kind: 'accepted' }
  /** One of the last five batches again: to be answered with what it got then. */
  | { readonly kind: 'duplicate'; readonly batch: ProducerBatch }
  | { readonly kind: 'error'; readonly error: ProducerError }

/** Who appends; a replica takes in what its leader has judged and validates nothing. */
export type AppendOrigin = 'client' | 'coordinator'

/** What the transaction coordinator said of a producer before its first batch (KIP-890). */
export interface Verification {
  readonly supportsEpochBump: boolean
  readonly lowestSequence: number
}

interface OpenTxn {
  readonly producerId: number
  readonly firstOffset: number
}

const ACCEPTED: ProducerVerdict = { kind: 'accepted' }
const STALE_EPOCH: ProducerVerdict = { kind: 'error', error: 'INVALID_PRODUCER_EPOCH' }
const OUT_OF_ORDER: ProducerVerdict = { kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }
const BAD_TXN_STATE: ProducerVerdict = { kind: 'error', error: 'INVALID_TXN_STATE' }
const FENCED: ProducerVerdict = { kind: 'error', error: 'TRANSACTION_COORDINATOR_FENCED' }

export class Producers {
  readonly #entries = new Map<number, ProducerEntry>()
  /** By first offset, which is the order of insertion. */
  readonly #ongoing = new Map<number, OpenTxn>()
  /** Decided, but the marker is not below the high watermark yet. By first offset. */
  readonly #unreplicated = new Map<number, CompletedTxn>()

  get size(): number {
    return this.#entries.size
  }

  get(producerId: number): ProducerEntry | undefined {
    return this.#entries.get(producerId)
  }

  entries(): IterableIterator<ProducerEntry> {
    return this.#entries.values()
  }

  /** Judges a data batch before its offsets are assigned, in the order in which Kafka does. */
  validate(batch: BatchView, origin: AppendOrigin, verification?: Verification): ProducerVerdict {
    if (!batch.hasProducerId) return ACCEPTED
    const entry = this.#entries.get(batch.producerId)
    if (entry !== undefined && origin === 'client') {
      const duplicate = findDuplicate(entry, batch)
      if (duplicate !== undefined) return { kind: 'duplicate', batch: duplicate }
    }
    if (entry !== undefined && batch.producerEpoch < entry.epoch) return STALE_EPOCH
    if (origin === 'client' && !isNextSequence(entry, batch, verification)) return OUT_OF_ORDER
    if (entry?.currentTxnFirstOffset !== undefined && !batch.isTransactional) return BAD_TXN_STATE
    return ACCEPTED
  }

  /** Judges a transaction marker; `transactionVersion` 2 raises the epoch with each (KIP-890). */
  validateMarker(
    producerId: number,
    producerEpoch: number,
    marker: { readonly coordinatorEpoch: number; readonly transactionVersion: number },
  ): ProducerVerdict {
    const entry = this.#entries.get(producerId)
    if (entry === undefined) return ACCEPTED
    if (producerEpoch < entry.epoch) return STALE_EPOCH
    if (marker.transactionVersion >= 2 && producerEpoch === entry.epoch) {
      const isRetry = entry.currentTxnFirstOffset === undefined || producerEpoch === LARGEST_EPOCH
      if (!isRetry) return STALE_EPOCH
    }
    return entry.coordinatorEpoch > marker.coordinatorEpoch ? FENCED : ACCEPTED
  }

  /** Takes in a batch that has its offsets; returns the transaction that its marker ends. */
  apply(batch: BatchView): CompletedTxn | undefined {
    if (!batch.hasProducerId) return undefined
    if (batch.isControl) {
      const marker = endTxnMarker(batch)
      return marker === undefined ? undefined : this.#applyMarker(batch, marker)
    }
    const entry = this.#entryFor(batch)
    if (entry.batches.length === BATCHES_TO_RETAIN) entry.batches.shift()
    entry.batches.push({
      lastSequence: batch.lastSequence,
      lastOffset: batch.lastOffset,
      offsetDelta: batch.lastOffsetDelta,
      timestamp: batch.maxTimestamp,
    })
    entry.lastTimestamp = batch.maxTimestamp
    if (batch.isTransactional && entry.currentTxnFirstOffset === undefined) {
      const firstOffset = batch.baseOffset
      entry.currentTxnFirstOffset = firstOffset
      this.#ongoing.set(firstOffset, { producerId: entry.producerId, firstOffset })
    }
    return undefined
  }

  /** The last stable offset right behind `completed`'s marker, other transactions considered. */
  lastStableOffset(completed: CompletedTxn): number {
    for (const txn of this.#ongoing.values()) {
      if (txn.producerId !== completed.producerId) return txn.firstOffset
    }
    return completed.lastOffset + 1
  }

  /** The first offset of a transaction that readers of committed records must not pass. */
  firstUnstableOffset(): number | undefined {
    let first: number | undefined
    for (const firstOffset of this.#ongoing.keys()) {
      first = firstOffset
      break
    }
    for (const firstOffset of this.#unreplicated.keys()) {
      if (first === undefined || firstOffset < first) first = firstOffset
    }
    return first
  }

  onHighWatermark(highWatermark: number): void {
    if (this.#unreplicated.size === 0) return
    for (const [firstOffset, txn] of this.#unreplicated) {
      if (txn.lastOffset < highWatermark) this.#unreplicated.delete(firstOffset)
    }
  }

  /** Forgets producers without an open transaction that were silent for `expirationMs`. */
  expire(now: number, expirationMs: number): void {
    for (const [producerId, entry] of this.#entries) {
      if (isExpired(entry, now, expirationMs)) this.#entries.delete(producerId)
    }
  }

  /** Replaces everything by the entries of a snapshot. */
  load(entries: readonly ProducerEntry[], now: number, expirationMs: number): void {
    this.clear()
    const open: OpenTxn[] = []
    for (const entry of entries) {
      if (isExpired(entry, now, expirationMs)) continue
      this.#entries.set(entry.producerId, entry)
      const firstOffset = entry.currentTxnFirstOffset
      if (firstOffset !== undefined) open.push({ producerId: entry.producerId, firstOffset })
    }
    open.sort((a, b) => a.firstOffset - b.firstOffset)
    for (const txn of open) this.#ongoing.set(txn.firstOffset, txn)
  }

  clear(): void {
    this.#entries.clear()
    this.#ongoing.clear()
    this.#unreplicated.clear()
  }

  #applyMarker(batch: BatchView, marker: EndTxnMarker): CompletedTxn | undefined {
    const entry = this.#entryFor(batch)
    const firstOffset = entry.currentTxnFirstOffset
    entry.coordinatorEpoch = marker.coordinatorEpoch
    entry.lastTimestamp = marker.timestamp
    entry.currentTxnFirstOffset = undefined
    if (firstOffset === undefined) return undefined
    const completed = {
      producerId: entry.producerId,
      firstOffset,
      lastOffset: batch.baseOffset,
      isAborted: marker.isAbort,
    }
    this.#ongoing.delete(firstOffset)
    this.#unreplicated.set(firstOffset, completed)
    return completed
  }

  /** The producer's entry in the batch's epoch; another epoch forgets the batches of the last. */
  #entryFor(batch: BatchView): ProducerEntry {
    const producerId = batch.producerId
    const epoch = batch.producerEpoch
    let entry = this.#entries.get(producerId)
    if (entry === undefined) {
      entry = {
        producerId,
        epoch,
        coordinatorEpoch: -1,
        lastTimestamp: -1,
        currentTxnFirstOffset: undefined,
        batches: [],
      }
      this.#entries.set(producerId, entry)
    } else if (entry.epoch !== epoch) {
      entry.epoch = epoch
      entry.batches.length = 0
    }
    return entry
  }
}

/** The first sequence number of a retained batch; sequence numbers wrap to 0. */
export function firstSequenceOf(batch: ProducerBatch): number {
  const first = batch.lastSequence - batch.offsetDelta
  return first >= 0 ? first : first + LARGEST_SEQUENCE + 1
}

function findDuplicate(entry: ProducerEntry, batch: BatchView): ProducerBatch | undefined {
  if (batch.producerEpoch !== entry.epoch) return undefined
  const first = batch.baseSequence
  const last = batch.lastSequence
  for (const known of entry.batches) {
    if (known.lastSequence === last && firstSequenceOf(known) === first) return known
  }
  return undefined
}

function isNextSequence(
  entry: ProducerEntry | undefined,
  batch: BatchView,
  verification: Verification | undefined,
): boolean {
  const first = batch.baseSequence
  const lastBatch = entry?.batches.at(-1)
  if (verification !== undefined) {
    if (verification.supportsEpochBump && first !== 0 && lastBatch === undefined) return false
    if (first > verification.lowestSequence) return false
  }
  const epoch = entry?.epoch ?? NO_EPOCH
  if (epoch === NO_EPOCH) return true
  if (batch.producerEpoch !== epoch) return first === 0
  const last = lastBatch?.lastSequence ?? -1
  return first === last + 1 || (first === 0 && last === LARGEST_SEQUENCE)
}

function isExpired(entry: ProducerEntry, now: number, expirationMs: number): boolean {
  return entry.currentTxnFirstOffset === undefined && now - entry.lastTimestamp >= expirationMs
}
