// Files in memory: the in-memory broker's, the simulation's and the tests' file system. With
// `crashable` every file and directory also keeps what a power loss leaves: bytes that were synced,
// names whose directory was synced. Without it nothing is kept twice and crash() is refused.
import { assert } from '../../base/assert.ts'
import type { DirectoryLock, FileHandle, FileStat, FileSystem, OpenMode } from './fs.ts'
import { FsError } from './fs-error.ts'
import { MemoryContent } from './memory-content.ts'

export interface MemoryFileSystemOptions {
  /** Runs a completion later, never at once: Clock.endOfTurn. */
  readonly defer: (run: () => void) => void
  /** Milliseconds since the epoch, for mtimeMs: Clock.now. */
  readonly now: () => number
  readonly crashable?: boolean
}

/** What a power loss leaves of a file that was written after its last sync. */
export type Survival =
  /** Only what was synced. */
  | 'synced'
  /** Everything: the page cache reached the disk in time. */
  | 'written'
  /** The new length with half of the new bytes, the rest zeros. */
  | 'torn'

interface FileNode {
  readonly kind: 'file'
  content: MemoryContent
  /** The content at the last sync. */
  durable: Buffer | undefined
  mtimeMs: number
}

interface DirectoryNode {
  readonly kind: 'directory'
  entries: Map<string, Node>
  /** The entries at the last syncDirectory. */
  durable: Map<string, Node>
}

type Node = FileNode | DirectoryNode

export class MemoryFileSystem implements FileSystem {
  readonly #options: MemoryFileSystemOptions
  #root: DirectoryNode = newDirectory()
  #locked = new Set<string>()
  /** Handles of an earlier generation are of a process that is gone. */
  #generation = 0

  constructor(options: MemoryFileSystemOptions) {
    this.#options = options
  }

  open(path: string, mode: OpenMode): FileHandle {
    const { directory, name } = this.#locate(path, 'open')
    let node = directory.entries.get(name)
    if (node?.kind === 'directory') throw new FsError('EISDIR', 'open', path)
    if (node !== undefined && mode === 'create-exclusive') throw new FsError('EEXIST', 'open', path)
    if (node === undefined) {
      if (mode === 'read' || mode === 'read-write') throw new FsError('ENOENT', 'open', path)
      node = this.#newFile()
      directory.entries.set(name, node)
    }
    return this.#handle(path, node, mode !== 'read')
  }

  readdir(path: string): string[] {
    return [...this.#directory(path, 'scandir').entries.keys()].sort()
  }

  mkdir(path: string): void {
    let at = this.#root
    for (const name of namesOf(path)) {
      let next = at.entries.get(name)
      if (next === undefined) {
        next = newDirectory()
        at.entries.set(name, next)
      }
      if (next.kind === 'file') throw new FsError('EEXIST', 'mkdir', path)
      at = next
    }
  }

  rename(from: string, to: string): void {
    const source = this.#locate(from, 'rename')
    const node = source.directory.entries.get(source.name)
    if (node === undefined) throw new FsError('ENOENT', 'rename', from)
    const target = this.#locate(to, 'rename')
    const replaced = target.directory.entries.get(target.name)
    if (replaced === node) return
    if (replaced !== undefined) refuseReplacement(node, replaced, to)
    source.directory.entries.delete(source.name)
    target.directory.entries.set(target.name, node)
  }

  unlink(path: string): void {
    const { directory, name } = this.#locate(path, 'unlink')
    const node = directory.entries.get(name)
    if (node === undefined) throw new FsError('ENOENT', 'unlink', path)
    if (node.kind === 'directory') throw new FsError('EISDIR', 'unlink', path)
    directory.entries.delete(name)
  }

  rmdir(path: string): void {
    const { directory, name } = this.#locate(path, 'rmdir')
    const node = directory.entries.get(name)
    if (node === undefined) throw new FsError('ENOENT', 'rmdir', path)
    if (node.kind === 'file') throw new FsError('ENOTDIR', 'rmdir', path)
    if (node.entries.size > 0) throw new FsError('ENOTEMPTY', 'rmdir', path)
    directory.entries.delete(name)
  }

  stat(path: string): FileStat | undefined {
    const node = this.#find(path)
    if (node === undefined) return undefined
    return node.kind === 'file'
      ? { kind: 'file', size: node.content.size, mtimeMs: node.mtimeMs }
      : { kind: 'directory', size: 0, mtimeMs: 0 }
  }

  /** As much as this process may have; nothing is counted. */
  space(path: string): { totalBytes: number; usableBytes: number } {
    this.#directory(path, 'statfs')
    return { totalBytes: 2 ** 40, usableBytes: 2 ** 40 }
  }

  syncDirectory(path: string): void {
    const directory = this.#directory(path, 'open')
    if (this.#options.crashable === true) directory.durable = new Map(directory.entries)
  }

  lock(directory: string): Promise<DirectoryLock | undefined> {
    const key = `/${namesOf(directory).join('/')}`
    if (this.#locked.has(key)) return Promise.resolve(undefined)
    if (this.#find(directory)?.kind !== 'directory') {
      return Promise.reject(new FsError('ENOENT', 'lock', directory))
    }
    const generation = this.#generation
    this.#locked.add(key)
    return Promise.resolve({
      release: () => {
        if (generation === this.#generation) this.#locked.delete(key)
      },
    })
  }

  /** Power loss: open handles and locks die; `survives` says what is left of unsynced bytes and
   * (for a directory's path) of unsynced names. Nothing, unless told. */
  crash(survives: (path: string) => Survival = () => 'synced'): void {
    assert(this.#options.crashable === true, 'only a crashable memory file system can crash')
    this.#generation++
    this.#locked = new Set()
    crashDirectory(this.#root, '', survives)
  }

  #newFile(): FileNode {
    const durable = this.#options.crashable === true ? Buffer.alloc(0) : undefined
    return { kind: 'file', content: new MemoryContent(), durable, mtimeMs: this.#options.now() }
  }

  #handle(path: string, node: FileNode, writable: boolean): FileHandle {
    const generation = this.#generation
    return new MemoryFile({
      path,
      node,
      writable,
      options: this.#options,
      alive: () => generation === this.#generation,
    })
  }

  #find(path: string): Node | undefined {
    let node: Node = this.#root
    for (const name of namesOf(path)) {
      const next: Node | undefined = node.kind === 'directory' ? node.entries.get(name) : undefined
      if (next === undefined) return undefined
      node = next
    }
    return node
  }

  #directory(path: string, syscall: string): DirectoryNode {
    const node = this.#find(path)
    if (node === undefined) throw new FsError('ENOENT', syscall, path)
    if (node.kind === 'file') throw new FsError('ENOTDIR', syscall, path)
    return node
  }

  #locate(path: string, syscall: string): { directory: DirectoryNode; name: string } {
    const names = namesOf(path)
    const name = names.pop()
    if (name === undefined) throw new FsError('EISDIR', syscall, path)
    return { directory: this.#directory(names.join('/'), syscall), name }
  }
}

interface MemoryFileParts {
  readonly path: string
  readonly node: FileNode
  readonly writable: boolean
  readonly options: MemoryFileSystemOptions
  readonly alive: () => boolean
}

class MemoryFile implements FileHandle {
  readonly fd = -1
  readonly path: string
  readonly #parts: MemoryFileParts
  #open = true

  constructor(parts: MemoryFileParts) {
    this.path = parts.path
    this.#parts = parts
  }

  size(): number {
    this.#check('fstat')
    return this.#parts.node.content.size
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number {
    this.#check('read')
    return this.#parts.node.content.read(into, offset, length, position)
  }

  write(from: Uint8Array, offset: number, length: number, position: number): void {
    this.#check('write', true)
    this.#parts.node.content.write(from, offset, length, position)
    this.#parts.node.mtimeMs = this.#parts.options.now()
  }

  truncate(length: number): void {
    this.#check('ftruncate', true)
    this.#parts.node.content.truncate(length)
    this.#parts.node.mtimeMs = this.#parts.options.now()
  }

  sync(): void {
    this.#check('fdatasync')
    if (this.#parts.options.crashable === true) {
      this.#parts.node.durable = this.#parts.node.content.copy()
    }
  }

  close(): void {
    if (!this.#open) throw new FsError('EBADF', 'close', this.path)
    this.#open = false
  }

  readLater(
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, bytesRead: number) => void,
  ): void {
    let bytesRead = 0
    this.#later(
      () => {
        bytesRead = this.read(into, offset, length, position)
      },
      (error) => done(error, bytesRead),
    )
  }

  writeLater(
    from: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void {
    this.#later(() => this.write(from, offset, length, position), done)
  }

  syncLater(done: (error: Error | null) => void): void {
    this.#later(() => this.sync(), done)
  }

  /** Completions of a process that crashed never come. */
  #later(work: () => void, done: (error: Error | null) => void): void {
    this.#parts.options.defer(() => {
      if (!this.#parts.alive()) return
      let failure: Error | null = null
      try {
        work()
      } catch (error) {
        failure = error as Error
      }
      done(failure)
    })
  }

  #check(syscall: string, writing = false): void {
    if (!this.#open || !this.#parts.alive() || (writing && !this.#parts.writable)) {
      throw new FsError('EBADF', syscall, this.path)
    }
  }
}

function newDirectory(): DirectoryNode {
  return { kind: 'directory', entries: new Map(), durable: new Map() }
}

/** Absolute and relative paths meet at one root. */
function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.')
}

function refuseReplacement(node: Node, replaced: Node, to: string): void {
  if (replaced.kind === 'file') {
    if (node.kind === 'directory') throw new FsError('ENOTDIR', 'rename', to)
  } else if (node.kind === 'file') {
    throw new FsError('EISDIR', 'rename', to)
  } else if (replaced.entries.size > 0) {
    throw new FsError('ENOTEMPTY', 'rename', to)
  }
}

function crashDirectory(
  directory: DirectoryNode,
  path: string,
  survives: (path: string) => Survival,
): void {
  if (survives(path) === 'synced') directory.entries = new Map(directory.durable)
  directory.durable = new Map(directory.entries)
  for (const [name, node] of directory.entries) {
    const child = `${path}/${name}`
    if (node.kind === 'directory') crashDirectory(node, child, survives)
    else crashFile(node, survives(child))
  }
}

function crashFile(file: FileNode, survival: Survival): void {
  const synced = file.durable ?? Buffer.alloc(0)
  let left = synced
  if (survival === 'written') left = file.content.copy()
  if (survival === 'torn') {
    left = file.content.copy()
    const kept = synced.length + ((left.length - synced.length) >> 1)
    if (kept < left.length) left.fill(0, kept)
  }
  file.content = new MemoryContent()
  file.content.write(left, 0, left.length, 0)
  file.durable = left
}
