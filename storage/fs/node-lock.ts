// Holds a directory for one process by a Unix socket inside it: connecting works = held, refused =
// its owner is gone. Node has no flock, and files with a pid lie after kill -9 and for pid 1 of a
// container (docs/architecture.md, section 6). On Windows: a named pipe, which dies with its owner.
// A running Apache Kafka is seen on Linux; it does not see us.
import {
  type BigIntStats,
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs'
import { type Server, connect, createServer } from 'node:net'
import { createHash } from 'node:crypto'
import type { DirectoryLock } from './fs.ts'
import { codeOf } from './fs-error.ts'

const NAME = '.samsa-lock'
/** Node cuts longer socket paths off without a word; 107 bytes is Linux' limit, 103 macOS'. */
const MAX_PATH_BYTES = 100
const MAX_ATTEMPTS = 5

export async function lockDirectory(directory: string): Promise<DirectoryLock | undefined> {
  if (process.platform === 'win32') return lockByPipe(directory)
  if (isHeldByKafka(directory)) return undefined
  const place = openPlace(directory)
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const inode = inodeOf(place.socket)
      if (inode !== undefined && (await answers(place.socket))) break
      const lock = inode === undefined ? await take(place) : await replace(place, inode, attempt)
      if (lock !== undefined) return lock
    }
  } catch (error) {
    place.close()
    throw error
  }
  place.close()
  return undefined
}

/** Where the socket is, by a path short enough to bind. `close` ends its use. */
interface Place {
  readonly socket: string
  close(): void
}

function openPlace(directory: string): Place {
  if (process.platform === 'linux') {
    const descriptor = openSync(directory, 'r')
    return {
      socket: `/proc/self/fd/${descriptor}/${NAME}`,
      close: () => closeSync(descriptor),
    }
  }
  const socket = `${directory}/${NAME}`
  if (Buffer.byteLength(socket) + 12 > MAX_PATH_BYTES) {
    throw new Error(
      `the path of the data directory ${directory} is too long to lock: ` +
        `at most ${MAX_PATH_BYTES - 12 - NAME.length - 1} bytes`,
    )
  }
  return { socket, close: () => undefined }
}

/** The name is free: binding it is atomic. undefined when another process was faster. */
async function take(place: Place): Promise<DirectoryLock | undefined> {
  const server = await listen(place.socket)
  return server === undefined ? undefined : held(place, server, inodeOf(place.socket))
}

/** A stale socket is there: bind beside it, rename over it, see that ours stayed. The inode is
 * compared in the same turn as the rename, so that a lock taken meanwhile is not replaced. */
async function replace(
  place: Place,
  stale: bigint,
  attempt: number,
): Promise<DirectoryLock | undefined> {
  const beside = `${place.socket}.${process.pid % 100_000}${attempt}`
  if (inodeOf(beside) !== undefined) unlinkSync(beside)
  const server = await listen(beside)
  if (server === undefined) return undefined
  const ours = inodeOf(beside)
  if (inodeOf(place.socket) !== stale) {
    server.close()
    return undefined
  }
  renameSync(beside, place.socket)
  if ((await answers(place.socket)) && inodeOf(place.socket) === ours) {
    return held(place, server, ours)
  }
  server.close()
  return undefined
}

function held(place: Place, server: Server, inode: bigint | undefined): DirectoryLock {
  let released = false
  return {
    release() {
      if (released) return
      released = true
      // Closing unlinks the path that was bound, synchronously; after a rename the name is left.
      server.close(() => place.close())
      if (inodeOf(place.socket) === inode) unlinkSync(place.socket)
    },
  }
}

/** A server that only shows that its process lives; undefined when the name is taken. */
function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.end()
    })
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(path, () => {
      server.unref()
      resolve(server)
    })
  })
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function inodeOf(path: string): bigint | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino
}

const LOCKS = '/proc/locks'

/** Apache Kafka's lock is a record lock on `.lock`, which Node cannot take but Linux shows. */
function isHeldByKafka(directory: string): boolean {
  if (process.platform !== 'linux' || !existsSync(LOCKS)) return false
  const file = statSync(`${directory}/.lock`, { bigint: true, throwIfNoEntry: false })
  if (file === undefined) return false
  const holders = lockHolders(readFileSync(LOCKS, 'latin1'), file.ino)
  return holders.some((pid) => hasOpen(pid, file))
}

/** The processes with a record lock on a file of that number, in the text of /proc/locks. */
export function lockHolders(locks: string, inode: bigint): number[] {
  const lines = locks.matchAll(/ POSIX +\w+ +WRITE +(\d+) [0-9a-f]+:[0-9a-f]+:(\d+) /g)
  return [...lines].filter(([, , file]) => BigInt(file!) === inode).map(([, pid]) => Number(pid))
}

/** Numbers are unique in one file system only. A process that nobody may look into counts. */
function hasOpen(pid: number, { dev, ino }: BigIntStats): boolean {
  const directory = `/proc/${pid}/fd`
  try {
    return readdirSync(directory).some((name) => {
      const found = statSync(`${directory}/${name}`, { bigint: true, throwIfNoEntry: false })
      return found?.dev === dev && found.ino === ino
    })
  } catch (error) {
    return codeOf(error) === 'EACCES'
  }
}

async function lockByPipe(directory: string): Promise<DirectoryLock | undefined> {
  const digest = createHash('sha256').update(directory.toLowerCase()).digest('hex').slice(0, 32)
  const server = await listen(`\\\\.\\pipe\\samsa-${digest}`)
  return server === undefined ? undefined : { release: () => void server.close() }
}
