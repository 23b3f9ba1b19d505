// The state of the machine's memory and page cache around a run. On a virtual machine that gives freed
// pages back to its host the first touch of a page is dear: a run that meets such pages measures the
// hypervisor. So right before a counted run as many pages are touched and freed as it can need.
import {
  closeSync,
  openSync,
  readdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runProgram } from '../../test/apache/program.ts'

const chunk = Buffer.alloc(1 << 20, 'page')

/** `sync`, then a file of twice these bytes is written and unlinked. */
export function recyclePages(runBytes: number): void {
  runProgram('sync', [])
  const name = path.join(tmpdir(), `samsa-bench-pages-${process.pid}`)
  const file = openSync(name, 'w')
  try {
    for (let left = runBytes * 2; left > 0; left -= chunk.length) writeSync(file, chunk)
  } finally {
    closeSync(file)
    unlinkSync(name)
  }
}

/** Takes the files below this directory out of the page cache. */
export function dropFromCache(directory: string): void {
  runProgram('sync', [])
  try {
    writeFileSync('/proc/sys/vm/drop_caches', '1')
  } catch {
    // Not root, or a container: the files one by one.
    const advise =
      'import os,sys\nfor name in sys.argv[1:]:\n f=os.open(name,os.O_RDONLY)\n' +
      ' os.posix_fadvise(f,0,0,os.POSIX_FADV_DONTNEED)\n os.close(f)'
    runProgram('python3', ['-c', advise, ...filesBelow(directory)])
  }
}

export function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
}

/** Bytes of the file system's blocks that the files below this directory hold. */
export function allocatedBytes(directory: string, isCounted: (name: string) => boolean): number {
  let bytes = 0
  for (const name of filesBelow(directory)) {
    if (isCounted(name)) bytes += (statSync(name, { throwIfNoEntry: false })?.blocks ?? 0) * 512
  }
  return bytes
}
