// Takes files away without stopping the event loop: a segment's files get a name that nobody opens
// at once, and go one segment at a time after a delay; a deleted partition's directory is renamed
// and emptied in bounded steps.
import { assert } from '../base/assert.ts'
import type { FileSystem } from './fs/fs.ts'
import { codeOf } from './fs/fs-error.ts'
import { join, nameOf, parentOf } from './fs/path.ts'
import { removeFile } from './fs/whole-file.ts'
import type { LogContext, Segment } from './segment.ts'
import { DELETED_SUFFIX, INDEX_SUFFIXES, LOG_SUFFIX } from './segment-file.ts'

const LONGEST_NAME = 255

/** Renames the segments' files now, in the order given, and removes them later. */
export function removeSegmentsLater(context: LogContext, segments: readonly Segment[]): void {
  const { fs, clock, limits, report } = context
  const removals: string[][] = []
  for (const segment of segments) {
    segment.close()
    const renamed: string[] = []
    for (const suffix of [LOG_SUFFIX, ...INDEX_SUFFIXES]) {
      const path = segment.pathOf(suffix)
      if (renameIfThere(fs, path, path + DELETED_SUFFIX)) renamed.push(path + DELETED_SUFFIX)
    }
    removals.push(renamed)
  }
  const step = () => {
    const next = removals.shift()
    if (next === undefined) return
    try {
      for (const path of next) removeFile(fs, path)
    } catch (cause) {
      report({ directory: context.directory, file: next[0]!, what: 'clean-up failed', cause })
    }
    if (removals.length > 0) clock.at(clock.monotonic() + 1, step)
  }
  if (removals.length > 0) clock.at(clock.monotonic() + limits.fileDeleteDelayMs, step)
}

/** Gives a partition's directory the name of one that waits for its removal, and returns it.
 * `uniqueId` is 32 hexadecimal digits. */
export function renameForRemoval(fs: FileSystem, directory: string, uniqueId: string): string {
  return renameWithMark(fs, directory, `${uniqueId}-delete`)
}

/** Gives a partition's directory that belongs to nobody a name under which it is not opened; its
 * records stay. */
export function renameToStray(fs: FileSystem, directory: string, uniqueId: string): string {
  return renameWithMark(fs, directory, `${uniqueId}-stray`)
}

function renameWithMark(fs: FileSystem, directory: string, mark: string): string {
  assert(/^[0-9a-f]{32}-/.test(mark), 'a unique id is 32 hexadecimal digits')
  const name = nameOf(directory)
  const cut = name.lastIndexOf('-')
  const suffix = `${name.slice(cut)}.${mark}`
  const target = join(
    parentOf(directory),
    name.slice(0, cut).slice(0, LONGEST_NAME - suffix.length) + suffix,
  )
  fs.rename(directory, target)
  return target
}

/** Removes at most `maxFiles` files; true when the directory is gone. */
export function removeDirectoryStep(fs: FileSystem, directory: string, maxFiles: number): boolean {
  const names = fs.readdir(directory)
  for (const name of names.slice(0, maxFiles)) removeFile(fs, join(directory, name))
  if (names.length > maxFiles) return false
  fs.rmdir(directory)
  return true
}

/** What a directory inside a log directory is called for. */
export interface PartitionDirectory {
  readonly topic: string
  readonly partition: number
  readonly state: 'live' | 'delete' | 'stray' | 'future'
}

/** undefined for a name that Kafka would refuse to start on. */
export function parsePartitionDirectory(name: string): PartitionDirectory | undefined {
  const marked = /^(.+)\.[0-9a-f]{32}-(delete|stray|future)$/.exec(name)
  const found = /^(.+)-(\d+)$/.exec(marked?.[1] ?? name)
  if (found === null) return undefined
  const state = (marked?.[2] ?? 'live') as PartitionDirectory['state']
  return { topic: found[1]!, partition: Number(found[2]), state }
}

function renameIfThere(fs: FileSystem, from: string, to: string): boolean {
  try {
    fs.rename(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}
