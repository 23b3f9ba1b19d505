// What a command may touch: streams, environment, files, time and signals, passed in by main.ts, so
// that a test runs a command without a process.
import type { Clock } from '../../base/clock.ts'
import type { Random } from '../../base/random.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { readFile } from '../../storage/fs/whole-file.ts'
import { codeOf } from '../../storage/fs/fs-error.ts'
import type { Network } from '../net/network.ts'
import type { Environment } from '../config/environment.ts'
import { usageFailure } from '../config/start-failure.ts'

export interface CommandContext {
  /** How this program is called, for commands that people paste: `bin/samsa` or `samsa`. */
  readonly program: string
  readonly environment: Environment
  readonly fs: FileSystem
  /** Loaded when asked for: not every command talks. */
  readonly network: () => Promise<Network>
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds that the process has run. */
  readonly uptime: () => number
  readonly out: (text: string | Uint8Array) => void
  /** Settles when what was printed has left. */
  readonly flushed: () => Promise<void>
  readonly error: (text: string) => void
  /** Chunks of standard input. */
  readonly input: () => AsyncIterable<Uint8Array>
  /** Settles at the first SIGTERM or SIGINT; a second one ends the process. */
  readonly stopSignal: () => Promise<string>
}

/** Text of a file named on the command line. Throws StartFailure. */
export function readText(context: CommandContext, path: string): string {
  let bytes
  try {
    bytes = readFile(context.fs, path)
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    throw usageFailure(`Cannot read ${path}: ${code === 'EACCES' ? 'no permission' : code}.`)
  }
  if (bytes === undefined) throw usageFailure(`Cannot read ${path}: there is no such file.`)
  return bytes.toString('utf8')
}
