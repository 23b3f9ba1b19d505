// A directory that is still there after a power loss: its name, and the names of the parents that
// had to be made for it, are synced.
import type { FileSystem } from '../../storage/fs/fs.ts'
import { parentOf } from '../../storage/fs/path.ts'

export function makeDirectory(fs: FileSystem, directory: string): void {
  const made: string[] = []
  for (let path = directory; fs.stat(path) === undefined; path = parentOf(path)) {
    made.push(parentOf(path))
    if (parentOf(path) === path) break
  }
  fs.mkdir(directory)
  for (const parent of made) fs.syncDirectory(parent)
}
