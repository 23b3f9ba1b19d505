// Reads a metadata log directory without touching it: the newest snapshot and what the log holds
// behind it. So that a directory we cannot continue is refused before one byte of it is changed.
import { CONTROL_TYPES } from '../../protocol/records/index.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { join } from '../../storage/fs/path.ts'
import { readFile } from '../../storage/fs/whole-file.ts'
import { type DataRecord, UnreadableMetadata, visitBatches } from './batches.ts'
import { kraftVersionOf, type Voter, votersOf } from './control-records.ts'
import { type QuorumState, readQuorumState } from './quorum-state.ts'
import {
  BOOTSTRAP_SNAPSHOT,
  listSnapshots,
  readSnapshot,
  snapshotFile,
  type SnapshotId,
} from './snapshot.ts'

export interface ScannedLog {
  readonly quorumState: QuorumState | undefined
  readonly snapshot: SnapshotId | undefined
  /** Of the newest snapshot, then of the log behind it; all below `endOffset`. */
  readonly records: readonly DataRecord[]
  readonly kraftVersion: number
  readonly voters: readonly Voter[] | undefined
  /** Data records of the bootstrap snapshot: the first feature levels, as Apache Kafka 4.4 does. */
  readonly bootstrap: readonly DataRecord[]
  readonly endOffset: number
  /** 0 when there is none. */
  readonly lastEpoch: number
  readonly lastTimestampMs: number
  /** Bytes of log behind the snapshot. */
  readonly bytesBehindSnapshot: number
}

const NOTHING: ScannedLog = {
  quorumState: undefined,
  snapshot: undefined,
  records: [],
  kraftVersion: 0,
  voters: undefined,
  bootstrap: [],
  endOffset: 0,
  lastEpoch: 0,
  lastTimestampMs: -1,
  bytesBehindSnapshot: 0,
}

/** Throws UnreadableMetadata. */
export function scanMetadataLog(fs: FileSystem, directory: string): ScannedLog {
  if (fs.stat(directory) === undefined) return NOTHING
  const quorumState = readQuorumState(fs, directory)
  if (quorumState === 'garbled') {
    throw new UnreadableMetadata(`${directory}/quorum-state is garbled`)
  }
  const first = readSnapshot(fs, join(directory, snapshotFile(BOOTSTRAP_SNAPSHOT)))
  const snapshot = listSnapshots(fs, directory).at(-1)
  const content =
    snapshot === undefined ? undefined : readSnapshot(fs, join(directory, snapshotFile(snapshot)))
  const found = {
    records: (content?.records ?? []).map((each) => ({ ...each, offset: snapshot!.endOffset - 1 })),
    kraftVersion: content?.kraftVersion ?? first?.kraftVersion ?? 0,
    voters: content?.voters ?? first?.voters,
    endOffset: snapshot?.endOffset ?? 0,
    lastEpoch: snapshot?.epoch ?? 0,
    lastTimestampMs: -1,
    bytesBehindSnapshot: 0,
  }
  scanSegments(fs, directory, found)
  return { quorumState, snapshot, bootstrap: first?.records ?? [], ...found }
}

interface Found {
  readonly records: DataRecord[]
  kraftVersion: number
  voters: readonly Voter[] | undefined
  endOffset: number
  lastEpoch: number
  lastTimestampMs: number
  bytesBehindSnapshot: number
}

function scanSegments(fs: FileSystem, directory: string, found: Found): void {
  const from = found.endOffset
  const names = fs.readdir(directory).filter((name) => /^\d{20}\.log$/.test(name))
  const bases = names.map((name) => Number(name.slice(0, 20))).sort((a, b) => a - b)
  // The segment that holds `from` is the last one that starts at or before it.
  const firstIndex = bases.findLastIndex((base) => base <= from)
  if (bases.length > 0 && firstIndex < 0) {
    throw new UnreadableMetadata(`${directory}: offsets from ${from} to ${bases[0]} are missing`)
  }
  for (const [i, base] of bases.entries()) {
    if (i < firstIndex) continue
    const path = join(directory, `${String(base).padStart(20, '0')}.log`)
    const bytes = readFile(fs, path) ?? Buffer.alloc(0)
    const end = scanSegment(bytes, path, found)
    if (end < bytes.length && i < bases.length - 1) {
      throw new UnreadableMetadata(`${path} is damaged at byte ${end}, and another file follows it`)
    }
  }
}

function scanSegment(bytes: Buffer, path: string, found: Found): number {
  const from = found.endOffset
  let size = 0
  const end = visitBatches(bytes, path, {
    data(record) {
      if (record.offset >= from) found.records.push(record)
    },
    control(record) {
      if (record.type === CONTROL_TYPES.kraftVersion) found.kraftVersion = kraftVersionOf(record)
      if (record.type === CONTROL_TYPES.kraftVoters) found.voters = votersOf(record)
    },
    batch(nextOffset, epoch, timestampMs) {
      if (nextOffset <= from) return
      found.endOffset = nextOffset
      found.lastEpoch = epoch
      found.lastTimestampMs = timestampMs
      size += 1
    },
  })
  if (size > 0) found.bytesBehindSnapshot += end
  return end
}
