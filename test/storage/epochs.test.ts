import { expect, test } from 'vitest'
import { LeaderEpochs } from '../../storage/epochs.ts'

function epochs(...entries: [number, number][]): LeaderEpochs {
  const made = new LeaderEpochs()
  for (const [epoch, startOffset] of entries) made.assign(epoch, startOffset)
  return made
}

const listed = (of: LeaderEpochs) =>
  of.entries().map(({ epoch, startOffset }) => [epoch, startOffset])

test('an epoch ends where the next one starts, the last one at the log end', () => {
  const known = epochs([2, 10], [4, 30], [7, 60])
  expect(known.endOffsetFor(7, 99)).toEqual({ epoch: 7, endOffset: 99 })
  expect(known.endOffsetFor(4, 99)).toEqual({ epoch: 4, endOffset: 60 })
  expect(known.endOffsetFor(3, 99)).toEqual({ epoch: 2, endOffset: 30 })
  expect(known.endOffsetFor(1, 99)).toEqual({ epoch: 1, endOffset: 10 })
  expect(known.endOffsetFor(8, 99)).toBeUndefined()
  expect(known.endOffsetFor(-1, 99)).toBeUndefined()
  expect(epochs().endOffsetFor(0, 0)).toBeUndefined()
})

test('a new epoch removes entries that contradict it', () => {
  expect(listed(epochs([1, 0], [2, 10], [2, 15]))).toEqual([
    [1, 0],
    [2, 10],
  ])
  expect(listed(epochs([1, 0], [2, 10], [3, 10]))).toEqual([
    [1, 0],
    [3, 10],
  ])
  expect(listed(epochs([1, 0], [2, 10], [3, 5]))).toEqual([
    [1, 0],
    [3, 5],
  ])
  expect(listed(epochs([1, 0], [5, 10], [3, 20]))).toEqual([
    [1, 0],
    [3, 20],
  ])
  expect(listed(epochs([1, 0], [2, 10], [2, 4]))).toEqual([
    [1, 0],
    [2, 4],
  ])
})

test('truncation at the end removes epochs that begin there or later', () => {
  const known = epochs([1, 0], [2, 10], [3, 20])
  known.dirty = false
  known.truncateFromEnd(21)
  expect(known.dirty).toBe(false)
  known.truncateFromEnd(20)
  expect(listed(known)).toEqual([
    [1, 0],
    [2, 10],
  ])
  expect(known.dirty).toBe(true)
})

test('truncation at the start keeps the epoch that covers it', () => {
  const cut = (startOffset: number) => {
    const known = epochs([1, 5], [2, 10], [3, 20])
    known.truncateFromStart(startOffset)
    return listed(known)
  }
  expect(cut(4)).toEqual([
    [1, 5],
    [2, 10],
    [3, 20],
  ])
  expect(cut(7)).toEqual([
    [1, 7],
    [2, 10],
    [3, 20],
  ])
  expect(cut(10)).toEqual([
    [2, 10],
    [3, 20],
  ])
  expect(cut(12)).toEqual([
    [2, 12],
    [3, 20],
  ])
  expect(cut(50)).toEqual([[3, 50]])
})

test('the epoch of an offset is the last that began at it or before', () => {
  const known = epochs([1, 5], [2, 10])
  expect([4, 5, 9, 10, 99].map((offset) => known.epochFor(offset))).toEqual([undefined, 1, 1, 2, 2])
})
