// The text checkpoints of a log directory and of a partition: a version line "0", a line with the
// number of entries, one line per entry. Owns their format; a garbled file is reported as such and
// never half believed.
import type { FileSystem } from './fs/fs.ts'
import { readFile, replaceFile } from './fs/whole-file.ts'

export const RECOVERY_POINT_CHECKPOINT = 'recovery-point-offset-checkpoint'
export const HIGH_WATERMARK_CHECKPOINT = 'replication-offset-checkpoint'
export const LOG_START_OFFSET_CHECKPOINT = 'log-start-offset-checkpoint'

export interface PartitionOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** Entries of "topic partition offset"; empty when the file is not there. */
export function readOffsetCheckpoint(
  fs: FileSystem,
  path: string,
): readonly PartitionOffset[] | 'garbled' {
  const bytes = readFile(fs, path)
  if (bytes === undefined) return []
  const lines = parseCheckpoint(bytes.toString())
  if (lines === undefined) return 'garbled'
  const entries: PartitionOffset[] = []
  for (const [topic, partitionText, offsetText, ...rest] of lines) {
    const partition = Number(partitionText)
    const offset = Number(offsetText)
    const sound = Number.isSafeInteger(partition) && Number.isSafeInteger(offset) && offset >= 0
    if (topic === undefined || !sound || rest.length > 0) return 'garbled'
    entries.push({ topic, partition, offset })
  }
  return entries
}

export function writeOffsetCheckpoint(
  fs: FileSystem,
  path: string,
  entries: Iterable<PartitionOffset>,
): void {
  const lines: string[] = []
  for (const { topic, partition, offset } of entries) lines.push(`${topic} ${partition} ${offset}`)
  replaceFile(fs, path, formatCheckpoint(lines))
}

export function formatCheckpoint(lines: readonly string[]): string {
  return `0\n${lines.length}\n${lines.map((line) => `${line}\n`).join('')}`
}

/** The words of each entry, or undefined when version, count or entries do not fit together. */
export function parseCheckpoint(text: string): string[][] | undefined {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const [version, count, ...entries] = lines
  if (version !== '0' || count === undefined || !/^\d+$/.test(count)) return undefined
  if (Number(count) !== entries.length) return undefined
  return entries.map((entry) => entry.trim().split(/\s+/))
}
