import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { join } from '../../storage/fs/path.ts'
import { readFile, writeFile } from '../../storage/fs/whole-file.ts'
import { APACHE_SEGMENT_BYTES, APACHE_TOPIC_ID, appendApacheLog } from './apache-log.ts'
import { LogKit, replayed } from './log-kit.ts'

const DIRECTORY = '/logs/a-0'
/** Hex by name; of the active segment's preallocated indexes without the zeros at the end. */
const apache = JSON.parse(
  readFileSync(new URL('./apache-log.json', import.meta.url), 'utf8'),
) as Record<string, string>

function written(): LogKit {
  const kit = new LogKit({ segmentBytes: APACHE_SEGMENT_BYTES })
  kit.open({ directory: DIRECTORY, topicId: APACHE_TOPIC_ID })
  appendApacheLog(kit.log)
  return kit
}

test('beside the same batches Apache Kafka and we write the same files', () => {
  const kit = written()
  expect(kit.log.close()).toBeUndefined()
  const ours: Record<string, string> = {}
  for (const name of kit.memory.readdir(DIRECTORY)) {
    if (name.endsWith('.log')) continue
    ours[name] = readFile(kit.memory, join(DIRECTORY, name))!.toString('hex')
  }
  expect(ours).toEqual(apache)
})

test('files that Apache Kafka left, preallocated indexes among them, are opened as they are', () => {
  const kit = written()
  kit.log.sync()
  kit.log.abandon()
  for (const [name, hex] of Object.entries(apache)) {
    const padding = /0244\.(time)?index$/.test(name) ? 120_000 : 0
    const bytes = Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(padding)])
    writeFile(kit.memory, join(DIRECTORY, name), bytes)
  }
  const log = kit.open({ directory: DIRECTORY, topicId: APACHE_TOPIC_ID })
  expect(kit.reports).toEqual([])
  expect([log.logEndOffset, log.segmentCount, replayed(log).length]).toEqual([366, 3, 126])
  expect(log.producers.get(1000)?.batches.at(-1)).toMatchObject({ lastSequence: 179 })
  expect(log.leaderEpochs.latest()).toEqual({ epoch: 2, startOffset: 305 })
  expect(log.abortedTxns(0, 366)).toHaveLength(3)
})
