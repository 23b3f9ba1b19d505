// One operation fails and the process lives: the log says so and stops, or was not touched by it;
// opened again it has everything that flushWrites had reported as written.
import { expect, test } from 'vitest'
import { type Fault, FaultyFileSystem, type Operation } from '../../storage/fs/faulty-fs.ts'
import { LogFailure } from '../../storage/log-failure.ts'
import { LogKit, batchesIn, collect, replayed } from './log-kit.ts'

interface Outcome {
  kit: LogKit
  operations: number
  failure: LogFailure | undefined
  /** Last offsets of batches that were reported as written. */
  acknowledged: number[]
}

/** Appends, rolls and syncs with a fault at operation `at`. */
function runWith(fault: (operation: Operation) => Fault | undefined): Outcome {
  const kit = new LogKit({ segmentBytes: 500, indexIntervalBytes: 100 })
  const faulty = new FaultyFileSystem(kit.memory, fault)
  kit.fs = faulty
  const acknowledged: number[] = []
  let failure: LogFailure | undefined
  try {
    kit.open({ cleanShutdown: false })
    for (let i = 0; i < 12 && failure === undefined; i++) {
      const epoch = i >> 2
      kit.append(2, {
        partitionLeaderEpoch: epoch,
        producerId: 3,
        producerEpoch: epoch,
        baseSequence: (i % 4) * 2,
      })
      const end = kit.log.logEndOffset
      failure = kit.log.flushWrites()
      if (failure === undefined) acknowledged.push(end - 1)
      kit.clock.settle()
      if (i % 5 === 4) failure ??= kit.log.sync()
      failure ??= kit.log.failure
    }
  } catch (error) {
    expect(error).toBeInstanceOf(LogFailure)
    failure = error as LogFailure
  }
  return { kit, operations: faulty.operations.length, failure, acknowledged }
}

function expectNothingLost({ kit, failure, acknowledged }: Outcome, context: string): void {
  try {
    if (failure !== undefined && kit.log.failure !== undefined) {
      expect(kit.log.state).toBe('failed')
      expect(kit.log.logEndOffset).toBe(kit.log.writtenEndOffset)
      expect(() => kit.append(1)).toThrow(LogFailure)
    }
    if (acknowledged.length > 0 && kit.log.state !== 'closed') {
      const last = batchesIn(
        collect(kit.log.read(acknowledged.at(-1)!, 1e6, { minOneMessage: true })),
      )
      expect(last.at(0)?.[1]).toBe(acknowledged.at(-1))
    }
    kit.fs = kit.memory
    kit.log.abandon()
    const log = kit.open({ cleanShutdown: false })
    const found = replayed(log).map(([, lastOffset]) => lastOffset)
    expect(found.slice(0, acknowledged.length)).toEqual(acknowledged)
    expect(found.length - acknowledged.length).toBeLessThanOrEqual(1)
    const kept = log.producers.get(3)?.batches.at(-1)?.lastOffset
    expect(kept).toBe(found.at(-1))
    kit.append(2, { partitionLeaderEpoch: 9 })
    expect(log.flushWrites()).toBeUndefined()
    expect(log.close()).toBeUndefined()
    expect(replayed(kit.open({})).length).toBe(found.length + 1)
  } catch (error) {
    throw new Error(`${context}: ${String(error)}`, { cause: error })
  }
}

for (const code of ['ENOSPC', 'EIO'] as const) {
  test(`${code} at any operation stops the log and loses nothing written`, () => {
    const whole = runWith(() => undefined)
    expect(whole.failure).toBeUndefined()
    expect(whole.acknowledged).toHaveLength(12)
    let failures = 0
    for (let at = 0; at < whole.operations; at++) {
      const outcome = runWith(({ index }) => (index === at ? { kind: 'fail', code } : undefined))
      if (outcome.failure !== undefined) failures++
      expectNothingLost(outcome, `operation ${at}`)
    }
    expect(failures).toBeGreaterThan(50)
  })
}

test('a write that is torn at any place is cut off again', () => {
  for (const bytes of [0, 1, 20, 80]) {
    for (let nth = 0; nth < 12; nth++) {
      let writes = 0
      const outcome = runWith(({ kind, path }) => {
        if (kind !== 'write' || !path.endsWith('.log')) return undefined
        return writes++ === nth ? { kind: 'tear', bytes, code: 'ENOSPC' } : undefined
      })
      expect(outcome.failure?.message).toContain('ENOSPC')
      expect(outcome.acknowledged).toHaveLength(nth)
      expectNothingLost(outcome, `write ${nth}, ${bytes} bytes`)
      expect(outcome.kit.reports).toEqual([])
    }
  }
})

test('short reads change nothing', () => {
  const { kit } = runWith(() => undefined)
  kit.log.abandon()
  kit.fs = new FaultyFileSystem(kit.memory, ({ kind, length }) =>
    kind === 'read' && length > 7 ? { kind: 'short', bytes: 7 } : undefined,
  )
  expect(replayed(kit.open({ cleanShutdown: false }))).toHaveLength(12)
  kit.log.close()
  expect(replayed(kit.open({}))).toHaveLength(12)
  expect(collect(kit.log.read(3, 1e6, {})).length).toBeGreaterThan(100)
})
