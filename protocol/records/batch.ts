// The record batch of magic 2 (KIP-98), as bytes: a view with the header's fields at their fixed
// positions, the few that a broker stamps, and the checks of the header. Never decompresses and
// never looks at a record (record.ts); whoever holds a view answers for the life of its bytes.
//
//   0 baseOffset int64            21 attributes int16         43 producerId int64
//   8 batchLength int32           23 lastOffsetDelta int32    51 producerEpoch int16
//  12 partitionLeaderEpoch int32  27 baseTimestamp int64      53 baseSequence int32
//  16 magic int8                  35 maxTimestamp int64       57 recordCount int32
//  17 crc uint32 of [21, end)                                 61 records
//
// attributes: bits 0-2 codec, 3 LogAppendTime, 4 transactional, 5 control, 6 delete horizon (the
// base timestamp then is the time after which tombstones and markers may go: KIP-534).
import { crc32c } from './crc32c.ts'
import { int16At, int32At, int64At, putInt16, putInt32, putInt64, uint32At } from './int.ts'

/** Offset and length: what stands before the counted bytes of every batch and legacy message. */
export const LOG_OVERHEAD = 12
/** Header of a magic 2 batch; its records start here. */
export const RECORD_BATCH_OVERHEAD = 61
/** The smallest counted size of a legacy message (magic 0, null key and value). */
export const LEGACY_MINIMUM_BYTES = 14
export const MAGIC_V2 = 2

export const NO_PRODUCER_ID = -1
export const NO_PRODUCER_EPOCH = -1
export const NO_SEQUENCE = -1
export const NO_TIMESTAMP = -1
export const NO_PARTITION_LEADER_EPOCH = -1

export const LENGTH_AT = 8
export const LEADER_EPOCH_AT = 12
export const MAGIC_AT = 16
export const CRC_AT = 17
export const ATTRIBUTES_AT = 21
export const LAST_OFFSET_DELTA_AT = 23
export const BASE_TIMESTAMP_AT = 27
export const MAX_TIMESTAMP_AT = 35
export const PRODUCER_ID_AT = 43
export const PRODUCER_EPOCH_AT = 51
export const BASE_SEQUENCE_AT = 53
export const RECORD_COUNT_AT = 57

export const CODEC_MASK = 0x07
export const LOG_APPEND_TIME_BIT = 0x08
export const TRANSACTIONAL_BIT = 0x10
export const CONTROL_BIT = 0x20
export const DELETE_HORIZON_BIT = 0x40

/** Codec names by their number in the attributes. */
export const COMPRESSION_TYPES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type CompressionType = (typeof COMPRESSION_TYPES)[number]

/**
 * A batch inside a larger buffer. One instance is meant to be moved along (`at`); it allocates
 * nothing. Fields read garbage unless [start, start + sizeInBytes) lies in the buffer: step with
 * `nextBatch` or call `checkBatch` first.
 */
export class BatchView {
  buffer: Uint8Array
  start: number

  constructor(buffer: Uint8Array, start = 0) {
    this.buffer = buffer
    this.start = start
  }

  /** Moves this view to another batch. */
  at(buffer: Uint8Array, start: number): this {
    this.buffer = buffer
    this.start = start
    return this
  }

  get baseOffset(): number {
    return int64At(this.buffer, this.start)
  }
  get batchLength(): number {
    return int32At(this.buffer, this.start + LENGTH_AT)
  }
  get sizeInBytes(): number {
    return this.batchLength + LOG_OVERHEAD
  }
  /** Position behind the last byte of the batch. */
  get end(): number {
    return this.start + this.sizeInBytes
  }
  get recordsStart(): number {
    return this.start + RECORD_BATCH_OVERHEAD
  }
  get partitionLeaderEpoch(): number {
    return int32At(this.buffer, this.start + LEADER_EPOCH_AT)
  }
  get magic(): number {
    return (this.buffer[this.start + MAGIC_AT]! << 24) >> 24
  }
  get crc(): number {
    return uint32At(this.buffer, this.start + CRC_AT)
  }
  get attributes(): number {
    return int16At(this.buffer, this.start + ATTRIBUTES_AT)
  }
  /** 0-4 (COMPRESSION_TYPES); 5-7 name no codec. */
  get codec(): number {
    return this.attributes & CODEC_MASK
  }
  get isLogAppendTime(): boolean {
    return (this.attributes & LOG_APPEND_TIME_BIT) !== 0
  }
  get isTransactional(): boolean {
    return (this.attributes & TRANSACTIONAL_BIT) !== 0
  }
  get isControl(): boolean {
    return (this.attributes & CONTROL_BIT) !== 0
  }
  get hasDeleteHorizon(): boolean {
    return (this.attributes & DELETE_HORIZON_BIT) !== 0
  }
  get lastOffsetDelta(): number {
    return int32At(this.buffer, this.start + LAST_OFFSET_DELTA_AT)
  }
  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta
  }
  get nextOffset(): number {
    return this.lastOffset + 1
  }
  /** Milliseconds; the delete horizon where `hasDeleteHorizon`. */
  get baseTimestamp(): number {
    return int64At(this.buffer, this.start + BASE_TIMESTAMP_AT)
  }
  /** Milliseconds; the time of the append where `isLogAppendTime`. */
  get maxTimestamp(): number {
    return int64At(this.buffer, this.start + MAX_TIMESTAMP_AT)
  }
  get producerId(): number {
    return int64At(this.buffer, this.start + PRODUCER_ID_AT)
  }
  get hasProducerId(): boolean {
    return this.producerId > NO_PRODUCER_ID
  }
  get producerEpoch(): number {
    return int16At(this.buffer, this.start + PRODUCER_EPOCH_AT)
  }
  get baseSequence(): number {
    return int32At(this.buffer, this.start + BASE_SEQUENCE_AT)
  }
  /** Sequence numbers wrap from 2^31 - 1 to 0. */
  get lastSequence(): number {
    const base = this.baseSequence
    return base === NO_SEQUENCE ? NO_SEQUENCE : addSequence(base, this.lastOffsetDelta)
  }
  get recordCount(): number {
    return int32At(this.buffer, this.start + RECORD_COUNT_AT)
  }

  /** Outside the checksum. */
  setBaseOffset(offset: number): void {
    putInt64(this.buffer, this.start, offset)
  }
  /** Outside the checksum. */
  setPartitionLeaderEpoch(epoch: number): void {
    putInt32(this.buffer, this.start + LEADER_EPOCH_AT, epoch)
  }
  /** Sets the time and its kind with a new checksum; a no-op when both stand there already. */
  setMaxTimestamp(timestampMs: number, logAppendTime: boolean): void {
    if (this.isLogAppendTime === logAppendTime && this.maxTimestamp === timestampMs) return
    const kept =
      this.attributes & (CODEC_MASK | TRANSACTIONAL_BIT | CONTROL_BIT | DELETE_HORIZON_BIT)
    const attributes = logAppendTime ? kept | LOG_APPEND_TIME_BIT : kept
    putInt16(this.buffer, this.start + ATTRIBUTES_AT, attributes)
    putInt64(this.buffer, this.start + MAX_TIMESTAMP_AT, timestampMs)
    putInt32(this.buffer, this.start + CRC_AT, this.computeCrc())
  }

  computeCrc(): number {
    return crc32c(this.buffer, this.start + ATTRIBUTES_AT, this.end)
  }
  verifyCrc(): boolean {
    return this.computeCrc() === this.crc
  }
}

/**
 * Size in bytes of the batch or legacy message at `offset`, or 0 when no whole one lies before
 * `end`: a cut tail, or a length that cannot be (`checkBatch` tells which). Never reads at or
 * behind `end`.
 */
export function nextBatch(buffer: Uint8Array, offset: number, end: number): number {
  if (end - offset < MAGIC_AT + 1) return 0
  const size = int32At(buffer, offset + LENGTH_AT) + LOG_OVERHEAD
  const least =
    buffer[offset + MAGIC_AT]! >= MAGIC_V2
      ? RECORD_BATCH_OVERHEAD
      : LOG_OVERHEAD + LEGACY_MINIMUM_BYTES
  return size < least || size > end - offset ? 0 : size
}

/** Why bytes are not an acceptable batch: the Kafka error's name, and a sentence for people. */
export interface BatchFault {
  readonly error:
    | 'CORRUPT_MESSAGE'
    | 'INVALID_RECORD'
    | 'MESSAGE_TOO_LARGE'
    | 'UNSUPPORTED_COMPRESSION_TYPE'
  readonly reason: string
}

const FAULTS = {
  cut: corrupt('The record batch is cut short.'),
  length: corrupt('The length of the record batch is smaller than its header.'),
  magic: corrupt('The record batch is not of magic 2.'),
  crc: corrupt('The checksum of the record batch does not match its bytes.'),
  range: invalid('The record batch has an invalid offset range.'),
  count: invalid('The record batch has an invalid record count.'),
  rangeAndCount: invalid('The offset range and the record count of the record batch differ.'),
  control: invalid('Clients are not allowed to write control records.'),
  sequence: invalid('The record batch has a producer id and a negative sequence number.'),
} as const satisfies Record<string, BatchFault>

/**
 * Checks that a whole, undamaged magic 2 batch starts at `start` and ends at or before `end`: its
 * length, magic and checksum. Says nothing about counts: compaction leaves gaps and empty batches.
 */
export function checkBatch(buffer: Uint8Array, start: number, end: number): BatchFault | undefined {
  if (end - start < MAGIC_AT + 1) return FAULTS.cut
  const size = int32At(buffer, start + LENGTH_AT) + LOG_OVERHEAD
  if (buffer[start + MAGIC_AT] !== MAGIC_V2) return FAULTS.magic
  if (size < RECORD_BATCH_OVERHEAD) return FAULTS.length
  if (size > end - start) return FAULTS.cut
  const crc = crc32c(buffer, start + ATTRIBUTES_AT, start + size)
  return crc === uint32At(buffer, start + CRC_AT) ? undefined : FAULTS.crc
}

/** What a broker asks, in this order, of the header of a batch that a client produced. */
export function checkProducedBatch(batch: BatchView): BatchFault | undefined {
  const countFromOffsets = batch.lastOffsetDelta + 1
  const count = batch.recordCount
  if (countFromOffsets <= 0) return FAULTS.range
  if (count <= 0) return FAULTS.count
  if (countFromOffsets !== count) return FAULTS.rangeAndCount
  if (batch.isControl) return FAULTS.control
  if (batch.hasProducerId && batch.baseSequence < 0) return FAULTS.sequence
  return undefined
}

/** Adds to a sequence number, which wraps from 2^31 - 1 to 0. */
export function addSequence(sequence: number, increment: number): number {
  return (sequence + increment) & 0x7fff_ffff
}

function corrupt(reason: string): BatchFault {
  return { error: 'CORRUPT_MESSAGE', reason }
}

function invalid(reason: string): BatchFault {
  return { error: 'INVALID_RECORD', reason }
}
