import { expect, test } from 'vitest'
import { BufferPool } from '../../src/net/buffer-pool.ts'
import { FrameCutter, recognise } from '../../src/net/frames.ts'

const MAX = 100 * 1024 * 1024

function frame(body: string): Buffer {
  const bytes = Buffer.from(body, 'latin1')
  const prefix = Buffer.alloc(4)
  prefix.writeInt32BE(bytes.length)
  return Buffer.concat([prefix, bytes])
}

/** Feeds the pieces as a socket does: each one borrowed, and overwritten after the call. */
function cutAll(cutter: FrameCutter, pieces: readonly Buffer[]): string[] {
  const frames: string[] = []
  for (const piece of pieces) {
    const borrowed = Buffer.from(piece)
    cutter.offer(borrowed)
    while (cutter.next() === 'frame') {
      frames.push(cutter.buffer.toString('latin1', cutter.start, cutter.end))
      cutter.consume()
    }
    cutter.keep()
    borrowed.fill(0xdd)
  }
  return frames
}

test('three frames are cut the same wherever the bytes are cut once or twice', () => {
  const bytes = Buffer.concat([frame('first'), frame(''), frame('the third one')])
  const expected = ['first', '', 'the third one']
  for (let a = 0; a <= bytes.length; a++) {
    for (let b = a; b <= bytes.length; b++) {
      const cutter = new FrameCutter(new BufferPool(), MAX)
      const pieces = [bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b)]
      expect(cutAll(cutter, pieces)).toEqual(expected)
      expect(cutter.heldBytes()).toBe(0)
    }
  }
})

test('byte by byte, frames of many sizes arrive whole', () => {
  const bodies = [0, 1, 1019, 1020, 1021, 3000].map((size) => 'x'.repeat(size))
  const bytes = Buffer.concat(bodies.map(frame))
  const cutter = new FrameCutter(new BufferPool(), MAX)
  const pieces = Array.from(bytes, (byte) => Buffer.from([byte]))
  expect(cutAll(cutter, pieces)).toEqual(bodies)
})

test('a frame far larger than a chunk is put together, and the next one follows', () => {
  const big = 'abcdefghij'.repeat(1_100_000)
  const bytes = Buffer.concat([frame(big), frame('after')])
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += 262_144) pieces.push(bytes.subarray(at, at + 262_144))
  const frames = cutAll(new FrameCutter(new BufferPool(), MAX), pieces)
  expect(frames.length).toBe(2)
  expect(frames[0] === big).toBe(true)
  expect(frames[1]).toBe('after')
})

test('a frame in one piece is a view of the chunk, not a copy', () => {
  const chunk = frame('here')
  const cutter = new FrameCutter(new BufferPool(), MAX)
  cutter.offer(chunk)
  expect(cutter.next()).toBe('frame')
  expect(cutter.buffer).toBe(chunk)
})

test('memory follows the bytes received, never the length announced', () => {
  const taken: number[] = []
  class CountingPool extends BufferPool {
    override take(bytes: number): Buffer {
      const buffer = super.take(bytes)
      taken.push(buffer.length)
      return buffer
    }
  }
  const cutter = new FrameCutter(new CountingPool(), MAX)
  const prefix = Buffer.alloc(4)
  prefix.writeInt32BE(90 * 1024 * 1024)
  expect(cutAll(cutter, [prefix])).toEqual([])
  expect(Math.max(...taken)).toBe(1024)
  for (let i = 0; i < 40; i++) cutAll(cutter, [Buffer.alloc(256 * 1024)])
  expect(cutter.heldBytes()).toBe(4 + 40 * 256 * 1024)
  expect(Math.max(...taken)).toBeLessThanOrEqual(2 * cutter.heldBytes())
})

test('unconsumed frames wait as bytes and are found again after more bytes came', () => {
  const cutter = new FrameCutter(new BufferPool(), MAX)
  for (const body of ['one', 'two', 'three']) {
    cutter.offer(frame(body))
    expect(cutter.next()).toBe('frame')
    cutter.keep()
  }
  expect(cutter.heldBytes()).toBe(4 * 3 + 11)
  expect(cutAll(cutter, [frame('four')])).toEqual(['one', 'two', 'three', 'four'])
})

test.each([
  ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff]), undefined],
  ['2 GiB', Buffer.from([0x7f, 0xff, 0xff, 0xff]), undefined],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n'), 'an HTTP request'],
  ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]), 'a TLS client hello'],
])('%s is refused, and named where it is known', (_name, bytes, named) => {
  for (const pieces of [[bytes], [bytes.subarray(0, 3), bytes.subarray(3)]]) {
    const cutter = new FrameCutter(new BufferPool(), MAX)
    let cut = ''
    for (const piece of pieces) {
      cutter.offer(piece)
      cut = cutter.next()
      if (piece !== pieces.at(-1)) cutter.keep()
    }
    expect(cut).toBe('refused')
    const what = recognise(cutter.firstBytes())
    if (named === undefined) expect(what).toBeUndefined()
    else expect(what).toContain(named)
  }
})
