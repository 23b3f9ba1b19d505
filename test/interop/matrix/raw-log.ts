// What a partition holds, read and written without any client library: the runner's own eyes. Batches
// are told apart, because a client that was asked to compress and did not has failed.
import {
  BatchView,
  buildBatch,
  Codecs,
  COMPRESSION_TYPES,
  decodeRecords,
  nextBatch,
  type NewRecord,
} from '../../../protocol/records/index.ts'
import type { Endpoint } from '../../apache/cluster.ts'
import { RawClient } from '../../oracle/raw-client.ts'
import { answer, ask, list } from '../ask.ts'
import { until } from '../trial.ts'
import type { WireRecord } from './wire-record.ts'

const MAX_BYTES = 64 << 20

export interface RawBatch {
  readonly codec: string
  readonly producerId: number
  readonly baseSequence: number
  readonly baseOffset: number
  readonly lastOffset: number
  readonly records: readonly WireRecord[]
}

/** Everything in one partition from its first offset to its end. */
export async function readPartition(
  at: Endpoint,
  topic: string,
  partition: number,
): Promise<RawBatch[]> {
  const codecs = new Codecs()
  const client = await RawClient.open(at)
  try {
    const batches: RawBatch[] = []
    let fetchOffset = (await offsetAt(client, topic, partition)).offset
    for (;;) {
      const partitions = [{ partition, fetchOffset, partitionMaxBytes: MAX_BYTES }]
      const reply = await answer(client, 'Fetch', 11, {
        replicaId: -1,
        maxWaitMs: 0,
        minBytes: 1,
        maxBytes: MAX_BYTES,
        isolationLevel: 0,
        sessionId: 0,
        sessionEpoch: -1,
        topics: [{ topic, partitions }],
        rackId: '',
      })
      const [found] = list(list(reply, 'responses')[0]!, 'partitions')
      if (found!['errorCode'] !== 0) throw new Error(`Fetch: error ${String(found!['errorCode'])}`)
      const bytes = (found!['records'] ?? Buffer.alloc(0)) as Uint8Array
      const next = cut(bytes, partition, codecs)
      batches.push(...next)
      const last = next.at(-1)
      if (last === undefined) return batches
      fetchOffset = last.lastOffset + 1
    }
  } finally {
    client.close()
  }
}

/** All batches of a topic, partition by partition. */
export async function readTopic(
  at: Endpoint,
  topic: string,
  partitionCount: number,
): Promise<RawBatch[]> {
  const batches: RawBatch[] = []
  for (let i = 0; i < partitionCount; i++) batches.push(...(await readPartition(at, topic, i)))
  return batches
}

/** Until every partition of a new topic has a leader that serves: Kafka makes topics known in its own time. */
export async function untilServed(at: Endpoint, topic: string, partitions: number): Promise<void> {
  const client = await RawClient.open(at)
  try {
    for (let partition = 0; partition < partitions; partition++) {
      await until(`a leader of ${topic}-${partition}`, 15_000, async () => {
        return (await offsetAt(client, topic, partition)).errorCode === 0
      })
    }
  } finally {
    client.close()
  }
}

/** Appends one batch to a partition that may have no leader yet; returns its base offset. */
export async function appendBatch(
  at: Endpoint,
  topic: string,
  partition: number,
  records: readonly NewRecord[],
  codec = 'none',
): Promise<number> {
  const fields = { codec: COMPRESSION_TYPES.findIndex((name) => name === codec) }
  const batch = buildBatch(records, fields, new Codecs())
  const topicData = [{ name: topic, partitionData: [{ index: partition, records: batch }] }]
  await untilServed(at, topic, partition + 1)
  const reply = await ask(at, 'Produce', 9, { acks: -1, timeoutMs: 30_000, topicData })
  const [placed] = list(list(reply, 'responses')[0]!, 'partitionResponses')
  if (placed!['errorCode'] !== 0) throw new Error(`Produce: error ${String(placed!['errorCode'])}`)
  return placed!['baseOffset'] as number
}

/** The earliest offset. */
async function offsetAt(
  client: RawClient,
  topic: string,
  partition: number,
): Promise<{ errorCode: number; offset: number }> {
  const topics = [{ name: topic, partitions: [{ partitionIndex: partition, timestamp: -2 }] }]
  const reply = await answer(client, 'ListOffsets', 6, { replicaId: -1, isolationLevel: 0, topics })
  const [found] = list(list(reply, 'topics')[0]!, 'partitions')
  return { errorCode: found!['errorCode'] as number, offset: found!['offset'] as number }
}

function cut(bytes: Uint8Array, partition: number, codecs: Codecs): RawBatch[] {
  const batches: RawBatch[] = []
  for (let at = 0; ;) {
    const size = nextBatch(bytes, at, bytes.length)
    if (size === 0) return batches
    const view = new BatchView(bytes, at)
    const decoded = decodeRecords(bytes.subarray(at, at + size), codecs, MAX_BYTES)
    if (!Array.isArray(decoded)) throw new Error(`offset ${view.baseOffset}: ${decoded.reason}`)
    batches.push({
      codec: COMPRESSION_TYPES[view.codec]!,
      producerId: view.producerId,
      baseSequence: view.baseSequence,
      baseOffset: view.baseOffset,
      lastOffset: view.lastOffset,
      records: decoded.map((record) => ({
        partition,
        offset: record.offset,
        key: base64(record.key),
        value: base64(record.value),
        headers: record.headers.map(({ key, value }) => [key, base64(value)] as const),
        timestamp: record.timestamp,
      })),
    })
    at += size
  }
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64')
}
