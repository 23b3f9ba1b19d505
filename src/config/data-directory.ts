// Taking a directory for a broker's data, or saying in one sentence why it cannot be had: another
// process holds it, or it cannot be written. What is in it is the affair of whoever formats it.
import type { DirectoryLock, FileSystem } from '../../storage/fs/fs.ts'
import { codeOf } from '../../storage/fs/fs-error.ts'
import { join } from '../../storage/fs/path.ts'
import { writeFile } from '../../storage/fs/whole-file.ts'
import { StartFailure } from './start-failure.ts'

const WRITE_PROBE = '.samsa-lock-probe'

/** Makes the directory if it is missing and takes its lock. The lock is the caller's to
 * release. Throws StartFailure. */
export async function claimDataDirectory(
  fs: FileSystem,
  directory: string,
): Promise<DirectoryLock> {
  try {
    const wasThere = fs.stat(directory) !== undefined
    fs.mkdir(directory)
    probeWrite(fs, directory)
    // A data directory inside a checkout is nobody's to commit.
    if (!wasThere) writeFile(fs, join(directory, '.gitignore'), Buffer.from('*\n'))
    const lock = await fs.lock(directory)
    if (lock !== undefined) return lock
  } catch (error) {
    throw directoryFailure(directory, error)
  }
  throw new StartFailure(
    `The data directory ${directory} is in use by another broker: stop that one, or choose ` +
      'another directory with --data-dir.',
  )
}

function probeWrite(fs: FileSystem, directory: string): void {
  const probe = join(directory, WRITE_PROBE)
  writeFile(fs, probe, Buffer.from('1'))
  fs.unlink(probe)
}

/** The sentence for a failed operation on the directory; bugs are passed through. */
export function directoryFailure(directory: string, error: unknown): unknown {
  if (error instanceof StartFailure) return error
  const code = codeOf(error)
  const reason = code === undefined ? undefined : REASONS[code]
  if (reason === undefined) return error
  return new StartFailure(
    `The data directory ${directory} ${reason}: choose another one with --data-dir.`,
    undefined,
    error,
  )
}

const NO_PERMISSION = 'is not writable by this user'
const NO_DIRECTORY = 'is not a directory, or a part of its path is a file'

const REASONS: Readonly<Record<string, string>> = {
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
  EROFS: 'is not writable, since its file system is mounted read-only',
  ENOSPC: 'is not writable, since its file system is full',
  EDQUOT: "is not writable, since this user's quota is used up",
  ENOTDIR: NO_DIRECTORY,
  EEXIST: NO_DIRECTORY,
  ENOENT: 'cannot be made there',
  ENAMETOOLONG: 'has too long a name',
  EIO: 'cannot be used, since the disk reports an error',
  EMFILE: 'cannot be opened, since this process may open no more files (ulimit -n)',
}
