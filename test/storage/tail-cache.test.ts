import { expect, test } from 'vitest'
import { type BlockOwner, TailBlock, TailCache } from '../../storage/tail-cache.ts'
import { LogKit, batchesIn, collect } from './log-kit.ts'

const PLACE = { segmentBaseOffset: 0, filePosition: 0, firstOffset: 0 }

class Owner implements BlockOwner {
  readonly evicted: TailBlock[] = []
  blockEvicted(block: TailBlock): void {
    this.evicted.push(block)
  }
}

test('blocks of a log grow while it fills them', () => {
  const cache = new TailCache(64 * 1024 * 1024)
  const owner = new Owner()
  const sizes: number[] = []
  let block: TailBlock | undefined
  for (let i = 0; i < 5; i++) {
    block = cache.take(owner, 100, PLACE, block)
    sizes.push(block.buffer.length / 1024)
  }
  expect(sizes).toEqual([16, 64, 256, 1024, 1024])
  expect(cache.take(owner, 3_000_000, PLACE, block).buffer.length).toBe(3_000_000)
})

test('over the budget the least recently used written block goes', () => {
  const cache = new TailCache(48 * 1024)
  const owner = new Owner()
  const [first, second, third] = [0, 1, 2].map(() => cache.take(owner, 100, PLACE, undefined))
  first!.used = first!.written = 10
  second!.used = 10
  cache.touch(first!)
  cache.take(owner, 100, PLACE, undefined)
  expect(owner.evicted).toEqual([third])
  cache.take(owner, 100, PLACE, undefined)
  expect(owner.evicted).toEqual([third, first])
})

test('a buffer is reused only when nobody reads it any more', () => {
  const cache = new TailCache(1024 * 1024)
  const owner = new Owner()
  const block = cache.take(owner, 100, PLACE, undefined)
  cache.retain(block)
  cache.evict(block)
  const other = cache.take(owner, 100, PLACE, undefined)
  expect(other.buffer).not.toBe(block.buffer)
  cache.release(block)
  expect(cache.take(owner, 100, PLACE, undefined).buffer).toBe(block.buffer)
  expect(() => cache.release(block)).toThrow('once per reference')
})

test('a slice keeps its bytes while the log runs through the whole budget', () => {
  const kit = new LogKit({}, 64 * 1024)
  kit.append(1, { text: 'first'.repeat(20) })
  kit.log.flushWrites()
  const slice = kit.log.read(0, 1e6, {})
  const before =
    slice === 'OFFSET_OUT_OF_RANGE' ? undefined : Buffer.from(slice.parts[0] as Uint8Array)
  for (let i = 0; i < 200; i++) {
    kit.append(1, { text: 'x'.repeat(5000) })
    kit.log.flushWrites()
  }
  expect(kit.tail.residentBytes).toBeLessThanOrEqual(64 * 1024)
  expect(collect(slice)).toEqual(before)
  expect(batchesIn(collect(kit.log.read(0, 1, { minOneMessage: true })))).toEqual([[0, 0]])
})

test('a log that is closed gives its blocks back', () => {
  const kit = new LogKit()
  for (let i = 0; i < 50; i++) kit.append(1, { text: 'x'.repeat(5000) })
  kit.log.flushWrites()
  expect(kit.tail.residentBytes).toBeGreaterThan(200_000)
  kit.log.close()
  expect(kit.tail.residentBytes).toBe(0)
})
