// A FileSystem whose operations fail where a test wants it. Every operation is recorded and shown
// to `decide` first; the inner file system sees only what passes. Power loss is
// MemoryFileSystem.crash; here the operations of the dying process stop.
import type { DirectoryLock, FileHandle, FileStat, FileSystem, OpenMode } from './fs.ts'
import { FsError, type FsErrorCode } from './fs-error.ts'

export type OperationKind =
  | 'open'
  | 'readdir'
  | 'mkdir'
  | 'rename'
  | 'unlink'
  | 'rmdir'
  | 'stat'
  | 'syncDirectory'
  | 'size'
  | 'read'
  | 'write'
  | 'truncate'
  | 'sync'
  | 'close'

export interface Operation {
  /** Counts from 0 over the life of the file system. */
  readonly index: number
  readonly kind: OperationKind
  readonly path: string
  /** Bytes asked for, by read, write and truncate. */
  readonly length: number
}

export type Fault =
  | { readonly kind: 'fail'; readonly code: FsErrorCode }
  /** A write of its first `bytes` that then fails. */
  | { readonly kind: 'tear'; readonly bytes: number; readonly code: FsErrorCode }
  /** A read that returns at most `bytes`. */
  | { readonly kind: 'short'; readonly bytes: number }
  /** This and every later operation fails; a write may leave its first `bytes`. */
  | { readonly kind: 'die'; readonly bytes: number }

export type Decide = (operation: Operation) => Fault | undefined

export class FaultyFileSystem implements FileSystem {
  readonly operations: Operation[] = []
  readonly #handles = new Set<FileHandle>()
  readonly #inner: FileSystem
  #decide: Decide
  #dead = false

  constructor(inner: FileSystem, decide: Decide = () => undefined) {
    this.#inner = inner
    this.#decide = decide
  }

  /** Replaces what decides from now on. */
  decide(decide: Decide): void {
    this.#decide = decide
  }

  open(path: string, mode: OpenMode): FileHandle {
    return this.#run('open', path, 0, () => {
      const inner = this.#inner.open(path, mode)
      const file = new FaultyFile(this, inner, () => this.#handles.delete(file))
      this.#handles.add(file)
      return file
    })
  }

  /** Of the handles that were opened and not closed. */
  openPaths(): string[] {
    return Array.from(this.#handles, ({ path }) => path)
  }

  readdir(path: string): string[] {
    return this.#run('readdir', path, 0, () => this.#inner.readdir(path))
  }

  mkdir(path: string): void {
    this.#run('mkdir', path, 0, () => this.#inner.mkdir(path))
  }

  rename(from: string, to: string): void {
    this.#run('rename', from, 0, () => this.#inner.rename(from, to))
  }

  unlink(path: string): void {
    this.#run('unlink', path, 0, () => this.#inner.unlink(path))
  }

  rmdir(path: string): void {
    this.#run('rmdir', path, 0, () => this.#inner.rmdir(path))
  }

  stat(path: string): FileStat | undefined {
    return this.#run('stat', path, 0, () => this.#inner.stat(path))
  }

  space(path: string): { readonly totalBytes: number; readonly usableBytes: number } {
    return this.#inner.space(path)
  }

  syncDirectory(path: string): void {
    this.#run('syncDirectory', path, 0, () => this.#inner.syncDirectory(path))
  }

  lock(directory: string): Promise<DirectoryLock | undefined> {
    return this.#inner.lock(directory)
  }

  /** Of the handles only: records, asks `decide`, throws what it says. */
  consult(kind: OperationKind, path: string, length: number): Fault | undefined {
    const operation = { index: this.operations.length, kind, path, length }
    this.operations.push(operation)
    if (this.#dead) throw new FsError('EIO', kind, path)
    const fault = this.#decide(operation)
    if (fault?.kind === 'fail') throw new FsError(fault.code, kind, path)
    if (fault?.kind === 'die') {
      this.#dead = true
      if (kind !== 'write') throw new FsError('EIO', kind, path)
    }
    return fault
  }

  #run<T>(kind: OperationKind, path: string, length: number, work: () => T): T {
    this.consult(kind, path, length)
    return work()
  }
}

class FaultyFile implements FileHandle {
  readonly path: string
  readonly fd: number
  readonly #system: FaultyFileSystem
  readonly #inner: FileHandle
  readonly #closed: () => void

  constructor(system: FaultyFileSystem, inner: FileHandle, closed: () => void) {
    this.#system = system
    this.#inner = inner
    this.#closed = closed
    this.path = inner.path
    this.fd = inner.fd
  }

  size(): number {
    this.#system.consult('size', this.path, 0)
    return this.#inner.size()
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number {
    const fault = this.#system.consult('read', this.path, length)
    return this.#inner.read(into, offset, readable(fault, length), position)
  }

  write(from: Uint8Array, offset: number, length: number, position: number): void {
    const fault = this.#system.consult('write', this.path, length)
    const bytes = writable(fault, length)
    this.#inner.write(from, offset, bytes, position)
    if (fault !== undefined) throw tornWrite(fault, this.path)
  }

  truncate(length: number): void {
    this.#system.consult('truncate', this.path, length)
    this.#inner.truncate(length)
  }

  sync(): void {
    this.#system.consult('sync', this.path, 0)
    this.#inner.sync()
  }

  close(): void {
    // A close that fails lets go of its descriptor too.
    this.#closed()
    this.#system.consult('close', this.path, 0)
    this.#inner.close()
  }

  readLater(
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, bytesRead: number) => void,
  ): void {
    const { fault, failure } = this.#ask('read', length)
    this.#inner.readLater(into, offset, readable(fault, length), position, (error, bytesRead) =>
      done(failure ?? error, failure === null ? bytesRead : 0),
    )
  }

  writeLater(
    from: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void {
    const { fault, failure } = this.#ask('write', length)
    const bytes = failure === null ? writable(fault, length) : 0
    const torn = fault === undefined ? null : tornWrite(fault, this.path)
    this.#inner.writeLater(from, offset, bytes, position, (error) => done(failure ?? torn ?? error))
  }

  /** A failing sync syncs nothing, but still completes later. */
  syncLater(done: (error: Error | null) => void): void {
    const { failure } = this.#ask('sync', 0)
    if (failure === null) this.#inner.syncLater(done)
    else this.#inner.readLater(Buffer.alloc(0), 0, 0, 0, () => done(failure))
  }

  #ask(kind: OperationKind, length: number): { fault: Fault | undefined; failure: Error | null } {
    try {
      return { fault: this.#system.consult(kind, this.path, length), failure: null }
    } catch (error) {
      return { fault: undefined, failure: error as Error }
    }
  }
}

function readable(fault: Fault | undefined, length: number): number {
  return fault?.kind === 'short' ? Math.min(length, fault.bytes) : length
}

function writable(fault: Fault | undefined, length: number): number {
  if (fault?.kind === 'tear' || fault?.kind === 'die') return Math.min(length, fault.bytes)
  return length
}

function tornWrite(fault: Fault, path: string): FsError {
  return new FsError(fault.kind === 'tear' ? fault.code : 'EIO', 'write', path)
}
