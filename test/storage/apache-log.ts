// One fixed log for Apache Kafka's classes and ours: two producers, one of them transactional with
// commits and aborts, three leader epochs, three segments. apache-log.json holds the files that
// Apache's UnifiedLog (4.4.0) made of its batches, written by ApacheLog.java.
import { buildBatch } from '../../protocol/records/builder.ts'
import { buildControlBatch } from '../../protocol/records/control.ts'
import type { Log } from '../../storage/log.ts'

export const APACHE_TOPIC_ID = 'AWwmPKZyTjuE9ZxhO0RQug'
export const APACHE_SEGMENT_BYTES = 40_000
const START = 1_700_000_000_000
const MARKER_VALUE = Buffer.from('000000000003', 'hex')

export function appendApacheLog(log: Log): void {
  for (let i = 0; i < 120; i++) {
    append(log, dataBatch(i, log.logEndOffset))
    if (i % 20 === 19) append(log, markerBatch(i, log.logEndOffset))
  }
}

function dataBatch(i: number, baseOffset: number): Buffer {
  const records = [0, 1, 2].map((k) => ({
    timestamp: START + i * 10 + k,
    key: Buffer.from('k'),
    value: Buffer.alloc(300, i),
  }))
  return buildBatch(records, {
    baseOffset,
    partitionLeaderEpoch: Math.floor(i / 50),
    producerId: 1000 + (i % 2),
    producerEpoch: 0,
    baseSequence: Math.floor(i / 2) * 3,
    transactional: i % 2 === 1,
  })
}

function markerBatch(i: number, baseOffset: number): Buffer {
  const type = Math.floor(i / 20) % 2
  return buildControlBatch([{ type, value: MARKER_VALUE }], START + i * 10 + 5, {
    baseOffset,
    partitionLeaderEpoch: Math.floor(i / 50),
    producerId: 1001,
    producerEpoch: 0,
    transactional: true,
  })
}

function append(log: Log, batch: Buffer): void {
  log.append(batch, 0, batch.length, 1000)
  const failure = log.flushWrites()
  if (failure !== undefined) throw failure
}
