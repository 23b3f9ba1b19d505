// Taking a directory for a broker's data, or saying in one sentence why it cannot be had: another
// process holds it, it cannot be written, or somebody else's files are in it. Knows the names that
// may stand in a log directory, not what is in the files.
import type { DirectoryLock, FileSystem } from '../../storage/fs/fs.ts'
import { codeOf } from '../../storage/fs/fs-error.ts'
import { join } from '../../storage/fs/path.ts'
import { replaceFile, writeFile } from '../../storage/fs/whole-file.ts'
import { StartFailure } from './start-failure.ts'

/** What this broker or Apache Kafka puts into a log directory. */
const OWN_NAMES: readonly RegExp[] = [
  /^.+-\d+(\.[0-9a-zA-Z_-]+-(delete|future|stray))?$/,
  /^(meta\.properties|bootstrap\.checkpoint)(\.tmp)?$/,
  /^(recovery-point-offset|replication-offset|log-start-offset|cleaner-offset)-checkpoint(\.tmp)?$/,
  /^\.(gitignore|gitignore\.tmp|kafka_cleanshutdown|samsa-lock.*|lock)$/,
  /^lost\+found$/,
]

const WRITE_PROBE = '.samsa-lock-probe'

/** Makes the directory if it is missing, checks it and takes its lock. The lock is the caller's to
 * release. Throws StartFailure. */
export async function claimDataDirectory(
  fs: FileSystem,
  directory: string,
): Promise<DirectoryLock> {
  try {
    const wasThere = fs.stat(directory) !== undefined
    fs.mkdir(directory)
    refuseForeignFiles(fs, directory)
    probeWrite(fs, directory)
    // A data directory inside a checkout is nobody's to commit.
    if (!wasThere) replaceFile(fs, join(directory, '.gitignore'), '*\n')
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

function refuseForeignFiles(fs: FileSystem, directory: string): void {
  const names = fs.readdir(directory)
  // An identity in it makes it a broker's directory, whatever else was put there since.
  if (names.includes('meta.properties')) return
  const foreign = names.filter((name) => !OWN_NAMES.some((own) => own.test(name))).sort()
  if (foreign.length === 0) return
  const more = foreign.length > 3 ? ` and ${foreign.length - 3} more` : ''
  throw new StartFailure(
    `The data directory ${directory} holds files that are not a broker's ` +
      `(${foreign.slice(0, 3).join(', ')}${more}): choose an empty or new directory with --data-dir.`,
  )
}

function probeWrite(fs: FileSystem, directory: string): void {
  const probe = join(directory, WRITE_PROBE)
  writeFile(fs, probe, Buffer.from('1'), true)
  fs.unlink(probe)
}

/** The sentence for a failed operation on the directory; bugs are passed through. */
export function directoryFailure(directory: string, error: unknown): unknown {
  if (error instanceof StartFailure) return error
  const code = codeOf(error)
  const reason = code === undefined ? undefined : REASONS[code]
  if (reason === undefined) return error
  return new StartFailure(`The data directory ${directory} ${reason}.`, undefined, error)
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'cannot be written: this user has no permission there',
  EPERM: 'cannot be written: this user has no permission there',
  EROFS: 'cannot be written: its file system is mounted read-only',
  ENOSPC: 'cannot be written: its file system is full',
  EDQUOT: 'cannot be written: the quota of this user is used up',
  ENOTDIR: 'is not a directory, or a part of its path is a file',
  EEXIST: 'is not a directory, or a part of its path is a file',
  ENAMETOOLONG: 'has too long a name',
  EIO: 'cannot be used: the disk reports an error',
  EMFILE: 'cannot be opened: this process may open no more files (ulimit -n)',
}

/** The sentence for a listener that could not be bound; bugs are passed through. */
export function listenFailure(host: string, port: number, error: unknown): unknown {
  const address = `${host === '' ? '*' : host}:${port}`
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new StartFailure(
        `Port ${port} is taken (${address}): stop what listens there, or choose another one ` +
          'with --port.',
        undefined,
        error,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartFailure(
        `Cannot listen on ${address}: this machine has no such address; see listeners.`,
        undefined,
        error,
      )
    case 'EACCES':
      return new StartFailure(
        `Cannot listen on ${address}: this user may not use that port; choose one above 1023.`,
        undefined,
        error,
      )
    default:
      return error
  }
}
