// Faults that the trials of directories have to catch.
import { readFileSync, truncateSync } from 'node:fs'
import { segmentFiles } from '../disk.ts'

/** A hand-over that loses the end of a segment: cut in the middle of its last batch. */
export function plantInSegment(fault: string | undefined, dataDir: string): void {
  if (fault !== 'torn') return
  const [file] = segmentFiles(dataDir, 'codecs')
  truncateSync(file!, readFileSync(file!).length - 20)
}
