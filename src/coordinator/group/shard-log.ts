// The log of a group shard: records to batches and back. Appends are one uncompressed batch each;
// loading reads and decodes in slices of a few milliseconds, so that nothing else waits for it.
// What holds the bytes (a partition of __consumer_offsets) is behind ShardLog.
import type { Clock } from '../../../base/clock.ts'
import { assert } from '../../../base/assert.ts'
import { BatchView, nextBatch } from '../../../protocol/records/batch.ts'
import { buildBatch } from '../../../protocol/records/builder.ts'
import type { Codecs } from '../../../protocol/records/compression/codecs.ts'
import { CONTROL_TYPES, controlType } from '../../../protocol/records/control.ts'
import { decodeRecords } from '../../../protocol/records/decode.ts'
import { MalformedFrame } from '../../../protocol/wire/reader.ts'
import type { AppendFailure, Appended, MachineLog } from '../../machine/host.ts'
import { decodeGroupRecord, encodeGroupRecord } from './record-codec.ts'
import type { GroupRecord } from './records.ts'

/** One partition of __consumer_offsets, led by this broker. Implemented by the partition layer. */
export interface ShardLog {
  /** Appends one batch; stamps offsets and leader epoch in place, and copies the bytes. */
  append(batch: Buffer): Appended | AppendFailure
  /** Writes what was appended in this turn, so that it can be read. */
  flush(): void
  highWatermark(): number
  leaderEpoch(): number
  startOffset(): number
  /** The end of what can be read. */
  endOffset(): number
  /**
   * Whole batches, contiguous, from the one that holds `offset` on: at least one unless the log
   * ends there, and about `maxBytes`. The bytes may be borrowed until the next call.
   */
  read(offset: number, maxBytes: number): Uint8Array
}

export interface ShardLogOptions {
  readonly log: ShardLog
  readonly clock: Clock
  readonly codecs: Codecs
  /** Most bytes that a batch may decompress to. */
  readonly decompressedMaxBytes: number
  /** The log cannot be read: the shard stays unavailable. */
  failed(error: Error): void
}

const SLICE_MS = 5
const READ_BYTES = 64 * 1024

export function groupLog(options: ShardLogOptions): MachineLog<GroupRecord> {
  const { log, clock } = options
  return {
    append(records) {
      const timestamp = clock.now()
      const pairs = records.map((record) => {
        assert(record.kind === 'offset' || record.kind === 'group', 'only our own records')
        return { timestamp, ...encodeGroupRecord(record) }
      })
      return log.append(buildBatch(pairs))
    },
    highWatermark: () => log.highWatermark(),
    leaderEpoch: () => log.leaderEpoch(),
    replay(visit, done) {
      // A replay in the middle of a turn finds that turn's records too.
      log.flush()
      replaySlice(options, { visit, done, epoch: log.leaderEpoch() }, log.startOffset())
    },
  }
}

interface Replay {
  visit(record: GroupRecord, offset: number): void
  done(endOffset: number): void
  readonly epoch: number
}

function replaySlice(options: ShardLogOptions, replay: Replay, from: number): void {
  const { log, clock } = options
  const until = clock.monotonic() + SLICE_MS
  let offset = from
  try {
    while (offset < log.endOffset()) {
      // A new epoch starts its own replay.
      if (log.leaderEpoch() !== replay.epoch) return
      if (clock.monotonic() >= until) {
        const next = offset
        clock.endOfTurn(() => replaySlice(options, replay, next))
        return
      }
      const bytes = log.read(offset, READ_BYTES)
      const end = replayBatches(options, replay, bytes)
      if (end <= offset) throw new MalformedFrame(`no whole batch at offset ${offset}`)
      offset = end
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    options.failed(error)
    return
  }
  replay.done(log.endOffset())
}

/** The offset after the last whole batch in `bytes`, -1 without one. */
function replayBatches(options: ShardLogOptions, replay: Replay, bytes: Uint8Array): number {
  let end = -1
  for (let at = 0; at < bytes.length;) {
    const size = nextBatch(bytes, at, bytes.length)
    if (size <= 0) break
    const batch = new BatchView(bytes, at)
    replayBatch(options, replay, batch)
    end = batch.baseOffset + batch.lastOffsetDelta + 1
    at += size
  }
  return end
}

function replayBatch(options: ShardLogOptions, replay: Replay, batch: BatchView): void {
  const producerId = batch.isTransactional ? batch.producerId : -1
  if (batch.isControl) {
    const type = controlType(batch)
    const isMarker = type === CONTROL_TYPES.commit || type === CONTROL_TYPES.abort
    if (!isMarker) return
    const commit = type === CONTROL_TYPES.commit
    replay.visit({ kind: 'marker', producerId, commit }, batch.baseOffset)
    return
  }
  const { codecs, decompressedMaxBytes } = options
  const bytes = batch.buffer.subarray(batch.start, batch.end)
  const records = decodeRecords(bytes, codecs, decompressedMaxBytes)
  if (!Array.isArray(records)) throw new MalformedFrame(records.reason)
  for (const { key, value, offset } of records) {
    // Apache Kafka refuses records without a key there; nobody else writes them.
    if (key === null) continue
    const record = decodeGroupRecord(key, value, producerId)
    if (record !== null) replay.visit(record, offset)
  }
}
