// Whose a data directory is, and how a new one begins: meta.properties, bootstrap.checkpoint and,
// for a quorum that can change its voters, the 0-0 checkpoint. A directory with foreign files is
// refused by name and left as it is. meta.properties is written last: it makes the directory ours.
import type { Clock } from '../../base/clock.ts'
import type { Random } from '../../base/random.ts'
import { randomUuid, type Uuid } from '../../base/uuid.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { makeDirectory } from '../raft/durable-directory.ts'
import { join } from '../../storage/fs/path.ts'
import { replaceFile } from '../../storage/fs/whole-file.ts'
import {
  META_PROPERTIES,
  type MetaProperties,
  readCleanShutdown,
  readMetaProperties,
  writeMetaProperties,
} from '../../storage/identity.ts'
import { StartFailure } from '../config/start-failure.ts'
import type { Voter, VoterEndpoint } from '../raft/control-records.ts'
import { BOOTSTRAP_SNAPSHOT, snapshotBytes, snapshotFile } from '../raft/snapshot.ts'
import { DEFAULT_METADATA_VERSION, METADATA_VERSION } from './features.ts'
import { encodeRecord } from './record-codec.ts'
import { newRecord } from './records.ts'

export const METADATA_DIRECTORY = '__cluster_metadata-0'
export const BOOTSTRAP_CHECKPOINT = 'bootstrap.checkpoint'
const DEFAULT_NODE_ID = 1

export interface DirectorySeams {
  readonly fs: FileSystem
  readonly clock: Clock
  readonly random: Random
  /** One of log.dirs. */
  readonly directory: string
}

export interface FormatOptions extends DirectorySeams {
  readonly clusterId: string
  readonly nodeId: number
  /** Default: 21 (3.9-IV0). */
  readonly metadataVersion?: number
  /** Default: a new one. */
  readonly directoryId?: Uuid
  /** kraft.version 1 with this node as the only voter, reached at these endpoints. */
  readonly standalone?: readonly VoterEndpoint[]
}

export interface DirectoryIdentity {
  readonly clusterId: string
  readonly nodeId: number
  readonly directoryId: Uuid
}

/** Makes a directory ours; a crash at any point leaves one that can be formatted again. */
export function formatDirectory(options: FormatOptions): DirectoryIdentity {
  const { fs, clock, random, directory, clusterId, nodeId } = options
  refuseForeignFiles(fs, directory)
  makeDirectory(fs, directory)
  const directoryId = options.directoryId ?? randomUuid(random)
  const featureLevel = options.metadataVersion ?? DEFAULT_METADATA_VERSION
  const level = newRecord('FeatureLevelRecord', 0, { name: METADATA_VERSION, featureLevel })
  const facts = { id: BOOTSTRAP_SNAPSHOT, lastContainedLogTimestamp: 0, voters: undefined }
  const bootstrap = snapshotBytes(facts, [encodeRecord(level)], clock.now())
  replaceFile(fs, join(directory, BOOTSTRAP_CHECKPOINT), bootstrap)
  if (options.standalone !== undefined) {
    const voter = { voterId: nodeId, voterDirectoryId: directoryId, endpoints: options.standalone }
    writeFirstVoters(options, { ...voter, kRaftVersionFeature: KRAFT_VERSIONS })
  }
  const identity = { clusterId, nodeId, directoryId }
  writeMetaProperties(fs, directory, identity)
  return identity
}

const KRAFT_VERSIONS = { minSupportedVersion: 0, maxSupportedVersion: 1 }

function writeFirstVoters({ fs, clock, directory }: FormatOptions, voter: Voter): void {
  const metadataDirectory = join(directory, METADATA_DIRECTORY)
  makeDirectory(fs, metadataDirectory)
  const timestampMs = clock.now()
  const facts = {
    id: BOOTSTRAP_SNAPSHOT,
    lastContainedLogTimestamp: timestampMs,
    voters: [voter],
  }
  const bytes = snapshotBytes(facts, [], timestampMs)
  replaceFile(fs, join(metadataDirectory, snapshotFile(BOOTSTRAP_SNAPSHOT)), bytes)
}

export interface IdentityOptions extends DirectorySeams {
  /** From the configuration; undefined takes the directory's, or a new one. */
  readonly clusterId: string | undefined
  readonly nodeId: number | undefined
  warn(sentence: string): void
}

export interface OpenedIdentity extends DirectoryIdentity {
  /** True when this start formatted the directory. */
  readonly fresh: boolean
  /** The broker epoch of the last stop if that was clean (-1: it does not say), else undefined. */
  readonly cleanShutdownEpoch: number | undefined
}

/** Reads who the directory belongs to, formatting it first if it is new. Throws StartFailure. */
export function openIdentity(options: IdentityOptions): OpenedIdentity {
  const { fs, directory, random } = options
  const found = identityOf(fs, directory, options.nodeId)
  if (found === undefined) {
    const clusterId = options.clusterId ?? randomUuid(random)
    const nodeId = options.nodeId ?? DEFAULT_NODE_ID
    const made = formatDirectory({ ...options, clusterId, nodeId })
    return { ...made, fresh: true, cleanShutdownEpoch: undefined }
  }
  if (options.clusterId !== undefined && options.clusterId !== found.clusterId) {
    options.warn(
      `The data directory ${directory} belongs to cluster ${found.clusterId}; ` +
        `the configured cluster id ${options.clusterId} is ignored.`,
    )
  }
  const { clusterId, nodeId } = found
  const directoryId = found.directoryId ?? randomUuid(random)
  const identity = { clusterId, nodeId, directoryId }
  if (found.directoryId === undefined) writeMetaProperties(fs, directory, identity)
  return { ...identity, fresh: false, cleanShutdownEpoch: readCleanShutdown(fs, directory) }
}

/** undefined: not formatted yet. Writes nothing; throws StartFailure when it is another node's. */
export function identityOf(
  fs: FileSystem,
  directory: string,
  nodeId: number | undefined,
): MetaProperties | undefined {
  const found = readMetaProperties(fs, directory)
  if (found === 'garbled') {
    throw new StartFailure(`${join(directory, META_PROPERTIES)} is not a meta.properties file.`)
  }
  if (found === undefined || nodeId === undefined || nodeId === found.nodeId) return found
  throw new StartFailure(
    `The data directory ${directory} belongs to node.id ${found.nodeId}, ` +
      `not to ${nodeId}: set node.id=${found.nodeId} or choose another directory.`,
  )
}

/** What may lie in a directory that is not formatted yet. */
const HARMLESS = new Set([
  '.gitignore',
  '.samsa-lock',
  '.lock',
  'lost+found',
  BOOTSTRAP_CHECKPOINT,
  `${BOOTSTRAP_CHECKPOINT}.tmp`,
  `${META_PROPERTIES}.tmp`,
])

/** Throws StartFailure; writes nothing. */
export function refuseForeignFiles(fs: FileSystem, directory: string): void {
  if (fs.stat(directory) === undefined) return
  const foreign = fs.readdir(directory).filter((name) => !mayStand(fs, directory, name))
  if (foreign.length === 0) return
  const named = foreign.toSorted().slice(0, 3).join(', ')
  const more = foreign.length > 3 ? ` and ${foreign.length - 3} more` : ''
  throw new StartFailure(
    `${directory} is no data directory (it has no ${META_PROPERTIES}) and holds ${named}${more}: ` +
      'choose an empty directory.',
  )
}

function mayStand(fs: FileSystem, directory: string, name: string): boolean {
  if (HARMLESS.has(name) || name.startsWith('.samsa-lock')) return true
  if (name !== METADATA_DIRECTORY) return false
  // An interrupted format: nothing but the voters of a quorum that never started.
  const first = snapshotFile(BOOTSTRAP_SNAPSHOT)
  const inside = fs.readdir(join(directory, name))
  return inside.every((each) => each === first || each === `${first}.tmp`)
}
