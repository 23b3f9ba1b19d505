// Ends what a crash interrupted, by the suffix of what it left: `.deleted` and `.cleaned` files go;
// `.swap` files are complete and take the place of the segments they were made of, unless a
// `.cleaned` one stands at or before them (then the swap had not begun). The rules are Kafka's.
import { join } from './fs/path.ts'
import { removeFile } from './fs/whole-file.ts'
import { type LogContext, Segment } from './segment.ts'
import * as names from './segment-file.ts'

const ALL_SUFFIXES = [names.LOG_SUFFIX, ...names.INDEX_SUFFIXES]
const SCAN_WINDOW_BYTES = 64 * 1024

/** Returns the names that are there afterwards. */
export function settleSwaps(context: LogContext, files: readonly string[]): string[] {
  if (!files.some(isLeftOver)) return [...files]
  const { fs, directory } = context
  const left = new Set(files)
  const remove = (name: string) => {
    removeFile(fs, join(directory, name))
    left.delete(name)
  }
  const firstCleaned = Math.min(...files.filter(endsWith(names.CLEANED_SUFFIX)).map(leadingOffset))
  for (const name of files) {
    const undone = name.endsWith(names.SWAP_SUFFIX) && leadingOffset(name) >= firstCleaned
    const over = name.endsWith(names.DELETED_SUFFIX) || name.endsWith(names.CLEANED_SUFFIX)
    if (undone || over || name.endsWith('.tmp')) remove(name)
  }
  const swaps = [...left].filter(endsWith(names.SWAP_SUFFIX))
  const { from, to } = coveredBy(context, swaps)
  for (const name of left) {
    const replaced = ALL_SUFFIXES.some((suffix) => {
      const offset = names.offsetInName(name, suffix)
      return offset !== undefined && offset >= from && offset < to
    })
    if (replaced) remove(name)
  }
  for (const name of swaps) {
    const target = name.slice(0, -names.SWAP_SUFFIX.length)
    fs.rename(join(directory, name), join(directory, target))
    left.delete(name)
    left.add(target)
  }
  if (swaps.length > 0) fs.syncDirectory(directory)
  return [...left]
}

/** The offsets of the complete segments that wait to be swapped in. */
function coveredBy(context: LogContext, swaps: readonly string[]): { from: number; to: number } {
  let from = Infinity
  let to = -Infinity
  for (const name of swaps) {
    const base = names.offsetInName(name, names.LOG_SUFFIX + names.SWAP_SUFFIX)
    if (base === undefined) continue
    const { fs, directory } = context
    const bytes = fs.stat(join(directory, name))?.size ?? 0
    const segment = Segment.existing(context, base, {
      bytes,
      rollJitterMs: 0,
      nameSuffix: names.SWAP_SUFFIX,
    })
    let end = base
    segment.scan(0, SCAN_WINDOW_BYTES, (batch) => {
      end = batch.nextOffset
    })
    segment.close()
    from = Math.min(from, base)
    to = Math.max(to, end)
  }
  return { from, to }
}

function isLeftOver(name: string): boolean {
  return /\.(deleted|cleaned|swap|tmp)$/.test(name)
}

function endsWith(suffix: string): (name: string) => boolean {
  return (name) => name.endsWith(suffix)
}

function leadingOffset(name: string): number {
  return Number(name.slice(0, 20))
}
