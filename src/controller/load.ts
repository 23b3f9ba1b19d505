// What a directory holds for the controller, read without changing it, and whether this build can
// continue it: unknown records, feature levels or a quorum of others end the start with a sentence.
import { BrokenInvariant } from '../../base/assert.ts'
import { ZERO_UUID } from '../../base/uuid.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { join } from '../../storage/fs/path.ts'
import { StartFailure } from '../config/start-failure.ts'
import { type DataRecord, UnreadableMetadata } from '../raft/batches.ts'
import { type ScannedLog, scanMetadataLog } from '../raft/scan.ts'
import { readSnapshot } from '../raft/snapshot.ts'
import { isReservedDirectory } from './brokers.ts'
import { DEFAULT_METADATA_VERSION, METADATA_VERSION } from './features.ts'
import { BOOTSTRAP_CHECKPOINT, type DirectoryIdentity, METADATA_DIRECTORY } from './format.ts'
import type { LoggedRecord } from './metadata-log.ts'
import { decodeRecord } from './record-codec.ts'
import { type MetadataRecord, newRecord } from './records.ts'
import { emptyState, type MetadataState, replay } from './state.ts'

export interface LoadedDirectory {
  readonly metadataDirectory: string
  /** Without the bytes of the records, which are views of whole files. */
  readonly scanned: Omit<ScannedLog, 'records' | 'bootstrap'>
  readonly records: readonly LoggedRecord[]
  readonly bootstrapRecords: readonly MetadataRecord[]
}

/** Throws StartFailure; writes nothing. */
export function loadDirectory(
  fs: FileSystem,
  directory: string,
  identity: DirectoryIdentity,
): LoadedDirectory {
  const metadataDirectory = join(directory, METADATA_DIRECTORY)
  try {
    const { records: found, bootstrap, ...scanned } = scanMetadataLog(fs, metadataDirectory)
    checkVoters(scanned, metadataDirectory, identity)
    const records = found.map((data) => ({
      record: decoded(data),
      offset: data.offset,
      epoch: data.epoch,
    }))
    checkDirectories(tryReplay(records, metadataDirectory), directory, identity)
    const bootstrapRecords = firstRecords(fs, directory, bootstrap)
    return { metadataDirectory, scanned, records, bootstrapRecords }
  } catch (error) {
    if (!(error instanceof UnreadableMetadata)) throw error
    throw new StartFailure(`The metadata cannot be read: ${error.message}.`, 1, error)
  }
}

function decoded(data: DataRecord): MetadataRecord {
  const record = decodeRecord(data.value)
  if (typeof record !== 'string') return record
  throw new StartFailure(
    `${data.file} holds what this version of Samsa does not implement: ${record} ` +
      `(offset ${data.offset}); nothing was changed: go on with Apache Kafka on this directory, ` +
      'or copy its topics over the wire as docs/moving.md tells.',
  )
}

/** Records that do not fit together are found before the log is opened for writing. */
function tryReplay(records: readonly LoggedRecord[], path: string): MetadataState {
  const state = emptyState(() => new Map(), undefined)
  try {
    for (const { record, offset } of records) replay(state, record, offset)
    return state
  } catch (error) {
    if (!(error instanceof BrokenInvariant)) throw error
    throw new StartFailure(`${path} contradicts itself: ${error.message}.`, 1, error)
  }
}

/** A partition in another log directory would be empty here. Where there are several, the metadata
 * learns where a new one is only after a while. */
function checkDirectories(
  state: MetadataState,
  directory: string,
  { nodeId, directoryId }: DirectoryIdentity,
): void {
  const registered = state.brokers.get(nodeId)?.directories ?? []
  const isOnlyOne = registered.every((id) => id === directoryId)
  for (const { name, partitions } of state.topicsById.values()) {
    for (const { index, replicas, directories } of partitions) {
      const place = replicas.indexOf(nodeId)
      const assigned = directories[place] ?? ZERO_UUID
      if (place < 0 || assigned === directoryId) continue
      if (isOnlyOne && isReservedDirectory(assigned)) continue
      const where = isReservedDirectory(assigned)
        ? 'may be in another'
        : `is in directory ${assigned}`
      throw new StartFailure(
        `${directory} (directory ${directoryId}) is not the only log directory of node ${nodeId}: ` +
          `${name}-${index} ${where}, and Samsa uses one so far; nothing was changed: move all ` +
          'partitions into one directory with kafka-reassign-partitions.sh first.',
      )
    }
  }
}

function checkVoters(
  scanned: LoadedDirectory['scanned'],
  path: string,
  identity: DirectoryIdentity,
): void {
  const { nodeId, directoryId } = identity
  const ids = scanned.voters?.map(({ voterId }) => voterId) ??
    scanned.quorumState?.staticVoters ?? [nodeId]
  const alone = ids.length === 1 && ids[0] === nodeId
  if (!alone) {
    throw new StartFailure(
      `${path} belongs to a quorum of voters ${ids.join(', ')}; ` +
        `this version of Samsa runs a quorum of one, node ${nodeId}.`,
    )
  }
  const voter = scanned.voters?.[0]
  if (voter !== undefined && voter.voterDirectoryId !== directoryId) {
    throw new StartFailure(
      `${path} names directory ${voter.voterDirectoryId} as its voter, ` +
        `but this directory is ${directoryId}.`,
    )
  }
}

/** bootstrap.checkpoint, then the 0-0 checkpoint (Apache Kafka 4.4), then our own default. */
function firstRecords(
  fs: FileSystem,
  directory: string,
  ofFirstSnapshot: readonly DataRecord[],
): MetadataRecord[] {
  const path = join(directory, BOOTSTRAP_CHECKPOINT)
  const checkpoint = readSnapshot(fs, path)
  const records =
    checkpoint === undefined ? ofFirstSnapshot.map(decoded) : checkpoint.records.map(decoded)
  const hasLevel = records.some(
    ({ name, value }) => name === 'FeatureLevelRecord' && value.name === METADATA_VERSION,
  )
  if (hasLevel) return records
  const level = { name: METADATA_VERSION, featureLevel: DEFAULT_METADATA_VERSION }
  return [newRecord('FeatureLevelRecord', 0, level), ...records]
}
