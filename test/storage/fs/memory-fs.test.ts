import { describe, expect, test } from 'vitest'
import { FaultyFileSystem } from '../../../storage/fs/faulty-fs.ts'
import { MemoryFileSystem } from '../../../storage/fs/memory-fs.ts'
import { readFile, replaceFile, writeFile } from '../../../storage/fs/whole-file.ts'
import { fileSystemConformance } from './conformance.ts'

const memory = (crashable = true) =>
  new MemoryFileSystem({ defer: (run) => void setImmediate(run), now: () => 7, crashable })

function place(fs: MemoryFileSystem) {
  fs.mkdir('/logs')
  return { fs, directory: '/logs' }
}

describe('memory', () => fileSystemConformance(() => place(memory())))
describe('memory without a durable view', () => fileSystemConformance(() => place(memory(false))))
describe('faulty that lets all pass', () => {
  fileSystemConformance(() => {
    const inner = memory()
    return { ...place(inner), fs: new FaultyFileSystem(inner) }
  })
})

function crashed(survival: 'synced' | 'written' | 'torn'): MemoryFileSystem {
  const fs = memory()
  fs.mkdir('/logs')
  fs.syncDirectory('/')
  const handle = fs.open('/logs/a', 'create')
  fs.syncDirectory('/logs')
  handle.write(Buffer.from('sync'), 0, 4, 0)
  handle.sync()
  handle.write(Buffer.from('lost'), 0, 4, 4)
  writeFile(fs, '/logs/unnamed', Buffer.from('x'), true)
  fs.crash((path) => (path === '/logs/a' ? survival : 'synced'))
  expect(() => handle.size()).toThrow('EBADF')
  return fs
}

test('a power loss leaves synced bytes under synced names', () => {
  const fs = crashed('synced')
  expect(readFile(fs, '/logs/a')?.toString()).toBe('sync')
  expect(fs.readdir('/logs')).toEqual(['a'])
})

test('a power loss may leave unsynced bytes, or half of them and zeros', () => {
  expect(readFile(crashed('written'), '/logs/a')?.toString()).toBe('synclost')
  expect(readFile(crashed('torn'), '/logs/a')?.toString()).toBe('synclo\0\0')
})

test('a replaced file survives a power loss', () => {
  const fs = memory()
  fs.mkdir('/logs')
  fs.syncDirectory('/')
  replaceFile(fs, '/logs/a', 'one')
  fs.crash()
  expect(readFile(fs, '/logs/a')?.toString()).toBe('one')
})

test('a power loss at any operation of a replacement leaves the old file or the new', () => {
  for (let at = 0; at <= 7; at++) {
    const inner = memory()
    inner.mkdir('/logs')
    inner.syncDirectory('/')
    replaceFile(inner, '/logs/a', 'old')
    const fs = new FaultyFileSystem(inner, (operation) =>
      operation.index === at ? { kind: 'die', bytes: 1 } : undefined,
    )
    const replace = () => replaceFile(fs, '/logs/a', 'new')
    if (at < 7) expect(replace).toThrow('EIO')
    else replace()
    inner.crash()
    expect(readFile(inner, '/logs/a')?.toString()).toBe(at < 7 ? 'old' : 'new')
  }
})

test('a faulty file system fails, tears and shortens what it is told to', () => {
  const inner = memory()
  inner.mkdir('/logs')
  const fs = new FaultyFileSystem(inner)
  const handle = fs.open('/logs/a', 'create')
  fs.decide(({ kind }) =>
    kind === 'write' ? { kind: 'tear', bytes: 2, code: 'ENOSPC' } : undefined,
  )
  expect(() => handle.write(Buffer.from('abcd'), 0, 4, 0)).toThrow('ENOSPC')
  fs.decide(({ kind }) => (kind === 'read' ? { kind: 'short', bytes: 1 } : undefined))
  expect(handle.read(Buffer.alloc(4), 0, 4, 0)).toBe(1)
  fs.decide(({ kind }) => (kind === 'sync' ? { kind: 'fail', code: 'EIO' } : undefined))
  expect(() => handle.sync()).toThrow('EIO')
  expect(readFile(inner, '/logs/a')?.toString()).toBe('ab')
  expect(fs.operations.map(({ kind, path, length }) => [kind, path, length])).toEqual([
    ['open', '/logs/a', 0],
    ['write', '/logs/a', 4],
    ['read', '/logs/a', 4],
    ['sync', '/logs/a', 0],
  ])
})
