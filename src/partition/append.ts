// The leader's append of one batch: checks in Apache Kafka's order, stamps offset, leader epoch and
// time into the header in place, and gives the bytes to the log. Walks records over one reused
// cursor; only a batch that must be recompressed is decoded into objects. Refusals are values.
import {
  type BatchFault,
  BatchView,
  checkProducedBatch,
  LOG_OVERHEAD,
  nextBatch,
  RECORD_BATCH_OVERHEAD,
} from '../../protocol/records/batch.ts'
import { int32At } from '../../protocol/records/int.ts'
import { buildBatch } from '../../protocol/records/builder.ts'
import type { Codecs } from '../../protocol/records/compression/codecs.ts'
import { decodeRecords, recordBytes } from '../../protocol/records/decode.ts'
import { addTimestamp, RecordCursor } from '../../protocol/records/record.ts'
import { errors } from '../../protocol/errors.ts'
import type { Log } from '../../storage/log.ts'
import type { AppendOrigin } from '../../storage/producers.ts'
import type { PartitionSettings } from './settings.ts'

export interface RecordError {
  readonly batchIndex: number
  readonly batchIndexErrorMessage: string | null
}

export interface AppendResult {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly recordErrors: readonly RecordError[]
  /** -1 on failure. */
  readonly baseOffset: number
  readonly lastOffset: number
  /** Milliseconds, -1 unless the topic stamps the append time. */
  readonly logAppendTimeMs: number
  /** -1 where the failure says nothing of the log. */
  readonly logStartOffset: number
}

export interface AppendRequest {
  readonly bytes: Uint8Array
  /** Version of the Produce request: zstd needs 7. Coordinators pass the newest. */
  readonly version: number
  readonly origin: AppendOrigin
}

export interface AppendTarget {
  readonly log: Log
  readonly leaderEpoch: number
  readonly settings: PartitionSettings
  readonly codecs: Codecs
  /** Wall time, milliseconds. */
  now(): number
}

const ZSTD = 4
const MAGIC_AT = 16
const LENGTH_AT = 8
const SMALLEST_MESSAGE_BYTES = 14

const view = new BatchView(new Uint8Array(0))
const cursor = new RecordCursor()

/** Appends the one batch that `bytes` holds. The bytes may be changed, and are copied. */
export function appendBatch(target: AppendTarget, request: AppendRequest): AppendResult {
  const form = checkForm(request)
  if (form !== undefined) return form
  const { log, settings } = target
  const batch = view.at(request.bytes, 0)
  const header = checkHeader(batch, target, request.origin)
  if (header !== undefined) return header
  const now = target.now()
  let walked: Walked | AppendResult = KEEP
  if (request.origin === 'client' && (settings.validateRecords || settings.targetCodec !== -1)) {
    walked = walk(batch, target, now)
    if ('errorCode' in walked) return walked
  }
  const stamped = walked.rebuild ? rebuild(batch, target, now) : batch
  if ('errorCode' in stamped) return stamped
  const size = stamped.sizeInBytes
  if (walked.rebuild && size > settings.maxMessageBytes) return refuse(errors.MESSAGE_TOO_LARGE)
  const baseOffset = log.logEndOffset
  stamped.setBaseOffset(baseOffset)
  stamped.setPartitionLeaderEpoch(target.leaderEpoch)
  if (settings.logAppendTime) stamped.setMaxTimestamp(now, true)
  else if (walked.maxTimestamp !== undefined) stamped.setMaxTimestamp(walked.maxTimestamp, false)
  if (size > settings.segmentBytes) return refuse(errors.RECORD_LIST_TOO_LARGE)
  const verdict = log.producers.validate(stamped, request.origin)
  if (verdict.kind === 'error') return refuse(errors[verdict.error], log.logStartOffset)
  if (verdict.kind === 'duplicate') return duplicate(log, verdict.batch)
  log.append(stamped.buffer, stamped.start, stamped.end, target.leaderEpoch)
  const lastOffset = log.logEndOffset - 1
  return accepted(log, { baseOffset, lastOffset, time: settings.logAppendTime ? now : -1 })
}

/** Exactly one whole batch of magic 2: what every Produce request is asked for, before any log. */
export function checkForm({
  bytes,
  version,
}: Pick<AppendRequest, 'bytes' | 'version'>): AppendResult | undefined {
  if (bytes.length < MAGIC_AT + 1) return refuse(errors.INVALID_RECORD)
  const length = int32At(bytes, LENGTH_AT)
  const magic = (bytes[MAGIC_AT]! << 24) >> 24
  if (length < SMALLEST_MESSAGE_BYTES) return refuse(errors.CORRUPT_MESSAGE)
  if (magic < 0 || magic > 2) {
    const errorMessage = `There is no record format with magic ${magic}.`
    return { ...refuse(errors.CORRUPT_MESSAGE), errorMessage }
  }
  if (length + LOG_OVERHEAD > bytes.length) return refuse(errors.INVALID_RECORD)
  if (magic !== 2) return refuse(errors.INVALID_RECORD)
  const size = nextBatch(bytes, 0, bytes.length)
  if (size === 0) return refuse(errors.CORRUPT_MESSAGE)
  if (view.at(bytes, 0).codec === ZSTD && version < 7) {
    return refuse(errors.UNSUPPORTED_COMPRESSION_TYPE)
  }
  if (bytes.length - size >= MAGIC_AT + 1) return refuse(errors.INVALID_RECORD)
  return undefined
}

function checkHeader(
  batch: BatchView,
  { log, settings }: AppendTarget,
  origin: AppendOrigin,
): AppendResult | undefined {
  if (origin === 'client' && batch.baseOffset !== 0) {
    return refuse(errors.INVALID_RECORD, log.logStartOffset)
  }
  if (batch.sizeInBytes > settings.maxMessageBytes) return refuse(errors.MESSAGE_TOO_LARGE)
  if (!batch.verifyCrc()) return refuse(errors.CORRUPT_MESSAGE)
  if (origin !== 'client') return undefined
  const fault = checkProducedBatch(batch)
  return fault === undefined ? undefined : refuseFault(fault, log.logStartOffset)
}

interface Walked {
  /** The largest timestamp of the records; undefined where they were not looked at. */
  readonly maxTimestamp: number | undefined
  /** The bytes cannot stay: another codec is wanted, or inner offsets have gaps. */
  readonly rebuild: boolean
}

const KEEP: Walked = { maxTimestamp: undefined, rebuild: false }

/** Looks at every record: well-formed, keyed where it must be, its time within bounds. */
function walk(batch: BatchView, target: AppendTarget, now: number): Walked | AppendResult {
  const { settings, log, codecs } = target
  const isPlain = batch.codec === 0
  const bytes = isPlain ? batch.buffer : recordBytes(batch, codecs, settings.decompressedMaxBytes)
  if (!ArrayBuffer.isView(bytes)) return refuseBytes(bytes, log.logStartOffset)
  const start = isPlain ? batch.start + RECORD_BATCH_OVERHEAD : 0
  const oldest = now - settings.timestampBeforeMaxMs
  const newest = now + settings.timestampAfterMaxMs
  const base = batch.baseTimestamp
  const wrongKind = batch.isLogAppendTime
  let maxTimestamp = -1
  let gaps = false
  let faults: Fault[] | undefined
  cursor.at(bytes, start, isPlain ? batch.end : bytes.length, batch.recordCount)
  while (cursor.next()) {
    const timestamp = wrongKind ? batch.maxTimestamp : addTimestamp(base, cursor.timestampDelta)
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    if (cursor.offsetDelta !== cursor.index) gaps = true
    const checked = !settings.logAppendTime && timestamp !== -1
    const outside = checked && (timestamp < oldest || timestamp > newest)
    if (settings.compacted && cursor.keyLength === -1) {
      ;(faults ??= []).push({ index: cursor.index, kind: 'key' })
    } else if (outside || (!checked && wrongKind)) {
      ;(faults ??= []).push({ index: cursor.index, kind: outside ? 'time' : 'time type' })
    }
  }
  if (cursor.fault !== undefined) {
    const fault: BatchFault = { error: 'INVALID_RECORD', reason: cursor.fault }
    return refuseFault(fault, log.logStartOffset)
  }
  if (faults !== undefined) return refuseRecords(faults, log.logStartOffset)
  const { targetCodec } = settings
  const otherCodec = targetCodec !== -1 && targetCodec !== batch.codec
  return { maxTimestamp, rebuild: otherCodec || (gaps && batch.codec !== 0) }
}

/** Decodes the batch and writes it again with the topic's codec and dense offsets. */
function rebuild(batch: BatchView, target: AppendTarget, now: number): BatchView | AppendResult {
  const { settings, codecs, log } = target
  const records = decodeRecords(batch.buffer, codecs, settings.decompressedMaxBytes, batch.start)
  if (!Array.isArray(records)) return refuseFault(records, log.logStartOffset)
  const bytes = buildBatch(
    records,
    {
      codec: settings.targetCodec === -1 ? batch.codec : settings.targetCodec,
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      transactional: batch.isTransactional,
      ...(settings.logAppendTime ? { logAppendTime: now } : {}),
    },
    codecs,
  )
  return view.at(bytes, 0)
}

/** A batch that is in the log already: it gets the answer that it had the first time. */
function duplicate(
  log: Log,
  batch: { lastOffset: number; offsetDelta: number; timestamp: number },
): AppendResult {
  const { lastOffset, offsetDelta, timestamp: time } = batch
  return accepted(log, { baseOffset: lastOffset - offsetDelta, lastOffset, time })
}

/** One literal with every field: a spread that is then extended costs microseconds. */
function accepted(
  log: Log,
  { baseOffset, lastOffset, time }: { baseOffset: number; lastOffset: number; time: number },
): AppendResult {
  return {
    errorCode: errors.NONE,
    errorMessage: null,
    recordErrors: NO_RECORD_ERRORS,
    baseOffset,
    lastOffset,
    logAppendTimeMs: time,
    logStartOffset: log.logStartOffset,
  }
}

interface Fault {
  readonly index: number
  readonly kind: 'key' | 'time' | 'time type'
}

const FAULT_TEXTS = {
  key: 'The topic is compacted, so a record needs a key.',
  time: 'The timestamp of the record is outside the bounds of the topic.',
  'time type': 'A producer may not set the timestamp type to LogAppendTime.',
} as const

function refuseRecords(faults: readonly Fault[], logStartOffset: number): AppendResult {
  const time = faults.some((fault) => fault.kind !== 'key')
  return {
    ...REFUSED,
    errorCode: time ? errors.INVALID_TIMESTAMP : errors.INVALID_RECORD,
    errorMessage: time
      ? 'One or more records have an invalid timestamp.'
      : `${faults.length} of the records cannot be accepted.`,
    recordErrors: faults.map(({ index, kind }) => ({
      batchIndex: index,
      batchIndexErrorMessage: FAULT_TEXTS[kind],
    })),
    logStartOffset,
  }
}

function refuseFault(fault: BatchFault | { error: string }, logStartOffset: number): AppendResult {
  const code = errors[fault.error as keyof typeof errors]
  return refuse(code, code === errors.INVALID_RECORD ? logStartOffset : -1)
}

/** Bytes that their codec cannot read: Apache Kafka does not expect them and says only that. */
function refuseBytes(fault: { error: string }, logStartOffset: number): AppendResult {
  const isUnexpected =
    fault.error === 'CORRUPT_MESSAGE' || fault.error === 'UNSUPPORTED_COMPRESSION_TYPE'
  if (!isUnexpected) return refuseFault(fault, logStartOffset)
  return refuse(errors.UNKNOWN_SERVER_ERROR, logStartOffset)
}

const NO_RECORD_ERRORS: readonly RecordError[] = []

const REFUSED = {
  errorCode: errors.UNKNOWN_SERVER_ERROR,
  errorMessage: null as string | null,
  recordErrors: [] as RecordError[],
  baseOffset: -1,
  lastOffset: -1,
  logAppendTimeMs: -1,
  logStartOffset: -1,
}

function refuse(errorCode: number, logStartOffset = -1): AppendResult {
  return { ...REFUSED, errorCode, logStartOffset }
}
