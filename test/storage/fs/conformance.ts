// What every FileSystem promises; the file of each implementation runs it.
import { expect, test } from 'vitest'
import type { FileSystem } from '../../../storage/fs/fs.ts'
import { readFile, removeFile, replaceFile } from '../../../storage/fs/whole-file.ts'

export interface Place {
  readonly fs: FileSystem
  /** An existing, empty directory. */
  readonly directory: string
}

export function fileSystemConformance(fresh: () => Place): void {
  const bytes = (text: string) => Buffer.from(text)
  const codeOf = (run: () => unknown): unknown => {
    try {
      run()
    } catch (error) {
      return (error as { code?: unknown }).code
    }
    return 'no error'
  }

  test('a file that is created can be written, read and measured', () => {
    const { fs, directory } = fresh()
    const handle = fs.open(`${directory}/a`, 'create')
    handle.write(bytes('hello'), 0, 5, 0)
    handle.write(bytes('xxJ'), 2, 1, 0)
    expect(handle.size()).toBe(5)
    const into = Buffer.alloc(8, '.')
    expect(handle.read(into, 1, 7, 1)).toBe(4)
    expect(into.toString()).toBe('.ello...')
    expect(handle.read(into, 0, 4, 5)).toBe(0)
    handle.close()
    expect(readFile(fs, `${directory}/a`)?.toString()).toBe('Jello')
  })

  test('a write behind the end leaves zeros, a truncated file is cut or padded with zeros', () => {
    const { fs, directory } = fresh()
    const handle = fs.open(`${directory}/a`, 'create')
    handle.write(bytes('z'), 0, 1, 3)
    handle.truncate(2)
    handle.truncate(5)
    handle.close()
    expect(readFile(fs, `${directory}/a`)).toEqual(Buffer.from([0, 0, 0, 0, 0]))
  })

  test('large files keep every byte across the borders of chunks', () => {
    const { fs, directory } = fresh()
    const content = Buffer.allocUnsafe(700_000)
    for (let i = 0; i < content.length; i++) content[i] = (i * 31 + (i >> 8)) & 0xff
    const handle = fs.open(`${directory}/a`, 'create')
    handle.write(content, 0, 300_001, 0)
    handle.write(content, 300_001, content.length - 300_001, 300_001)
    const into = Buffer.alloc(600_000)
    expect(handle.read(into, 0, into.length, 99_999)).toBe(into.length)
    expect(into.equals(content.subarray(99_999, 699_999))).toBe(true)
    handle.truncate(262_144)
    handle.truncate(262_200)
    handle.close()
    const cut = readFile(fs, `${directory}/a`)
    expect(cut?.subarray(0, 262_144).equals(content.subarray(0, 262_144))).toBe(true)
    expect(cut?.subarray(262_144)).toEqual(Buffer.alloc(56))
  })

  test('the modes of open tell what is there from what is not', () => {
    const { fs, directory } = fresh()
    expect(codeOf(() => fs.open(`${directory}/a`, 'read'))).toBe('ENOENT')
    expect(codeOf(() => fs.open(`${directory}/a`, 'read-write'))).toBe('ENOENT')
    expect(codeOf(() => fs.open(`${directory}/no/a`, 'create'))).toBe('ENOENT')
    fs.open(`${directory}/a`, 'create-exclusive').close()
    expect(codeOf(() => fs.open(`${directory}/a`, 'create-exclusive'))).toBe('EEXIST')
    const kept = fs.open(`${directory}/a`, 'create')
    kept.write(bytes('1'), 0, 1, 0)
    kept.close()
    fs.open(`${directory}/a`, 'create').close()
    const reading = fs.open(`${directory}/a`, 'read')
    expect(reading.size()).toBe(1)
    expect(codeOf(() => reading.write(bytes('2'), 0, 1, 0))).toBe('EBADF')
    reading.close()
  })

  test('directories are made with their parents, listed, and removed when empty', () => {
    const { fs, directory } = fresh()
    fs.mkdir(`${directory}/x/y`)
    fs.mkdir(`${directory}/x/y`)
    fs.open(`${directory}/x/f`, 'create').close()
    expect(fs.readdir(`${directory}/x`).sort()).toEqual(['f', 'y'])
    expect(codeOf(() => fs.readdir(`${directory}/none`))).toBe('ENOENT')
    expect(codeOf(() => fs.readdir(`${directory}/x/f`))).toBe('ENOTDIR')
    expect(codeOf(() => fs.mkdir(`${directory}/x/f`))).toBe('EEXIST')
    expect(codeOf(() => fs.rmdir(`${directory}/x`))).toBe('ENOTEMPTY')
    fs.rmdir(`${directory}/x/y`)
    fs.unlink(`${directory}/x/f`)
    fs.rmdir(`${directory}/x`)
    expect(fs.readdir(directory)).toEqual([])
    expect(codeOf(() => fs.rmdir(`${directory}/x`))).toBe('ENOENT')
  })

  test('stat tells files, directories and nothing apart', () => {
    const { fs, directory } = fresh()
    replaceFile(fs, `${directory}/a`, 'abc')
    expect(fs.stat(`${directory}/a`)).toMatchObject({ kind: 'file', size: 3 })
    expect(fs.stat(directory)?.kind).toBe('directory')
    expect(fs.stat(`${directory}/b`)).toBeUndefined()
  })

  test('rename replaces a file and moves a directory with what is in it', () => {
    const { fs, directory } = fresh()
    replaceFile(fs, `${directory}/a`, 'new')
    replaceFile(fs, `${directory}/b`, 'old')
    fs.rename(`${directory}/a`, `${directory}/b`)
    expect(readFile(fs, `${directory}/b`)?.toString()).toBe('new')
    expect(readFile(fs, `${directory}/a`)).toBeUndefined()
    fs.mkdir(`${directory}/t-0`)
    replaceFile(fs, `${directory}/t-0/f`, 'in')
    fs.rename(`${directory}/t-0`, `${directory}/t-0.gone`)
    expect(readFile(fs, `${directory}/t-0.gone/f`)?.toString()).toBe('in')
    expect(codeOf(() => fs.rename(`${directory}/none`, `${directory}/x`))).toBe('ENOENT')
  })

  test('an open handle outlives the name of its file', () => {
    const { fs, directory } = fresh()
    replaceFile(fs, `${directory}/a`, 'still here')
    const handle = fs.open(`${directory}/a`, 'read')
    expect(removeFile(fs, `${directory}/a`)).toBe(true)
    expect(removeFile(fs, `${directory}/a`)).toBe(false)
    const into = Buffer.alloc(10)
    expect(handle.read(into, 0, 10, 0)).toBe(10)
    expect(into.toString()).toBe('still here')
    handle.close()
  })

  test('the callback forms complete later and do the same', async () => {
    const { fs, directory } = fresh()
    const handle = fs.open(`${directory}/a`, 'create')
    let synchronous = true
    const written = await new Promise<boolean>((resolve, reject) => {
      handle.writeLater(bytes('later'), 0, 5, 0, (error) => {
        if (error === null) resolve(synchronous)
        else reject(error)
      })
      synchronous = false
    })
    expect(written).toBe(false)
    await new Promise<void>((resolve) => handle.syncLater(() => resolve()))
    const into = Buffer.alloc(9)
    const read = await new Promise<number>((resolve) => {
      handle.readLater(into, 0, 9, 1, (_error, bytesRead) => resolve(bytesRead))
    })
    expect(into.subarray(0, read).toString()).toBe('ater')
    handle.sync()
    handle.close()
    fs.syncDirectory(directory)
  })

  test('a directory is locked by one at a time', async () => {
    const { fs, directory } = fresh()
    const first = await fs.lock(directory)
    expect(first).toBeDefined()
    expect(await fs.lock(directory)).toBeUndefined()
    first?.release()
    first?.release()
    const second = await fs.lock(directory)
    expect(second).toBeDefined()
    second?.release()
    expect(fs.readdir(directory)).toEqual([])
  })
}
