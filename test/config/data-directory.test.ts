import { expect, test } from 'vitest'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { claimDataDirectory, directoryFailure } from '../../src/config/data-directory.ts'
import { FsError } from '../../storage/fs/fs-error.ts'
import { MemoryFileSystem } from '../../storage/fs/memory-fs.ts'
import { readFile, writeFile } from '../../storage/fs/whole-file.ts'

function memory(): MemoryFileSystem {
  const clock = new VirtualClock()
  return new MemoryFileSystem({ defer: (run) => clock.endOfTurn(run), now: () => clock.now() })
}

test('a new directory is made, kept out of version control and locked', async () => {
  const fs = memory()
  const lock = await claimDataDirectory(fs, '/srv/data')
  expect(readFile(fs, '/srv/data/.gitignore')!.toString()).toBe('*\n')
  expect(fs.readdir('/srv/data')).toEqual(['.gitignore'])
  await expect(claimDataDirectory(fs, '/srv/data')).rejects.toThrow(
    'The data directory /srv/data is in use by another broker: stop that one, or choose another directory with --data-dir.',
  )
  lock.release()
  await claimDataDirectory(fs, '/srv/data')
})

test('a directory that was there keeps what is in it', async () => {
  const fs = memory()
  fs.mkdir('/d')
  writeFile(fs, '/d/meta.properties', Buffer.from('version=1'))
  await claimDataDirectory(fs, '/d')
  expect(fs.readdir('/d')).toEqual(['meta.properties'])
})

test('a path through a file is one sentence', async () => {
  const fs = memory()
  writeFile(fs, '/file', Buffer.from(''))
  await expect(claimDataDirectory(fs, '/file/data')).rejects.toThrow(
    'The data directory /file/data is not a directory, or a part of its path is a file: choose another one with --data-dir.',
  )
})

test('a read-only file system is named, a bug is passed through', () => {
  expect(directoryFailure('/d', new FsError('EROFS', 'open', '/d/x'))).toMatchObject({
    sentence:
      'The data directory /d is not writable, since its file system is mounted read-only: choose another one with --data-dir.',
    exitCode: 1,
  })
  const bug = new TypeError('x is undefined')
  expect(directoryFailure('/d', bug)).toBe(bug)
})
