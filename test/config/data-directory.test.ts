import { expect, test } from 'vitest'
import { VirtualClock } from '../../base/virtual-clock.ts'
import {
  claimDataDirectory,
  directoryFailure,
  listenFailure,
} from '../../src/config/data-directory.ts'
import { FsError } from '../../storage/fs/fs-error.ts'
import { MemoryFileSystem } from '../../storage/fs/memory-fs.ts'
import { readFile, writeFile } from '../../storage/fs/whole-file.ts'

function memory(): MemoryFileSystem {
  const clock = new VirtualClock()
  return new MemoryFileSystem({ defer: (run) => clock.endOfTurn(run), now: () => clock.now() })
}

test('a new directory is made, kept out of version control and locked', async () => {
  const fs = memory()
  const lock = await claimDataDirectory(fs, '/work/data')
  expect(readFile(fs, '/work/data/.gitignore')!.toString()).toBe('*\n')
  expect(fs.readdir('/work/data')).toEqual(['.gitignore'])
  await expect(claimDataDirectory(fs, '/work/data')).rejects.toThrow(
    'The data directory /work/data is in use by another broker: stop that one, or choose another directory with --data-dir.',
  )
  lock.release()
  await claimDataDirectory(fs, '/work/data')
})

test('a directory with somebody else files is refused by their names', async () => {
  const fs = memory()
  fs.mkdir('/home/photos')
  for (const name of ['b.jpg', 'a.jpg', 'd.jpg', 'c.jpg', 'greetings-0']) {
    writeFile(fs, `/home/${name}`, Buffer.from(''))
  }
  await expect(claimDataDirectory(fs, '/home')).rejects.toThrow(
    "The data directory /home holds files that are not a broker's (a.jpg, b.jpg, c.jpg and 2 more): choose an empty or new directory with --data-dir.",
  )
  expect(fs.readdir('/home')).not.toContain('.gitignore')
})

test('what Apache Kafka leaves in a directory is welcome', async () => {
  const fs = memory()
  for (const name of [
    '/d/greetings-0',
    '/d/my.topic-with-dash-12',
    '/d/__cluster_metadata-0',
    '/d/old-3.0123456789abcdef0123456789abcdef-delete',
    '/d/lost+found',
  ]) {
    fs.mkdir(name)
  }
  for (const name of [
    'bootstrap.checkpoint',
    'recovery-point-offset-checkpoint',
    'replication-offset-checkpoint',
    'log-start-offset-checkpoint',
    'cleaner-offset-checkpoint',
    '.kafka_cleanshutdown',
    '.lock',
  ]) {
    writeFile(fs, `/d/${name}`, Buffer.from(''))
  }
  await claimDataDirectory(fs, '/d')
  expect(fs.stat('/d/.gitignore')).toBeUndefined()
})

test('a path through a file is one sentence', async () => {
  const fs = memory()
  writeFile(fs, '/file', Buffer.from(''))
  await expect(claimDataDirectory(fs, '/file/data')).rejects.toThrow(
    'The data directory /file/data is not a directory, or a part of its path is a file.',
  )
})

test('a read-only file system is named, a bug is passed through', () => {
  expect(directoryFailure('/d', new FsError('EROFS', 'open', '/d/x'))).toMatchObject({
    sentence: 'The data directory /d cannot be written: its file system is mounted read-only.',
    exitCode: 1,
  })
  const bug = new TypeError('x is undefined')
  expect(directoryFailure('/d', bug)).toBe(bug)
})

test('a taken port is one sentence', () => {
  const taken = Object.assign(new Error('listen'), { code: 'EADDRINUSE' })
  expect(listenFailure('localhost', 9092, taken)).toMatchObject({
    sentence:
      'Port 9092 is taken (localhost:9092): stop what listens there, or choose another one with --port.',
  })
})
