// Small files read and replaced as a whole. A replaced file is either the old or the new one after
// a crash at any point: temporary file, fsync, rename, fsync of the directory.
import type { FileSystem } from './fs.ts'
import { codeOf } from './fs-error.ts'
import { parentOf } from './path.ts'

/** The content, or undefined when the file is not there. */
export function readFile(fs: FileSystem, path: string): Buffer | undefined {
  let handle
  try {
    handle = fs.open(path, 'read')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    const bytes = Buffer.allocUnsafe(handle.size())
    let length = 0
    while (length < bytes.length) {
      const read = handle.read(bytes, length, bytes.length - length, length)
      if (read === 0) break
      length += read
    }
    return bytes.subarray(0, length)
  } finally {
    handle.close()
  }
}

/** Writes a file that is rebuilt when it is lost: no temporary name, synced only if asked for. */
export function writeFile(fs: FileSystem, path: string, bytes: Uint8Array, sync = false): void {
  const handle = fs.open(path, 'create')
  try {
    handle.write(bytes, 0, bytes.length, 0)
    handle.truncate(bytes.length)
    if (sync) handle.sync()
  } finally {
    handle.close()
  }
}

/** Replaces `path` so that a crash leaves the old content or the new, never a mixture. */
export function replaceFile(fs: FileSystem, path: string, content: Uint8Array | string): void {
  exchangeFile(fs, path, content)
  fs.syncDirectory(parentOf(path))
}

/** As replaceFile, but until the directory is synced a power loss may leave either; without `sync`
 * it may leave anything until syncFile. */
export function exchangeFile(
  fs: FileSystem,
  path: string,
  content: Uint8Array | string,
  { sync } = { sync: true },
): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const temporary = `${path}.tmp`
  writeFile(fs, temporary, bytes, sync)
  fs.rename(temporary, path)
}

/** Makes the bytes of a file durable; its name is its directory's affair. */
export function syncFile(fs: FileSystem, path: string): void {
  const handle = fs.open(path, 'read-write')
  try {
    handle.sync()
  } finally {
    handle.close()
  }
}

/** Removes the file; true when there was one. */
export function removeFile(fs: FileSystem, path: string): boolean {
  try {
    fs.unlink(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}
