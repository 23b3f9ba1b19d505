// The FileSystem of the process: the only owner of node:fs. The directory lock needs a socket and
// stands in node-lock.ts.
import {
  close,
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  read,
  readSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
  statfsSync,
  unlinkSync,
  write,
  writeSync,
} from 'node:fs'
import type { FileHandle, FileStat, FileSystem, OpenMode } from './fs.ts'
import { codeOf } from './fs-error.ts'
import { lockDirectory } from './node-lock.ts'
import { parentOf } from './path.ts'

const FLAGS = { read: 'r', 'read-write': 'r+', 'create-exclusive': 'wx+' } as const

export function nodeFileSystem(): FileSystem {
  return {
    open: (path, mode) => new NodeFile(path, mode),
    readdir: (path) => readdirSync(path),
    mkdir: (path) => makeDirectory(path.replace(/(?<=[^/])\/+$/, '')),
    rename: (from, to) => renameSync(from, to),
    unlink: (path) => unlinkSync(path),
    rmdir: (path) => rmdirSync(path),
    stat,
    syncDirectory,
    space,
    lock: lockDirectory,
  }
}

/** With its parents. Node's own recursive form answers ENOENT on a read-only file system, and does
 * not return where a directory takes no children (/proc). */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    const code = codeOf(error)
    const parent = parentOf(path)
    if (code === 'EEXIST' && stat(path)?.kind === 'directory') return
    if (code !== 'ENOENT' || parent === path || stat(parent) !== undefined) throw error
    makeDirectory(parent)
    makeDirectory(path)
  }
}

class NodeFile implements FileHandle {
  readonly path: string
  readonly fd: number

  constructor(path: string, mode: OpenMode) {
    this.path = path
    this.fd = mode === 'create' ? openOrCreate(path) : openSync(path, FLAGS[mode])
  }

  size(): number {
    return fstatSync(this.fd).size
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number {
    return readSync(this.fd, into, offset, length, position)
  }

  write(from: Uint8Array, offset: number, length: number, position: number): void {
    let done = 0
    while (done < length) {
      done += writeSync(this.fd, from, offset + done, length - done, position + done)
    }
  }

  truncate(length: number): void {
    ftruncateSync(this.fd, length)
  }

  sync(): void {
    fdatasyncSync(this.fd)
  }

  close(): void {
    closeSync(this.fd)
  }

  readLater(
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, bytesRead: number) => void,
  ): void {
    read(this.fd, into, offset, length, position, (error, bytesRead) => done(error, bytesRead))
  }

  writeLater(
    from: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void {
    write(this.fd, from, offset, length, position, (error, written) => {
      if (error !== null || written === length) done(error)
      else this.writeLater(from, offset + written, length - written, position + written, done)
    })
  }

  syncLater(done: (error: Error | null) => void): void {
    fdatasync(this.fd, (error) => done(error))
  }
}

/** Opens for reading and writing without truncating; 'a+' would write at the end only. */
function openOrCreate(path: string): number {
  for (;;) {
    try {
      return openSync(path, 'r+')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    try {
      return openSync(path, 'wx+')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

function stat(path: string): FileStat | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other'
  return { kind, size: found.size, mtimeMs: found.mtimeMs }
}

/** Windows cannot open a directory; its file system journals names by itself. */
function space(path: string): { totalBytes: number; usableBytes: number } {
  const { bsize, blocks, bavail } = statfsSync(path)
  return { totalBytes: bsize * blocks, usableBytes: bsize * bavail }
}

function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    close(descriptor)
  }
}
