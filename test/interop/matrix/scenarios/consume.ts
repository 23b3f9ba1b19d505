// What a library reads of a log that it did not write.
import { COMPRESSION_TYPES, type NewRecord } from '../../../../protocol/records/index.ts'
import { sleep } from '../../trial.ts'
import { appendBatch, readPartition, readTopic } from '../raw-log.ts'
import { recordsOf, type Scenario, type Stage } from '../scenario.ts'
import { seededBytes } from '../seeded-bytes.ts'
import { BASE_TIME, content, type WireRecord } from '../wire-record.ts'

const bytes = (value: string) => Buffer.from(value)

const shapes: readonly NewRecord[] = [
  { timestamp: BASE_TIME, key: bytes('key'), value: bytes('value') },
  { timestamp: BASE_TIME + 1, key: null, value: bytes('value') },
  { timestamp: BASE_TIME + 2, key: bytes(''), value: bytes('') },
  { timestamp: BASE_TIME + 3, key: bytes('key'), value: null },
  { timestamp: BASE_TIME + 4, key: bytes('key'), value: bytes('samsa '.repeat(200)) },
  {
    timestamp: BASE_TIME + 5,
    key: bytes('key'),
    value: bytes('headers'),
    headers: [
      { key: 'twice', value: bytes('1') },
      { key: 'twice', value: bytes('2') },
      { key: 'empty', value: bytes('') },
      { key: 'ü', value: bytes('ü') },
    ],
  },
]

const byCodec: readonly Scenario[] = COMPRESSION_TYPES.map((codec) => ({
  name: `consume ${codec}`,
  about: `batches of ${codec} between plain ones: records of all shapes, in order`,
  needs: ['consume', `codec.${codec}`],
  async run(stage) {
    const topic = await stage.topic(`consume-${codec}`)
    for (const each of [codec, 'none', codec]) await appendBatch(stage.at, topic, 0, shapes, each)
    const all = await contents(stage, topic)
    const count = shapes.length * 3
    same(stage, await consume(stage, topic, [[0, 0]], count), all)
    // From the middle of a batch: what is before is not handed out.
    same(stage, await consume(stage, topic, [[0, 3]], count - 3), all.slice(3))
  },
}))

const largeRecords: Scenario = {
  name: 'consume 1 MB',
  about: 'records of 1,000,000 bytes, larger than what a client asks for at a time',
  needs: ['consume', 'large'],
  async run(stage) {
    const topic = await stage.topic('consume-large')
    for (let i = 0; i < 4; i++) {
      const value = seededBytes(1_000_000, i)
      await appendBatch(stage.at, topic, 0, [{ timestamp: BASE_TIME, key: bytes(`k${i}`), value }])
    }
    same(stage, await consume(stage, topic, [[0, 0]], 4), await contents(stage, topic))
  },
}

const manyPartitions: Scenario = {
  name: 'consume partitions',
  about: 'some partitions of a topic, each from an offset of its own',
  needs: ['consume'],
  async run(stage) {
    const topic = await stage.topic('assigned', 4)
    for (let partition = 0; partition < 4; partition++) {
      const records = Array.from({ length: 10 }, (_, i) => ({
        timestamp: BASE_TIME + i,
        key: bytes(`p${partition}`),
        value: bytes(`v${i}`),
      }))
      await appendBatch(stage.at, topic, partition, records)
    }
    const found = await consume(stage, topic, [[0, 0], [2, 7], [3, 9]], 14) // prettier-ignore
    const places = found.map(({ partition, offset }) => [partition, offset])
    const expected = [...upTo(10).map((i) => [0, i]), [2, 7], [2, 8], [2, 9], [3, 9]]
    stage.equal('partitions and offsets', places, expected)
  },
}

const waiting: Scenario = {
  name: 'wait at the end',
  about: 'a consumer that waits at the end of a log is given a record as soon as there is one',
  needs: ['consume'],
  async run(stage) {
    const topic = await stage.topic('waiting')
    const asked = stage.client.ask('consume', {
      topic,
      from: [[0, 0]],
      count: 1,
      timeoutMs: 15_000,
    })
    // Time to open, to read nothing and to wait; a client that is slower finds the record there.
    await sleep(700)
    await appendBatch(stage.at, topic, 0, shapes.slice(0, 1))
    stage.equal(
      'offsets',
      recordsOf(await asked).map(({ offset }) => offset),
      [0],
    )
  },
}

const times: Scenario = {
  name: 'seek by time',
  about: 'the first offset at or after a time; none after the last',
  needs: ['times'],
  async run(stage) {
    const topic = await stage.topic('times', 2)
    for (let batch = 0; batch < 5; batch++) {
      const records = upTo(10).map((i) => ({
        timestamp: BASE_TIME + (batch * 10 + i) * 100,
        key: null,
        value: bytes(`v${i}`),
      }))
      await appendBatch(stage.at, topic, 0, records, batch % 2 === 0 ? 'none' : 'gzip')
    }
    const expected: [number, number][] = [
      [BASE_TIME - 1, 0],
      [BASE_TIME, 0],
      [BASE_TIME + 1, 1],
      [BASE_TIME + 1700, 17],
      [BASE_TIME + 1750, 18],
      [BASE_TIME + 4900, 49],
      [BASE_TIME + 4901, -1],
    ]
    for (const [time, offset] of expected) {
      const answer = await stage.client.ask('times', { topic, times: [[0, time]] })
      stage.equal(`offset at ${time - BASE_TIME} ms`, answer['offsets'], [[0, offset]])
    }
  },
}

const ends: Scenario = {
  name: 'earliest and latest',
  about: 'the first and the next offset of partitions, after records were deleted too',
  needs: ['ends'],
  async run(stage) {
    const topic = await stage.topic('ends', 2)
    await appendBatch(stage.at, topic, 1, shapes)
    const answer = await stage.client.ask('ends', { topic, partitions: [0, 1] })
    stage.equal('ends', answer['offsets'], [[0, 0, 0], [1, 0, shapes.length]]) // prettier-ignore
    if (stage.lacks('deleteRecords')) return
    await stage.client.ask('deleteRecords', { topic, offsets: [[1, 4]] })
    const after = await stage.client.ask('ends', { topic, partitions: [1] })
    stage.equal('ends after deleteRecords', after['offsets'], [[1, 4, shapes.length]])
    const left = await readPartition(stage.at, topic, 1)
    const offsets = left.flatMap(({ records }) => records.map(({ offset }) => offset))
    stage.equal('last offset left', offsets.at(-1), shapes.length - 1)
  },
}

export const consuming: readonly Scenario[] = [
  ...byCodec,
  largeRecords,
  manyPartitions,
  waiting,
  times,
  ends,
]

async function consume(
  stage: Stage,
  topic: string,
  from: readonly (readonly [number, number])[],
  count: number,
): Promise<WireRecord[]> {
  return recordsOf(await stage.client.ask('consume', { topic, from, count, timeoutMs: 15_000 }))
}

async function contents(stage: Stage, topic: string): Promise<WireRecord[]> {
  return (await readTopic(stage.at, topic, 1)).flatMap(({ records }) => records)
}

function same(stage: Stage, found: readonly WireRecord[], expected: readonly WireRecord[]): void {
  const { lacks } = stage.client.greeting
  const place = ({ partition, offset }: WireRecord) => [partition, offset]
  stage.equal('offsets', found.map(place), expected.map(place))
  for (const [i, one] of expected.entries()) {
    stage.equal(`record ${i}`, content(found[i]!, lacks), content(one, lacks))
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
