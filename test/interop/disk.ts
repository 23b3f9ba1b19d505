// What a broker left on disk, read without its own code: sizes of partitions and the headers of their
// batches (magic 2: attributes at 21, producer id at 43, record count at 57).
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

export interface BatchHead {
  readonly codec: number
  readonly producerId: bigint
  readonly records: number
}

/** The .log files of a topic, in order of partition and offset. */
export function segmentFiles(dataDir: string, topic: string): string[] {
  const isPartition = new RegExp(`^${topic}-\\d+$`)
  return readdirSync(dataDir)
    .filter((name) => isPartition.test(name))
    .flatMap((name) => {
      const dir = path.join(dataDir, name)
      const files = readdirSync(dir).filter((file) => file.endsWith('.log'))
      return files.sort().map((file) => path.join(dir, file))
    })
}

export function logBytes(dataDir: string, topic: string): number {
  return segmentFiles(dataDir, topic).reduce((sum, file) => sum + statSync(file).size, 0)
}

export function batchHeads(dataDir: string, topic: string): BatchHead[] {
  return segmentFiles(dataDir, topic).flatMap((file) => {
    const bytes = readFileSync(file)
    const heads: BatchHead[] = []
    for (let at = 0; at + 61 <= bytes.length; at += 12 + bytes.readInt32BE(at + 8)) {
      heads.push({
        codec: bytes.readInt16BE(at + 21) & 7,
        producerId: bytes.readBigInt64BE(at + 43),
        records: bytes.readInt32BE(at + 57),
      })
    }
    return heads
  })
}
