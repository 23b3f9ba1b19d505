// Produce: acks, topics that are not there, batches no sane producer sends, and what is answered for a
// retried, a skipped and a fenced sequence.
import { batch, BASE_TIME, encodeRecord, oldMessage, simpleBatch } from '../batch.ts'
import { numberAt } from '../pick.ts'
import { fetchFrom, listOffsets, makeTopic, produce, UNKNOWN_ID } from '../steps.ts'
import type { Scenario, Trial } from '../trial.ts'

export const produceVersions: Scenario = {
  name: '00-produce-versions',
  async run(t) {
    const topic = await makeTopic(t, 'a', 2)
    for (const version of t.versions('Produce', 3)) {
      for (const acks of [-1, 1]) await produce(t, topic, simpleBatch(3), { version, acks })
      await produce(t, topic, simpleBatch(1), { version, partition: 1 })
      await produce(t, topic, simpleBatch(1), { version, partition: 2, label: 'no partition' })
      await produce(t, topic, simpleBatch(1), { version, partition: -1, label: 'partition -1' })
      const missing = { name: t.named('missing'), id: UNKNOWN_ID }
      await produce(t, missing, simpleBatch(1), { version, label: 'no topic' })
      await produce(t, topic, simpleBatch(1), { version, acks: 2, label: 'acks 2' })
      await t.call('Produce', version, { acks: -1, timeoutMs: 1000, topicData: [] })
      await produce(t, topic, simpleBatch(1, { crcError: 1 }), { version, label: 'bad crc' })
    }
    await fetchFrom(t, topic)
  },
}

export const produceBadBatches: Scenario = {
  name: '00-produce-bad-batches',
  async run(t) {
    const one = simpleBatch(1)
    const cases: [string, Buffer | null][] = [
      ['bad crc', simpleBatch(2, { crcError: 0x80 })],
      ['two batches', Buffer.concat([one, one])],
      ['empty records', Buffer.alloc(0)],
      ['cut', one.subarray(0, one.length - 3)],
      ['cut header', one.subarray(0, 40)],
      ['trailing bytes', Buffer.concat([one, Buffer.alloc(7)])],
      ['control bit', simpleBatch(1, { attributes: 0x20 })],
      ['transactional without a producer', simpleBatch(1, { attributes: 0x10 })],
      ['log append time bit', simpleBatch(1, { attributes: 0x08 })],
      ['delete horizon bit', simpleBatch(1, { attributes: 0x40 })],
      ['codec 5', simpleBatch(1, { attributes: 5 })],
      ['codec 7', simpleBatch(1, { attributes: 7 })],
      ['gzip that is none', simpleBatch(1, { attributes: 1, payload: Buffer.from('junk') })],
      ['gzip', simpleBatch(5, { attributes: 1 })],
      ['magic 0', oldMessage(0, 'old')],
      ['magic 1', oldMessage(1, 'old')],
      ['magic 3', simpleBatch(1, { magic: 3 })],
      ['magic -1', simpleBatch(1, { magic: -1 })],
      ['count too high', simpleBatch(2, { recordCount: 3 })],
      ['count too low', simpleBatch(2, { recordCount: 1 })],
      ['count 0', batch([], { lastOffsetDelta: 0 })],
      ['count -1', simpleBatch(1, { recordCount: -1 })],
      ['last delta too high', simpleBatch(2, { lastOffsetDelta: 5 })],
      ['last delta too low', simpleBatch(2, { lastOffsetDelta: 0 })],
      ['base offset 77', simpleBatch(1, { baseOffset: 77 })],
      ['leader epoch 9', simpleBatch(1, { leaderEpoch: 9 })],
      ['length too long', simpleBatch(1, { lengthError: 1 })],
      ['length too short', simpleBatch(1, { lengthError: -1 })],
      ['offset deltas from 1', batch([{ value: 'a', offsetDelta: 1 }], { lastOffsetDelta: 1 })],
      ['offset delta twice', batch([{ value: 'a' }, { value: 'b', offsetDelta: 0 }])],
      ['junk record', simpleBatch(1, { payload: Buffer.from([0x7f, 0, 0]) })],
      ['record with attributes', simpleBatch(1, { payload: spoiled() })],
      ['max timestamp too high', simpleBatch(1, { maxTimestamp: BASE_TIME + 99 })],
      ['max timestamp too low', batch([{ value: 'a', delta: 50 }], { maxTimestamp: BASE_TIME })],
      ['no timestamp', simpleBatch(1, { baseTimestamp: -1, maxTimestamp: -1 })],
      ['timestamp -5', simpleBatch(1, { baseTimestamp: -5, maxTimestamp: -5 })],
      ['far future', simpleBatch(1, { baseTimestamp: 4e12, maxTimestamp: 4e12 })],
      ['null key and value', batch([{ key: null, value: null }])],
      [
        'headers',
        batch([
          {
            value: 'h',
            headers: [
              ['a', 'b'],
              ['', null],
            ],
          },
        ]),
      ],
    ]
    // Each into a partition of its own, behind one good batch.
    const topic = await makeTopic(t, 'a', cases.length)
    for (const [partition, [label, records]] of cases.entries()) {
      await produce(t, topic, one, { partition })
      await produce(t, topic, records, { label, partition })
      await fetchFrom(t, topic, { label: `there after ${label}`, partition })
    }
  },
}

function spoiled(): Buffer {
  const record = encodeRecord({ value: 'a' }, 0)
  record[1] = 0x55
  return record
}

export const produceTopicConfigs: Scenario = {
  name: '00-produce-topic-configs',
  async run(t) {
    const compact = await makeTopic(t, 'compact', 1, { 'cleanup.policy': 'compact' })
    const keyless = batch([{ key: 'k', value: 'a' }, { value: 'b' }, { value: 'c' }])
    for (const version of t.versions('Produce', 3)) {
      await produce(t, compact, keyless, { version, label: 'no key in a compacted topic' })
    }
    await produce(t, compact, simpleBatch(2), { label: 'keys' })
    const small = await makeTopic(t, 'small', 1, { 'max.message.bytes': '200' })
    await produce(t, small, simpleBatch(1, {}, 300), { label: 'too large' })
    await produce(t, small, simpleBatch(1, {}, 10), { label: 'not too large' })
    await produce(t, small, simpleBatch(1, {}, exactly(200)), { label: 'exactly' })
    await produce(t, small, simpleBatch(1, {}, exactly(200) + 1), { label: 'one more' })
    const stamped = await makeTopic(t, 'stamped', 1, { 'message.timestamp.type': 'LogAppendTime' })
    for (const version of t.versions('Produce', 3))
      await produce(t, stamped, simpleBatch(2), { version })
    await fetchFrom(t, stamped)
    const strict = await makeTopic(t, 'strict', 1, {
      'message.timestamp.before.max.ms': '1000',
      'message.timestamp.after.max.ms': '1000',
    })
    for (const version of t.versions('Produce', 3)) {
      await produce(t, strict, simpleBatch(3), { version, label: 'too old' })
    }
    const future = { baseTimestamp: 4e12, maxTimestamp: 4e12 + 10 }
    await produce(t, strict, simpleBatch(2, future), { label: 'too new' })
    await produce(t, strict, simpleBatch(2, { baseTimestamp: -1, maxTimestamp: -1 }))
    const gzip = await makeTopic(t, 'gzip', 1, { 'compression.type': 'gzip' })
    await produce(t, gzip, simpleBatch(3), { label: 'recompressed' })
    await listOffsets(t, gzip.name, -1)
    const many = await makeTopic(t, 'segments', 1, { 'segment.bytes': '1048576' })
    await produce(t, many, simpleBatch(1, {}, 1_000_000), { label: 'nearly a segment' })
    await produce(t, many, simpleBatch(1, {}, 1_048_000), { label: 'larger than the limit' })
    const segment = await makeTopic(t, 'segment', 1, {
      'segment.bytes': '1048576',
      'max.message.bytes': '3000000',
    })
    await produce(t, segment, simpleBatch(1, {}, 2_000_000), { label: 'larger than a segment' })
  },
}

/** The size of the value that makes simpleBatch(1) that many bytes (two-byte lengths inside). */
function exactly(total: number): number {
  for (let size = 0; ; size++) if (simpleBatch(1, {}, size).length === total) return size
}

export const produceZstd: Scenario = {
  name: '00-produce-zstd',
  async run(t) {
    const topic = await makeTopic(t, 'a')
    // One raw block frame around an encoded record: valid zstd without a compressor.
    const zstd = simpleBatch(1, {
      attributes: 4,
      payload: zstdFrame(encodeRecord({ value: 'z' }, 0)),
    })
    for (const version of t.versions('Produce', 3)) await produce(t, topic, zstd, { version })
    for (const version of t.versions('Fetch', 4)) await fetchFrom(t, topic, { version })
  },
}

function zstdFrame(content: Buffer): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, content.length])
  const block = (content.length << 3) | 1
  return Buffer.concat([head, Buffer.from([block & 255, (block >> 8) & 255, block >> 16]), content])
}

export const produceAcksZero: Scenario = {
  name: '00-produce-acks-0',
  async run(t) {
    const topic = await makeTopic(t, 'a')
    for (const version of t.versions('Produce', 3)) {
      const client = await t.connect()
      await produce(t, topic, simpleBatch(1), { version, acks: 0, on: client, noReply: true })
      await t.call('ApiVersions', 0, {}, { on: client, label: 'goes on' })
    }
    await listOffsets(t, topic.name, -1)
    const client = await t.connect()
    const bad = simpleBatch(1, { crcError: 1 })
    await produce(t, topic, bad, { acks: 0, on: client, noReply: true })
    t.fact('a failure with acks=0 closes', await client.closes(3000))
    await listOffsets(t, topic.name, -1)
  },
}

export const produceSequences: Scenario = {
  name: '00-produce-sequences',
  async run(t) {
    const topic = await makeTopic(t, 'a', 2)
    const init = { transactionalId: null, transactionTimeoutMs: 60_000 }
    const body = await t.ask('InitProducerId', t.newest('InitProducerId'), init)
    const producerId = numberAt(body, 'producerId')
    const send = (label: string, baseSequence: number, fields: Sequenced = {}) =>
      produce(
        t,
        topic,
        simpleBatch(fields.count ?? 1, {
          producerId: fields.producerId ?? producerId,
          producerEpoch: fields.epoch ?? 0,
          baseSequence,
        }),
        { label, partition: fields.partition ?? 0 },
      )
    await send('a gap at the start', 5, { partition: 1 })
    await send('first', 0)
    await send('second', 1, { count: 3 })
    await send('retry of the second', 1, { count: 3 })
    await send('retry, other count', 1, { count: 2 })
    await send('a gap', 9)
    await send('third', 4)
    for (let i = 5; i < 10; i++) await send(`then ${i}`, i)
    await send('retry of the sixth last', 4)
    await send('retry of the fifth last', 5)
    await send('retry of the last', 9)
    await send('an old one', 0)
    await send('epoch 1 from 0', 0, { epoch: 1 })
    await send('epoch 1 goes on', 1, { epoch: 1 })
    await send('fenced', 10, { epoch: 0 })
    await send('epoch 2 not from 0', 7, { epoch: 2 })
    await send('no sequence', -1)
    await send('negative sequence', -2)
    await send('negative epoch', 0, { epoch: -1 })
    await send('another producer from 3', 3, { producerId: producerId + 500 })
    await send('another producer from 0', 0, { producerId: producerId + 501 })
    await sequenceWrap(t, producerId)
    await fetchFrom(t, topic)
  },
}

interface Sequenced {
  readonly count?: number
  readonly epoch?: number
  readonly producerId?: number
  readonly partition?: number
}

async function sequenceWrap(t: Trial, producerId: number): Promise<void> {
  const topic = await makeTopic(t, 'wrap')
  const max = 2 ** 31 - 1
  const send = (label: string, baseSequence: number, count: number) =>
    produce(t, topic, simpleBatch(count, { producerId, producerEpoch: 0, baseSequence }), { label })
  await send('near the end', max - 1, 1)
  await send('over the end', max, 3)
  await send('after the end', 2, 1)
}
