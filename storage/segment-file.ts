// Names of a segment's files, and of what an interrupted operation leaves behind.

export const LOG_SUFFIX = '.log'
export const OFFSET_INDEX_SUFFIX = '.index'
export const TIME_INDEX_SUFFIX = '.timeindex'
export const TXN_INDEX_SUFFIX = '.txnindex'
export const SNAPSHOT_SUFFIX = '.snapshot'
/** Waits for its removal. */
export const DELETED_SUFFIX = '.deleted'
/** Half written by compaction. */
export const CLEANED_SUFFIX = '.cleaned'
/** Complete, about to replace the segments it was made of. */
export const SWAP_SUFFIX = '.swap'

export const INDEX_SUFFIXES = [OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX, TXN_INDEX_SUFFIX] as const

export function segmentFileName(offset: number, suffix: string): string {
  return offset.toString().padStart(20, '0') + suffix
}

/** The offset in the name of a file with this suffix, undefined for any other name. */
export function offsetInName(name: string, suffix: string): number | undefined {
  if (name.length !== 20 + suffix.length || !name.endsWith(suffix)) return undefined
  const digits = name.slice(0, 20)
  return /^\d{20}$/.test(digits) ? Number(digits) : undefined
}
