// Seam 1 of 4: files. Only `node-fs.ts` touches node:fs. The twins are `memory-fs.ts` (tests, the
// in-memory broker) and `faulty-fs.ts` (lost, torn and failing writes). Paths are absolute or
// relative to the process, with '/' as separator. Failures throw Error with Node's own `code`
// (ENOENT, EEXIST, ENOSPC, EIO, EROFS, EACCES, ...) in every implementation.

export type OpenMode = 'read' | 'read-write' | 'create' | 'create-exclusive'

export interface FileHandle {
  readonly path: string
  /** The process's descriptor, or -1 where there is none (memory). For sendfile only. */
  readonly fd: number
  size(): number
  /** Reads up to `length` bytes at `position`; returns how many (0 at the end). */
  read(into: Uint8Array, offset: number, length: number, position: number): number
  /** Writes all `length` bytes at `position`, or throws; a short write is retried inside. */
  write(from: Uint8Array, offset: number, length: number, position: number): void
  truncate(length: number): void
  /** fdatasync. */
  sync(): void
  close(): void
  /** Callback forms: `done` is called once, never synchronously; buffers are lent until then. */
  readLater(
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, bytesRead: number) => void,
  ): void
  writeLater(
    from: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void
  syncLater(done: (error: Error | null) => void): void
}

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other'
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number
}

export interface DirectoryLock {
  release(): void
}

export interface FileSystem {
  /** 'create' opens or creates, never truncates. */
  open(path: string, mode: OpenMode): FileHandle
  readdir(path: string): string[]
  /** Creates parents as needed; an existing directory is fine. */
  mkdir(path: string): void
  rename(from: string, to: string): void
  unlink(path: string): void
  rmdir(path: string): void
  /** undefined when nothing is there. */
  stat(path: string): FileStat | undefined
  /** Makes names created, renamed or removed in `path` durable. */
  syncDirectory(path: string): void
  /** Bytes of the file system that `path` is on: all, and those that may still be written. */
  space(path: string): { readonly totalBytes: number; readonly usableBytes: number }
  /** Takes the directory for this process, or returns undefined when another one holds it. */
  lock(directory: string): Promise<DirectoryLock | undefined>
}
