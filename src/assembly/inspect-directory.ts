// Before one byte of a data directory is written, its lock included: whether this build can
// continue what lies there. What it does not implement ends the start with a sentence that names
// it, the file and what to do. Damage is not judged here: whoever opens the files finds it again.
import { ZERO_UUID } from '../../base/uuid.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { join } from '../../storage/fs/path.ts'
import { readFile } from '../../storage/fs/whole-file.ts'
import { META_PROPERTIES } from '../../storage/identity.ts'
import { parsePartitionDirectory } from '../../storage/removal.ts'
import { directoryFailure } from '../config/data-directory.ts'
import { StartFailure } from '../config/start-failure.ts'
import { identityOf, METADATA_DIRECTORY, refuseForeignFiles } from '../controller/format.ts'
import { loadDirectory, type LoadedDirectory } from '../controller/load.ts'
import { refuseOpenTransactions } from './open-transactions.ts'

/** What an inspection has read already, as long as the files are the same. */
export interface Inspection {
  unchanged(): LoadedDirectory | undefined
}

/** Throws StartFailure; writes nothing. `nodeId` undefined: any will do. */
export function inspectDirectory(
  fs: FileSystem,
  directory: string,
  nodeId: number | undefined,
): Inspection {
  try {
    const before = stampOf(fs, directory)
    const loaded = before === undefined ? undefined : inspect(fs, directory, nodeId)
    return { unchanged: () => (stampOf(fs, directory) === before ? loaded : undefined) }
  } catch (error) {
    throw directoryFailure(directory, error)
  }
}

function inspect(
  fs: FileSystem,
  directory: string,
  nodeId: number | undefined,
): LoadedDirectory | undefined {
  const found = identityOf(fs, directory, nodeId)
  if (found === undefined) {
    refuseForeignFiles(fs, directory)
    return undefined
  }
  refuseLonelyPartitions(fs, directory)
  let loaded
  try {
    loaded = loadDirectory(fs, directory, { ...found, directoryId: found.directoryId ?? ZERO_UUID })
  } catch (error) {
    // Damaged, or in the hands of a running broker: told apart by whoever takes the lock.
    if (error instanceof StartFailure && error.cause !== undefined) return undefined
    throw error
  }
  refuseOpenTransactions(fs, directory)
  return found.directoryId === undefined ? undefined : loaded
}

/** Changes with every write to the metadata log; undefined without a directory. */
function stampOf(fs: FileSystem, directory: string): string | undefined {
  if (fs.stat(directory) === undefined) return undefined
  const path = join(directory, METADATA_DIRECTORY)
  const names = fs.stat(path) === undefined ? [] : fs.readdir(path)
  const files = names.map((name) => [name, fs.stat(join(path, name))])
  return JSON.stringify([readFile(fs, join(directory, META_PROPERTIES))?.toString(), files])
}

/** One of several log.dirs, or metadata.log.dir was another: they would become strays here. */
function refuseLonelyPartitions(fs: FileSystem, directory: string): void {
  if (fs.stat(join(directory, METADATA_DIRECTORY)) !== undefined) return
  const partition = fs
    .readdir(directory)
    .find((name) => parsePartitionDirectory(name)?.state === 'live')
  if (partition === undefined) return
  throw new StartFailure(
    `${directory} holds partitions (${partition}) but no ${METADATA_DIRECTORY}: it is one of ` +
      'several directories (log.dirs, metadata.log.dir), and Samsa uses one so far; nothing was ' +
      'changed.',
  )
}
