import { expect, test } from 'vitest'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { SnapshotWriter } from '../../src/raft/snapshot.ts'
import { FaultyFileSystem } from '../../storage/fs/faulty-fs.ts'
import { MemoryFileSystem } from '../../storage/fs/memory-fs.ts'

test('a snapshot that fails at any of its operations says so once and keeps no file open', () => {
  for (let at = 0; ; at++) {
    const clock = new VirtualClock()
    const memory = new MemoryFileSystem({
      defer: (run) => clock.endOfTurn(run),
      now: () => clock.now(),
    })
    memory.mkdir('/m')
    const fs = new FaultyFileSystem(memory)
    const facts = {
      id: { endOffset: 7, epoch: 1 },
      lastContainedLogTimestamp: 5,
      voters: undefined,
    }
    const writer = new SnapshotWriter({ fs, clock }, '/m', facts)
    const begun = fs.operations.length
    fs.decide(({ index, kind }) =>
      index === begun + at && kind !== 'close' ? { kind: 'fail', code: 'EIO' } : undefined,
    )
    const outcomes: unknown[] = []
    writer.write([Buffer.from('a'), Buffer.from('b')].values(), (error) => outcomes.push(error))
    clock.settle()
    expect(outcomes).toHaveLength(1)
    expect(fs.operations.filter(({ kind }) => kind === 'close')).toHaveLength(1)
    if (fs.operations.length <= begun + at) {
      expect(outcomes).toEqual([undefined])
      return
    }
  }
})
