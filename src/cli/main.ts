// The `samsa` program. Owns the process: arguments, environment, streams, signals, exit code. It
// hands them to the commands as one context; nothing else in src/cli touches the process.
import path from 'node:path'
import { systemClock } from '../../base/clock.ts'
import { systemRandom } from '../../base/random.ts'
import { nodeFileSystem } from '../../storage/fs/node-fs.ts'
import { runCommand } from './commands.ts'
import type { CommandContext } from './context.ts'

/** Runs the command line of this process; ends by setting the exit code. */
export async function main(): Promise<void> {
  process.stdout.on('error', leaveOnBrokenPipe)
  process.exitCode = await runCommand(contextOfProcess(), process.argv.slice(2))
}

/** `samsa consume | head` closes the pipe: that is a normal end. */
function leaveOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}

function contextOfProcess(): CommandContext {
  return {
    program: programName(process.argv[1] ?? 'samsa', process.cwd(), process.env['PATH'] ?? ''),
    environment: process.env,
    fs: nodeFileSystem(),
    network: async () => (await import('../net/tcp-network.ts')).tcpNetwork(),
    clock: systemClock(),
    random: systemRandom(),
    uptime: () => process.uptime() * 1000,
    out: (text) => {
      process.stdout.write(text)
    },
    flushed,
    error: (text) => {
      process.stderr.write(text)
    },
    input: () => process.stdin,
    stopSignal,
  }
}

function flushed(): Promise<void> {
  if (!process.stdout.writableNeedDrain) return Promise.resolve()
  return new Promise((resolve) => {
    process.stdout.once('drain', resolve)
  })
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      // Only the first is waited for: after it the signal's own effect is back.
      process.once(signal, () => resolve(signal))
    }
  })
}

/** What a person types in `directory` to run this program again. */
export function programName(script: string, directory: string, searchPath: string): string {
  const name = path.basename(script, '.js')
  if (searchPath.split(path.delimiter).includes(path.dirname(script))) return name
  const relative = path.relative(directory, script)
  return relative.startsWith('..') ? script : relative
}
