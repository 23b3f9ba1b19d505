// A fixed piece of work that dies at every one of its file operations in turn, with every kind of
// power loss; then recovery itself dies at every one of its operations.
import { expect, test } from 'vitest'
import { FaultyFileSystem } from '../../storage/fs/faulty-fs.ts'
import type { Survival } from '../../storage/fs/memory-fs.ts'
import type { Log } from '../../storage/log.ts'
import type { LogFailure } from '../../storage/log-failure.ts'
import { LogKit, replayed } from './log-kit.ts'

const SURVIVALS: Survival[] = ['synced', 'written', 'torn']

interface Progress {
  kit: LogKit
  /** Bases of batches that were reported as synced and not removed since. */
  synced: number[]
  /** Bases of all batches that may be there. */
  possible: Set<number>
  recoveryPoint: number
  logStartOffset: number
}

function ok(failure: LogFailure | undefined): void {
  if (failure !== undefined) throw failure
}

function noteSynced(progress: Progress): void {
  const { log } = progress.kit
  ok(log.sync())
  progress.synced = replayed(log).map(([base]) => base)
  progress.recoveryPoint = log.recoveryPoint
}

function append(progress: Progress, count: number, epoch: number): void {
  for (let i = 0; i < count; i++) {
    const { kit } = progress
    const fields = { partitionLeaderEpoch: epoch, producerId: 7, producerEpoch: epoch }
    progress.possible.add(kit.log.logEndOffset)
    kit.append(2, { ...fields, baseSequence: i * 2, text: 'x'.repeat(100) })
  }
  ok(progress.kit.log.flushWrites())
}

function work(progress: Progress): void {
  const { kit } = progress
  append(progress, 3, 0)
  noteSynced(progress)
  append(progress, 4, 1)
  kit.clock.settle()
  noteSynced(progress)
  append(progress, 2, 2)
  const cut = 10
  progress.synced = progress.synced.filter((base) => base < cut)
  ok(kit.log.truncateTo(cut))
  progress.possible = new Set([...progress.possible].filter((base) => base < cut))
  progress.recoveryPoint = Math.min(progress.recoveryPoint, cut)
  append(progress, 2, 3)
  progress.synced = progress.synced.filter((base) => base >= 6)
  progress.logStartOffset = 6
  ok(kit.log.deleteRecordsBefore(6))
  noteSynced(progress)
  kit.clock.advance(120_000)
  ok(kit.log.close())
  kit.open({ recoveryPoint: progress.recoveryPoint, logStartOffset: 6 })
  append(progress, 3, 4)
}

function start(): Progress {
  const kit = new LogKit({ segmentBytes: 700, indexIntervalBytes: 100 })
  return { kit, synced: [], possible: new Set(), recoveryPoint: 0, logStartOffset: 0 }
}

/** Runs the work until operation `at`, which leaves half of what it writes; true when it died. */
function runUntil(progress: Progress, at: number): boolean {
  const { kit } = progress
  kit.fs = new FaultyFileSystem(kit.memory, (operation) =>
    operation.index === at ? { kind: 'die', bytes: operation.length >> 1 } : undefined,
  )
  try {
    kit.open({ cleanShutdown: false })
    work(progress)
    return false
  } catch (error) {
    expect(String(error)).toContain('EIO')
    return true
  } finally {
    kit.fs = kit.memory
  }
}

function reopen({ kit, recoveryPoint, logStartOffset }: Progress): Log {
  return kit.open({ cleanShutdown: false, recoveryPoint, logStartOffset })
}

function check(progress: Progress, log: Log): void {
  const found = replayed(log).map(([base]) => base)
  const there = new Set(found)
  const lost = progress.synced.filter((base) => base >= progress.logStartOffset && !there.has(base))
  const alien = found.filter((base) => !progress.possible.has(base))
  const disordered = found.filter((base, i) => i > 0 && base <= found[i - 1]!)
  const last = found.at(-1)
  const known = log.producers.get(7)?.batches.at(-1)?.lastOffset
  const forgotten = last !== undefined && known !== last + 1
  expect({ lost, alien, disordered, forgotten }).toEqual({
    lost: [],
    alien: [],
    disordered: [],
    forgotten: false,
  })
}

for (const survival of SURVIVALS) {
  test(`dying at any operation loses nothing synced when ${survival} bytes are left`, () => {
    let at = 0
    for (let died = true; died; at++) {
      const progress = start()
      died = runUntil(progress, at)
      progress.kit.memory.crash(() => survival)
      try {
        const log = reopen(progress)
        check(progress, log)
        append(progress, 1, 9)
        check(progress, log)
        ok(log.close())
        progress.kit.reports.length = 0
        const { logStartOffset } = progress
        check(progress, progress.kit.open({ recoveryPoint: log.recoveryPoint, logStartOffset }))
        expect(progress.kit.reports).toEqual([])
      } catch (error) {
        throw new Error(`operation ${at}: ${String(error)}`, { cause: error })
      }
    }
    expect(at).toBeGreaterThan(100)
  })
}

test('dying at any operation of the recovery changes nothing of its result', () => {
  for (let first = 20; ; first += 19) {
    let died = true
    let result: string | undefined
    for (let at = 0; died; at++) {
      const progress = start()
      if (!runUntil(progress, first)) return
      progress.kit.memory.crash(() => 'torn')
      const { kit } = progress
      kit.fs = new FaultyFileSystem(kit.memory, ({ index, length }) =>
        index === at ? { kind: 'die', bytes: length >> 1 } : undefined,
      )
      try {
        reopen(progress)
        died = false
      } catch (error) {
        expect(String(error)).toContain('EIO')
      }
      kit.fs = kit.memory
      kit.memory.crash(() => 'torn')
      const log = reopen(progress)
      check(progress, log)
      const outcome = JSON.stringify([replayed(log), log.leaderEpochs.entries()])
      result ??= outcome
      expect(outcome).toBe(result)
    }
  }
})

test('the first write of a log waits for no sync, and the first sync makes all its files durable', () => {
  const kit = new LogKit()
  const files = new FaultyFileSystem(kit.memory)
  kit.fs = files
  kit.open({ cleanShutdown: false })
  kit.append(2)
  ok(kit.log.flushWrites())
  const syncs = files.operations.filter(({ kind }) => kind === 'sync' || kind === 'syncDirectory')
  expect(syncs).toEqual([])
  ok(kit.log.sync())
  kit.memory.crash(() => 'synced')
  for (const name of ['partition.metadata', 'leader-epoch-checkpoint']) {
    expect(kit.memory.stat(`/logs/t-0/${name}`)?.size).toBeGreaterThan(0)
  }
})
