// What the trials of directories do to files on purpose: faults that they have to catch, and records that
// no release of Apache Kafka writes yet.
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { crc32c } from '../../../protocol/records/crc32c.ts'
import { dataBatch } from '../../../src/raft/snapshot.ts'
import { segmentFiles } from '../disk.ts'

/** A hand-over that loses the end of a segment: cut in the middle of its last batch. */
export function plantInSegment(fault: string | undefined, dataDir: string): void {
  if (fault !== 'torn') return
  const [file] = segmentFiles(dataDir, 'codecs')
  truncateSync(file!, readFileSync(file!).length - 20)
}

/** A hand-over that changes the metadata of a commit, and nobody's checksum notices. */
export function plantInCommit(fault: string | undefined, dataDir: string): void {
  if (fault !== 'metadata') return
  for (const file of segmentFiles(dataDir, '__consumer_offsets')) {
    const bytes = readFileSync(file)
    for (let at = 0; at + 61 <= bytes.length; at += 12 + bytes.readInt32BE(at + 8)) {
      const batch = bytes.subarray(at, at + 12 + bytes.readInt32BE(at + 8))
      const place = batch.indexOf('round 1')
      if (place < 0) continue
      batch.write('round 7', place)
      batch.writeUInt32BE(crc32c(batch, 21, batch.length), 17)
    }
    writeFileSync(file, bytes)
  }
}

/** A refusal that comes too late. */
export function writeBeforeRefusing(fault: string | undefined, dataDir: string): void {
  if (fault === 'scribbled') appendFileSync(path.join(dataDir, 'meta.properties'), '\n')
}

/** Puts a record of type 99 in front of the footer of the newest snapshot; returns its name. */
export function unknownRecord(dataDir: string): string {
  const directory = path.join(dataDir, '__cluster_metadata-0')
  const snapshots = readdirSync(directory).filter((name) => name.endsWith('.checkpoint'))
  const name = snapshots.sort().at(-1)
  if (name === undefined) throw new Error(`${directory} holds no snapshot`)
  const bytes = readFileSync(path.join(directory, name))
  let footer = 0
  for (let at = 0; at < bytes.length; at += 12 + bytes.readInt32BE(at + 8)) footer = at
  const place = { baseOffset: 100_000, epoch: bytes.readInt32BE(footer + 12), timestampMs: 0 }
  const batch = dataBatch([Buffer.from([1, 99, 0, 0])], place)
  const parts = [bytes.subarray(0, footer), batch, bytes.subarray(footer)]
  writeFileSync(path.join(directory, name), Buffer.concat(parts))
  return name
}
