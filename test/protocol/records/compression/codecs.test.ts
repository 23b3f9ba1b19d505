import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Codecs } from '../../../../protocol/records/compression/codecs.ts'
import { Scratch } from '../../../../protocol/records/compression/scratch.ts'
import { xxh32 } from '../../../../protocol/records/compression/xxh32.ts'
import { zstdEncode } from '../../../../protocol/records/compression/zstd-encode.ts'
import { ZstdDecoder } from '../../../../protocol/records/compression/zstd.ts'
import { seededRandom } from '../../../../base/random.ts'

const MB = 1024 * 1024
const CAP = 64 * MB
const NAMES = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const COMPRESSING = [1, 2, 3, 4]
const codecs = new Codecs()

interface Frame {
  readonly name: string
  readonly codec: number
  readonly length: number
  readonly sha256: string
  readonly bytes: string
}

const frames = JSON.parse(
  readFileSync(new URL('../../../golden/records/frames.json', import.meta.url), 'utf8'),
) as Frame[]

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Text of `length` bytes, compressible as text is. */
function text(length: number): Buffer {
  const random = seededRandom(length)
  let out = ''
  while (out.length < length) out += `${(random.uint32() % 500) * 7919} record, offset `
  return Buffer.from(out.slice(0, length))
}

function decompressed(codec: number, bytes: Uint8Array): Buffer {
  const result = codecs.decompress(codec, bytes, CAP)
  if (typeof result === 'string') throw new Error(result)
  return Buffer.from(result)
}

/** CPU seconds that `run` took: steadier than the clock on a shared machine. */
function cpuSeconds(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1e6
}

describe('decompress', () => {
  test.each(frames)('reads what the reference tool wrote: $name', (frame) => {
    const result = decompressed(frame.codec, Buffer.from(frame.bytes, 'base64'))
    expect(result.length).toBe(frame.length)
    expect(sha256(result)).toBe(frame.sha256)
  })

  test.each(frames.filter((frame) => frame.codec === 4))(
    'reads it without the native zstd: $name',
    (frame) => {
      const scratch = new Scratch()
      scratch.begin(CAP)
      const result = new ZstdDecoder().portable(Buffer.from(frame.bytes, 'base64'), scratch)
      expect(typeof result === 'string' ? result : sha256(result)).toBe(frame.sha256)
    },
  )

  test('gives the bytes themselves for codec 0 and refuses codecs that do not exist', () => {
    const bytes = Buffer.from('as it is')
    expect(codecs.decompress(0, bytes, CAP)).toBe(bytes)
    for (const codec of [5, 6, 7]) {
      expect(codecs.decompress(codec, bytes, CAP)).toBe('UNSUPPORTED_COMPRESSION_TYPE')
    }
  })

  test('reads a raw snappy block, as librdkafka writes it', () => {
    // From the format's description: length 9, literal "abc", copy of 6 from distance 3.
    const raw = Buffer.from([9, 0x08, 0x61, 0x62, 0x63, 0x09, 0x03])
    expect(decompressed(2, raw).toString()).toBe('abcabcabc')
  })

  test('reads the lz4 header checksum of old Kafka producers', () => {
    const frame = Buffer.from(codecs.compress(3, text(500)))
    frame[6] = xxh32(frame, 0, 6) >> 8
    expect(decompressed(3, frame).equals(text(500))).toBe(true)
    frame[6] = frame[6] ^ 1
    expect(codecs.decompress(3, frame, CAP)).toBe('CORRUPT_MESSAGE')
  })

  test.each(COMPRESSING)('reads one stream behind another (codec %i)', (codec) => {
    const parts = [text(3000), Buffer.alloc(0), text(70_000)]
    const joined = Buffer.concat(parts.map((part) => codecs.compress(codec, part)))
    expect(decompressed(codec, joined).equals(Buffer.concat(parts))).toBe(true)
  })

  test.each([3, 4])('steps over skippable frames (codec %i)', (codec) => {
    const skipped = Buffer.from('5d2a4d1803000000616263', 'hex')
    const frame = codecs.compress(codec, text(90))
    expect(decompressed(codec, Buffer.concat([skipped, frame, skipped])).equals(text(90))).toBe(
      true,
    )
    expect(codecs.decompress(codec, skipped.subarray(0, 9), CAP)).toBe('CORRUPT_MESSAGE')
  })
})

describe.each(COMPRESSING)('compress and decompress, codec %i', (codec) => {
  test.each([0, 1, 13, 700, 32_768, 65_537, 131_073, 400_000])('%i bytes of text', (length) => {
    const bytes = text(length)
    const packed = codecs.compress(codec, bytes)
    expect(decompressed(codec, packed).equals(bytes)).toBe(true)
    if (length > 700) expect(packed.length).toBeLessThan(length / 1.5)
  })

  test('any bytes', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc
          .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 5000 }))
          .map(([byte, count]) => new Uint8Array(count).fill(byte)),
      ),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(pieces, (some) => {
        const bytes = Buffer.concat([...some, ...some])
        expect(decompressed(codec, codecs.compress(codec, bytes)).equals(bytes)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('a result of exactly the cap passes, one byte more does not', () => {
    const packed = codecs.compress(codec, text(5000))
    expect(codecs.decompress(codec, packed, 5000)).toHaveLength(5000)
    expect(codecs.decompress(codec, packed, 4999)).toBe('MESSAGE_TOO_LARGE')
    expect(codecs.decompress(codec, packed, 0)).toBe('MESSAGE_TOO_LARGE')
  })

  test('a stream cut anywhere is a fault, or at least shorter', () => {
    const packed = codecs.compress(codec, text(2000))
    for (let cut = 0; cut < packed.length; cut++) {
      const result = codecs.decompress(codec, packed.subarray(0, cut), CAP)
      if (typeof result !== 'string') expect(result.length, `cut at ${cut}`).toBeLessThan(2000)
    }
    expect(codecs.decompress(codec, packed.subarray(0, 0), CAP)).toBe('CORRUPT_MESSAGE')
  })

  test('flipped bits are survived', () => {
    const packed = Buffer.from(codecs.compress(codec, text(3000)))
    const seconds = cpuSeconds(() => {
      for (let bit = 0; bit < packed.length * 8; bit += 3) {
        packed[bit >> 3]! ^= 1 << (bit & 7)
        const result = codecs.decompress(codec, packed, MB)
        if (typeof result !== 'string') expect(result.length).toBeLessThanOrEqual(MB)
        packed[bit >> 3]! ^= 1 << (bit & 7)
      }
    })
    expect(seconds).toBeLessThan(10)
  })

  test('any bytes behind a good header are survived', () => {
    const header = Buffer.from(codecs.compress(codec, text(300))).subarray(0, 20)
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 0, max: 20 }),
        (noise, kept) => {
          const bytes = Buffer.concat([header.subarray(0, kept), noise])
          const result = codecs.decompress(codec, bytes, MB)
          if (typeof result !== 'string') expect(result.length).toBeLessThanOrEqual(MB)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('bombs', () => {
  const zeros = Buffer.alloc(80 * MB)

  /** 40 blocks of 4 MB, each a run of zeros. */
  function lz4Bomb(): Buffer {
    const header = Buffer.from('04224d186070', 'hex')
    const run = Buffer.alloc(16_448, 255)
    run.set([0x1f, 0, 1, 0])
    // The end of the match's length, then one last literal.
    run.set([0, 0x10, 0], run.length - 3)
    const size = Buffer.alloc(4)
    size.writeUInt32LE(run.length)
    const blocks = Array.from({ length: 40 }, () => [size, run]).flat()
    const sum = Buffer.from([xxh32(header, 4, 6) >> 8])
    return Buffer.concat([header, sum, ...blocks, Buffer.alloc(4)])
  }

  /** `count` blocks that each repeat a byte 128 K times. */
  function zstdRunBomb(count: number): Buffer {
    const block = Buffer.from([(((128 * 1024) << 3) & 0xff) | 2, 0x00, 0x10, 0x41])
    const last = Buffer.from([3, 0, 0x10, 0x41])
    const header = Buffer.from('28b52ffd0088', 'hex')
    return Buffer.concat([header, ...Array.from({ length: count - 1 }, () => block), last])
  }

  const bombs: [string, number, () => Uint8Array][] = [
    ['gzip', 1, () => gzipSync(zeros)],
    ['snappy that says so', 2, () => Buffer.from('ffffffff0f000000', 'hex')],
    ['snappy in many blocks', 2, () => codecs.compress(2, zeros)],
    ['lz4', 3, lz4Bomb],
    ['zstd that says so', 4, () => zstdEncode(zeros)],
    ['zstd of runs', 4, () => zstdRunBomb(1000)],
    ['zstd of runs in many frames', 4, () => Buffer.concat(Array(20).fill(zstdRunBomb(50)))],
  ]
  test.each(bombs)('%s is refused at the cap', (_name, codec, make) => {
    const bytes = make()
    expect(bytes.length).toBeLessThan(8 * MB)
    const own = new Codecs()
    own.decompress(codec, bytes, CAP)
    const seconds = cpuSeconds(() => {
      expect(own.decompress(codec, bytes, CAP)).toBe('MESSAGE_TOO_LARGE')
    })
    expect(seconds).toBeLessThan(1)
  })

  test('the zstd bomb of runs is a good stream below the cap', () => {
    const result = decompressed(4, zstdRunBomb(500))
    expect(result.length).toBe(500 * 128 * 1024)
    expect(result.equals(Buffer.alloc(result.length, 0x41))).toBe(true)
  })

  test('a zstd window above 128 MB is refused', () => {
    const frame = zstdRunBomb(1)
    frame[5] = 0x89
    expect(codecs.decompress(4, frame, CAP)).toBe('CORRUPT_MESSAGE')
  })

  test('a large scratch is not kept', () => {
    const scratch = new Scratch()
    scratch.begin(CAP)
    expect(scratch.reserve(CAP, 0)).toBe(true)
    expect(scratch.reserve(CAP + 1, 0)).toBe(false)
    expect(scratch.bytes.length).toBe(CAP)
    scratch.release()
    expect(scratch.bytes.length).toBe(0)
  })
})

test('xxh32 gives the published values', () => {
  // xxHash specification, sanity checks: XXH32 with seed 0 of nothing, and of well-known texts.
  expect(xxh32(Buffer.alloc(0), 0, 0)).toBe(0x02cc5d05)
  expect(xxh32(Buffer.from('a'), 0, 1)).toBe(0x550d7456)
  expect(xxh32(Buffer.from('abc'), 0, 3)).toBe(0x32d153ff)
  const sentence = Buffer.from('Nobody inspects the spammish repetition')
  expect(xxh32(sentence, 0, sentence.length)).toBe(0xe2293b2f)
})

test('the codec numbers are those of the record batch', () => {
  expect(
    NAMES.map((_, codec) => decompressed(codec, codecs.compress(codec, text(50))).length),
  ).toEqual([50, 50, 50, 50, 50])
})
