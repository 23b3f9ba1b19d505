import { expect, test } from 'vitest'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { readQuorumState, writeQuorumState } from '../../src/raft/quorum-state.ts'
import { MemoryFileSystem } from '../../storage/fs/memory-fs.ts'
import { writeFile } from '../../storage/fs/whole-file.ts'

function directory(content?: string): MemoryFileSystem {
  const clock = new VirtualClock()
  const fs = new MemoryFileSystem({ defer: (run) => clock.endOfTurn(run), now: () => clock.now() })
  fs.mkdir('/q')
  if (content !== undefined) writeFile(fs, '/q/quorum-state', Buffer.from(content))
  return fs
}

test('files as Apache Kafka writes them are read', () => {
  const fixed =
    '{"clusterId":"","leaderId":1,"leaderEpoch":2,"votedId":-1,"appliedOffset":0,' +
    '"currentVoters":[{"voterId":1}],"data_version":0}'
  expect(readQuorumState(directory(fixed), '/q')).toEqual({
    leaderId: 1,
    leaderEpoch: 2,
    votedId: -1,
    votedDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAA',
    staticVoters: [1],
  })
  const dynamic =
    '{"leaderId":1,"leaderEpoch":1,"votedId":-1,' +
    '"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}'
  expect(readQuorumState(directory(dynamic), '/q')).toMatchObject({ leaderId: 1, leaderEpoch: 1 })
})

test.each(['', '{', '[]', '{"leaderId":1}', 'null'])('%j is garbled', (content) => {
  expect(readQuorumState(directory(content), '/q')).toBe('garbled')
})

test('no file is no state; what is written is read back', () => {
  const fs = directory()
  expect(readQuorumState(fs, '/q')).toBeUndefined()
  const state = {
    leaderId: 3,
    leaderEpoch: 9,
    votedId: 3,
    votedDirectoryId: 'xtSHvXVP-7_CZqwgaj6yiA',
  }
  writeQuorumState(fs, '/q', state, undefined)
  expect(readQuorumState(fs, '/q')).toEqual(state)
})
