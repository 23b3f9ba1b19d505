import { describe, expect, test } from 'vitest'
import { afterSync, nextEpoch, takeLeadership } from '../../src/raft/quorum.ts'

describe('the quorum of one', () => {
  test.each([
    [[], 1],
    [[0, 0], 1],
    [[3, 7, 5], 8],
  ])('after the epochs %j comes %i', (known, next) => {
    expect(nextEpoch(known)).toBe(next)
  })

  test('records of earlier epochs are committed only with one of the own epoch', () => {
    const started = takeLeadership(1, 4, 10)
    expect(afterSync(started, 10).highWatermark).toBe(-1)
    expect(afterSync(started, 11).highWatermark).toBe(11)
  })

  test('the high watermark never goes back', () => {
    const committed = afterSync(takeLeadership(1, 4, 10), 20)
    expect(afterSync(committed, 15)).toBe(committed)
    expect(afterSync(committed, 21).highWatermark).toBe(21)
  })
})
