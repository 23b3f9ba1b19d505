// Record batches for requests, and the records of what a Fetch answered.
import { expect } from 'vitest'
import { BatchView, nextBatch } from '../../protocol/records/batch.ts'
import { buildBatch, type BatchFields } from '../../protocol/records/builder.ts'
import { Codecs } from '../../protocol/records/compression/codecs.ts'
import { type DecodedRecord, decodeRecords } from '../../protocol/records/decode.ts'

/** The wall time at which a bench starts. */
export const START_TIME = 1_700_000_000_000

export const codecs = new Codecs()
const MAX_DECOMPRESSED = 1 << 24

/** One batch of records with these values and no keys, a millisecond after another. */
export function batchOf(values: readonly string[], fields: BatchFields = {}): Buffer {
  const records = values.map((value, i) => ({
    timestamp: START_TIME + i,
    key: null,
    value: Buffer.from(value),
  }))
  return buildBatch(records, fields, codecs)
}

export function batchesIn(bytes: Uint8Array | null): BatchView[] {
  const all = bytes ?? new Uint8Array(0)
  const batches: BatchView[] = []
  let at = 0
  for (;;) {
    const size = nextBatch(all, at, all.length)
    if (size === 0) return batches
    batches.push(new BatchView(all).at(all, at))
    at += size
  }
}

export function recordsIn(bytes: Uint8Array | null): DecodedRecord[] {
  return batchesIn(bytes).flatMap((batch) => {
    const whole = batch.buffer.subarray(batch.start, batch.end)
    const records = decodeRecords(whole, codecs, MAX_DECOMPRESSED)
    expect(records).toBeInstanceOf(Array)
    return records as DecodedRecord[]
  })
}

export function valuesIn(bytes: Uint8Array | null): string[] {
  return recordsIn(bytes).map(({ value }) => String(value))
}
