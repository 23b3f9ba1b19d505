// A log on a crashable memory file system, with a clock that stands still, and batches for it.
import { VirtualClock } from '../../base/virtual-clock.ts'
import { seededRandom } from '../../base/random.ts'
import { BatchView } from '../../protocol/records/batch.ts'
import { type BatchFields, buildBatch } from '../../protocol/records/builder.ts'
import type { Codecs } from '../../protocol/records/compression/codecs.ts'
import { FileRegion } from '../../storage/file-region.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { MemoryFileSystem } from '../../storage/fs/memory-fs.ts'
import { Log, type LogOptions } from '../../storage/log.ts'
import type { LogReport } from '../../storage/log-failure.ts'
import type { LogSlice } from '../../storage/log-slice.ts'
import type { LogLimits } from '../../storage/segment.ts'
import { TailCache } from '../../storage/tail-cache.ts'

export const TOPIC_ID = 'S0ME-topic_id-22-chars'
export const NOW = 1_700_000_000_000

export const LIMITS: LogLimits = {
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: 7 * 24 * 3600 * 1000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10 * 1024 * 1024,
  indexIntervalBytes: 4096,
  flushMessages: Infinity,
  flushMs: Infinity,
  fileDeleteDelayMs: 60_000,
}

type RecordFields = BatchFields & { timestamp?: number; text?: string }

export class LogKit {
  readonly clock = new VirtualClock(NOW)
  readonly memory: MemoryFileSystem
  readonly reports: LogReport[] = []
  fs: FileSystem
  tail: TailCache
  limits: LogLimits
  log: Log

  constructor(limits: Partial<LogLimits> = {}, tailBytes = 8 * 1024 * 1024) {
    const { clock } = this
    this.memory = new MemoryFileSystem({
      defer: (run) => clock.endOfTurn(run),
      now: () => clock.now(),
      crashable: true,
    })
    this.memory.mkdir('/logs')
    this.memory.syncDirectory('/')
    this.fs = this.memory
    this.tail = new TailCache(tailBytes)
    this.limits = { ...LIMITS, ...limits }
    this.log = this.open({ cleanShutdown: false })
  }

  open(options: Partial<LogOptions>): Log {
    this.log = Log.open({
      fs: this.fs,
      directory: '/logs/t-0',
      topicId: TOPIC_ID,
      clock: this.clock,
      random: seededRandom(1),
      tail: this.tail,
      limits: this.limits,
      producerIdExpirationMs: 24 * 3600 * 1000,
      cleanShutdown: true,
      recoveryPoint: 0,
      logStartOffset: 0,
      report: (report) => this.reports.push(report),
      ...options,
    })
    return this.log
  }

  /** Appends `count` records of one batch at the log's end and returns its base offset. */
  append(count = 1, fields: RecordFields = {}, codecs?: Codecs): number {
    const baseOffset = this.log.logEndOffset
    const batch = records(count, { partitionLeaderEpoch: 0, ...fields, baseOffset }, codecs)
    this.log.append(batch, 0, batch.length, 1_000_000)
    return baseOffset
  }
}

/** A batch whose records carry their offsets as values, padded by `text`. */
export function records(count: number, fields: RecordFields, codecs?: Codecs): Buffer {
  const { timestamp = NOW, text = '', ...rest } = fields
  const values = Array.from({ length: count }, (_, i) => ({
    timestamp: timestamp + i,
    key: null,
    value: Buffer.from(`${(fields.baseOffset ?? 0) + i}${text}`),
  }))
  return buildBatch(values, rest, codecs)
}

/** The bytes of a slice in one buffer; releases it. */
export function collect(slice: LogSlice | 'OFFSET_OUT_OF_RANGE'): Buffer {
  if (slice === 'OFFSET_OUT_OF_RANGE') throw new Error(slice)
  const buffers: Buffer[] = []
  for (const part of slice.parts) {
    const bytes = Buffer.alloc(part.byteLength)
    if (part instanceof FileRegion) part.readInto(bytes, 0, 0, bytes.length)
    else if (ArrayBuffer.isView(part)) bytes.set(part)
    buffers.push(bytes)
  }
  slice.release()
  return Buffer.concat(buffers)
}

/** [baseOffset, lastOffset] of every whole batch in the bytes. */
export function batchesIn(bytes: Buffer): [number, number][] {
  const found: [number, number][] = []
  const view = new BatchView(bytes)
  for (let at = 0; bytes.length - at >= 61; at = view.end) {
    view.at(bytes, at)
    if (view.end > bytes.length) break
    found.push([view.baseOffset, view.lastOffset])
  }
  return found
}

/** Offsets of all batches of the log, as the replay sees them. */
export function replayed(log: Log, from = 0): [number, number][] {
  const found: [number, number][] = []
  log.forEachBatch(from, (batch) => {
    found.push([batch.baseOffset, batch.lastOffset])
  })
  return found
}
