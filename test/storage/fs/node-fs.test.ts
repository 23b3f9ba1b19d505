import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, describe, expect, test } from 'vitest'
import { lockHolders } from '../../../storage/fs/node-lock.ts'
import { nodeFileSystem } from '../../../storage/fs/node-fs.ts'
import { fileSystemConformance } from './conformance.ts'

const made: string[] = []
function fresh(prefix = 'samsa-fs-') {
  const directory = mkdtempSync(`${tmpdir()}/${prefix}`)
  made.push(directory)
  return { fs: nodeFileSystem(), directory }
}
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true })
})

describe('node', () => fileSystemConformance(fresh))

/** A process that listens on the lock's name in `directory` and is then killed without a chance. */
async function leaveStaleLock(directory: string): Promise<void> {
  const script = `process.chdir(${JSON.stringify(directory)})
    require('net').createServer().listen('.samsa-lock', () => console.log('held'))`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  expect(await nodeFileSystem().lock(directory)).toBeUndefined()
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
}

test('the lock of a killed process is replaced, by one', async () => {
  const { fs, directory } = fresh()
  await leaveStaleLock(directory)
  expect(readdirSync(directory)).toEqual(['.samsa-lock'])
  const lock = await fs.lock(directory)
  expect(lock).toBeDefined()
  expect(await fs.lock(directory)).toBeUndefined()
  lock?.release()
  expect(readdirSync(directory)).toEqual([])
})

test.runIf(process.platform === 'linux')('a long path is locked like a short one', async () => {
  const { fs, directory } = fresh(`samsa-${'long'.repeat(40)}-`)
  const lock = await fs.lock(directory)
  expect(lock).toBeDefined()
  expect(await fs.lock(directory)).toBeUndefined()
  lock?.release()
})

test('who holds a record lock on a file stands in /proc/locks', () => {
  const locks = [
    '1: FLOCK  ADVISORY  WRITE 11 fd:00:4711 0 EOF',
    '2: POSIX  ADVISORY  WRITE 12 fd:00:4711 0 EOF',
    '3: POSIX  ADVISORY  READ  13 fd:00:4711 0 EOF',
    '4: POSIX  ADVISORY  WRITE 14 00:1c:47111 0 0',
    '4: -> POSIX  ADVISORY  WRITE 15 00:1c:5 0 0',
    '',
  ].join('\n')
  expect(lockHolders(locks, 4711n)).toEqual([12])
  expect(lockHolders(locks, 47111n)).toEqual([14])
  expect(lockHolders(locks, 1n)).toEqual([])
})
