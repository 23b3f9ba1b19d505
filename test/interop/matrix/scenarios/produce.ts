// What a library writes, read back from the log without it.
import { partitionOfKey } from '../../../../src/client/partitioner.ts'
import type { Driver } from '../driver.ts'
import { readPartition, readTopic, type RawBatch } from '../raw-log.ts'
import type { Scenario, Stage } from '../scenario.ts'
import { seededBytes } from '../seeded-bytes.ts'
import {
  BASE_TIME,
  content,
  record,
  someRecords,
  text,
  type NewWireRecord,
} from '../wire-record.ts'

const RECORDS = 50

const byCodec: readonly Scenario[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'].map((codec) => ({
  name: `produce ${codec}`,
  about:
    codec === 'none'
      ? 'records arrive as they were sent'
      : `the batches in the log are compressed with ${codec}, and hold what was sent`,
  needs: ['produce', `codec.${codec}`, 'partition'],
  async run(stage) {
    const topic = await stage.topic(`produce-${codec}`)
    const sent = someRecords(RECORDS, 1)
    const placed = await produce(stage.client, topic, sent, { codec })
    const batches = await readPartition(stage.at, topic, 0)
    stage.equal('codecs of the batches', [...new Set(batches.map((batch) => batch.codec))], [codec])
    sameRecords(stage, batches, sent)
    const told = placed.filter(([, offset]) => offset !== null)
    stage.equal('offsets told', told, sent.map((_, i) => [0, i] as const).slice(0, told.length))
  },
}))

const shapes: Scenario = {
  name: 'shapes of records',
  about: 'null and empty keys and values, headers (twice the same name, null, empty), timestamps',
  needs: ['produce', 'partition'],
  async run(stage) {
    const topic = await stage.topic('shapes')
    const can = (ability: string) => !stage.lacks(ability)
    const at = (i: number) => ({ partition: 0, timestamp: BASE_TIME + i })
    const sent: NewWireRecord[] = [record('key', 'value', at(0)), record(null, 'value', at(1))]
    if (can('key.empty')) sent.push(record('', 'value', at(2)))
    if (can('value.null')) sent.push(record('key', null, at(3)))
    if (can('value.empty')) sent.push(record('key', '', at(4)))
    const binary = { key: Buffer.from([0, 255, 10, 13, 128]).toString('base64') }
    sent.push(record(null, 'bytes', { ...binary, ...at(5) }))
    if (can('headers')) {
      sent.push(record('key', 'one header', { headers: [['a', text('1')]], ...at(6) }))
      const headers: [string, string | null][] = [
        ['twice', text('1')],
        ['twice', text('2')],
        ['empty', ''],
        ['ü', text('ü')],
      ]
      if (can('headers.null')) headers.push(['null', null])
      sent.push(record('key', 'headers', { headers, ...at(7) }))
    }
    await produce(stage.client, topic, sent)
    sameRecords(stage, await readPartition(stage.at, topic, 0), sent)
  },
}

const timestamps: Scenario = {
  name: 'timestamps of its own',
  about: 'where the application gives no time, the library puts the time of sending',
  needs: ['produce', 'partition'],
  async run(stage) {
    const topic = await stage.topic('now')
    const before = Date.now()
    await produce(stage.client, topic, [record('key', 'value', { partition: 0 })])
    const after = Date.now()
    const [batch] = await readPartition(stage.at, topic, 0)
    const time = batch!.records[0]!.timestamp!
    stage.holds(`time of sending in ${before}..${after}`, time >= before && time <= after, time)
  },
}

const large: Scenario = {
  name: 'records of 1 MB',
  about: 'values of 1,000,000 bytes that do not compress',
  needs: ['produce', 'large', 'partition'],
  async run(stage) {
    const topic = await stage.topic('large')
    const sent = [0, 1, 2].map((i) => ({
      ...record(`large-${i}`, null, { partition: 0, timestamp: BASE_TIME + i }),
      value: seededBytes(1_000_000, i).toString('base64'),
    }))
    // One at a time: two of them in one batch would be over the broker's limit.
    for (const one of sent) await produce(stage.client, topic, [one])
    sameRecords(stage, await readPartition(stage.at, topic, 0), sent)
  },
}

const tooLarge: Scenario = {
  name: 'too large',
  about: 'a record over max.message.bytes of the topic is refused by its name, what follows is not',
  needs: ['produce', 'createTopic', 'partition'],
  async run(stage) {
    const topic = await stage.topicByClient('too-large', 1, { 'max.message.bytes': '10000' })
    const value = seededBytes(20_000, 7).toString('base64')
    const tooBig = [{ ...record('big', null, { partition: 0 }), value }]
    const MESSAGE_TOO_LARGE = 10
    await stage.refused('20,000 bytes', MESSAGE_TOO_LARGE, produce(stage.client, topic, tooBig))
    const small = [record('small', 'value', { partition: 0, timestamp: BASE_TIME })]
    await produce(stage.client, topic, small)
    sameRecords(stage, await readPartition(stage.at, topic, 0), small)
  },
}

const partitions: Scenario = {
  name: 'explicit partitions',
  about: 'a record goes to the partition that it names',
  needs: ['produce', 'partition'],
  async run(stage) {
    const topic = await stage.topic('explicit', 5)
    const sent = Array.from({ length: 20 }, (_, i) =>
      record(`k${i}`, `v${i}`, { partition: (i * 3) % 5, timestamp: BASE_TIME + i }),
    )
    await produce(stage.client, topic, sent)
    for (let partition = 0; partition < 5; partition++) {
      const batches = await readPartition(stage.at, topic, partition)
      const here = sent.filter((one) => one.partition === partition)
      sameRecords(stage, batches, here)
    }
  },
}

const keys: Scenario = {
  name: 'partition of a key',
  about: '200 keys lie in the partitions where the Java client puts them (murmur2)',
  needs: ['produce', 'murmur2'],
  async run(stage) {
    const topic = await stage.topic('keys', 7)
    const keysOfAllLengths = Array.from({ length: 200 }, (_, i) => seededBytes(1 + (i % 33), i))
    const sent = keysOfAllLengths.map((key, i) =>
      record(null, `v${i}`, { key: key.toString('base64') }),
    )
    await produce(stage.client, topic, sent)
    const found = new Map<string, number>()
    for (const batch of await readTopic(stage.at, topic, 7)) {
      for (const one of batch.records) found.set(one.value!, one.partition)
    }
    const expected = keysOfAllLengths.map((key, i) => [text(`v${i}`), partitionOfKey(key, 7)])
    stage.equal(
      'partitions',
      sent.map(({ value }) => [value, found.get(value!)]),
      expected,
    )
  },
}

const idempotence: Scenario = {
  name: 'idempotent producer',
  about:
    '500 records in ten requests of the application: sequences without a gap, each record once',
  needs: ['produce', 'idempotent', 'partition'],
  async run(stage) {
    const topic = await stage.topic('idempotent')
    const sent = someRecords(500, 2)
    for (let i = 0; i < sent.length; i += 50) {
      await produce(stage.client, topic, sent.slice(i, i + 50), { idempotent: true })
    }
    const batches = await readPartition(stage.at, topic, 0)
    sameRecords(stage, batches, sent)
    stage.holds(
      'every batch has a producer id',
      batches.every(({ producerId }) => producerId >= 0),
    )
    const expected = new Map<number, number>()
    for (const { producerId, baseSequence, records } of batches) {
      const next = expected.get(producerId) ?? 0
      stage.equal(`sequence of producer ${producerId}`, baseSequence, next)
      expected.set(producerId, next + records.length)
    }
  },
}

export const producing: readonly Scenario[] = [
  ...byCodec,
  shapes,
  timestamps,
  large,
  tooLarge,
  partitions,
  keys,
  idempotence,
]

export async function produce(
  client: Driver,
  topic: string,
  records: readonly NewWireRecord[],
  { codec = 'none', idempotent = false } = {},
): Promise<(readonly [number | null, number | null])[]> {
  const answer = await client.ask('produce', { topic, codec, idempotent, records })
  return answer['placed'] as (readonly [number | null, number | null])[]
}

function sameRecords(
  stage: Stage,
  batches: readonly RawBatch[],
  sent: readonly NewWireRecord[],
): void {
  const { lacks } = stage.client.greeting
  const found = batches.flatMap((batch) => batch.records)
  stage.equal('number of records', found.length, sent.length)
  for (const [i, one] of sent.entries()) {
    stage.equal(`record ${i}`, content(found[i]!, lacks), content(one, lacks))
  }
}
