// Nanoseconds and megabytes per second of what a produced batch costs besides its write: checksum,
// header, record walk, codecs. `node scripts/run-ts.mjs bench/micro/records.ts`. CPU time, the best of
// five rounds: on a shared machine the clock says little.
import { seededRandom } from '../../base/random.ts'
import { BatchView } from '../../protocol/records/batch.ts'
import { buildBatch } from '../../protocol/records/builder.ts'
import { Codecs } from '../../protocol/records/compression/codecs.ts'
import { crc32c, portableCrc32c } from '../../protocol/records/crc32c.ts'
import { RecordCursor } from '../../protocol/records/record.ts'

const CAP = 64 * 1024 * 1024
const ROUNDS = 5
const ROUND_SECONDS = 0.15
const random = seededRandom(1)

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Prints one row: what, per call, and per byte where `bytes` is given. */
function row(what: string, bytes: number, run: () => void): void {
  let calls = 0
  const until = cpuSeconds() + ROUND_SECONDS
  while (cpuSeconds() < until) for (let i = 0; i < 10; i++, calls++) run()
  let best = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const start = cpuSeconds()
    for (let i = 0; i < calls; i++) run()
    best = Math.min(best, (cpuSeconds() - start) / calls)
  }
  const nanoseconds = (best * 1e9).toFixed(best < 1e-6 ? 1 : 0).padStart(10)
  const rate = (bytes / best / 1e6).toFixed(0).padStart(7)
  const perGigabyte = ((best / bytes) * 1e9).toFixed(2).padStart(6)
  process.stdout.write(`${what.padEnd(44)} ${nanoseconds} ns ${rate} MB/s ${perGigabyte} s/GB\n`)
}

const WORDS = 'the log is an append only totally ordered sequence of records ordered by time'.split(
  ' ',
)

function words(length: number): Buffer {
  let text = ''
  while (text.length < length) text += `${WORDS[random.uint32() % WORDS.length]} `
  return Buffer.from(text.slice(0, length))
}

/** Half of it random: as the payloads of most load generators. */
function halfRandom(length: number): Buffer {
  return Buffer.concat([random.bytes(length / 2), words(length / 2)])
}

function checksums(): void {
  const bytes = Buffer.from(random.bytes(1024 * 1024))
  for (const size of [61, 200, 400, 1024, 16_384, 1024 * 1024]) {
    row(`crc32c, portable, ${size} B`, size, () => portableCrc32c(bytes, 0, size))
    row(`crc32c, as called, ${size} B`, size, () => crc32c(bytes, 0, size))
  }
}

function walks(): void {
  for (const size of [100, 1024]) {
    const records = Array.from({ length: Math.floor(100_000 / size) }, (_, i) => ({
      timestamp: 1_700_000_000_000 + i,
      key: random.bytes(8),
      value: random.bytes(size - 8),
    }))
    const batch = buildBatch(records)
    const view = new BatchView(batch)
    const cursor = new RecordCursor()
    row(`walk ${records.length} records of ${size} B`, batch.length, () => {
      cursor.at(batch, view.recordsStart, view.end, view.recordCount)
      while (cursor.next()) if (cursor.keyLength < 0) throw new Error('a record without its key')
    })
  }
}

function codecRows(): void {
  const codecs = new Codecs()
  const payloads = {
    'half random': Buffer.concat(Array.from({ length: 100 }, () => halfRandom(1024))),
    words: words(100 * 1024),
  }
  const names = ['', 'gzip', 'snappy', 'lz4', 'zstd']
  for (const [kind, payload] of Object.entries(payloads)) {
    for (const codec of [1, 2, 3, 4]) {
      const packed = codecs.compress(codec, payload)
      const ratio = (payload.length / packed.length).toFixed(2)
      const what = `${names[codec]}, ${kind}`
      row(`compress ${what} (${ratio}:1)`, payload.length, () => codecs.compress(codec, payload))
      row(`decompress ${what}`, payload.length, () => codecs.decompress(codec, packed, CAP))
    }
  }
}

checksums()
walks()
codecRows()
