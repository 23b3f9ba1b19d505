// One child process of the harness: starts it, tees what it prints into a file, waits for a line, and
// stops it by its own pid. Knows nothing of Kafka.
import { spawn, spawnSync } from 'node:child_process'
import { createWriteStream, readFileSync } from 'node:fs'

export interface Program {
  readonly pid: number
  readonly logFile: string
  /** The first line printed so far or later that matches; rejects when the process ends before. */
  line(pattern: RegExp, timeoutMs: number): Promise<RegExpMatchArray>
  /** Resolves with the exit code; SIGTERM first, SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<number | null>
  kill(): Promise<void>
  readonly ended: Promise<number | null>
}

export interface ProgramOptions {
  readonly logFile: string
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

const living = new Set<number>()
let cleaning = false

/** No child outlives the harness: neither a failed run nor Ctrl-C leaves one behind. */
function killWithUs(): void {
  if (cleaning) return
  cleaning = true
  const killAll = () => {
    for (const pid of living) process.kill(pid, 'SIGKILL')
    living.clear()
  }
  process.on('exit', killAll)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))
}

export function startProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions,
): Program {
  killWithUs()
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env ?? process.env,
  })
  const log = createWriteStream(options.logFile, { flags: 'a' })
  let printed = ''
  let done = false
  const watchers = new Set<() => void>()
  const wake = () => {
    for (const watcher of watchers) watcher()
  }
  const onChunk = (chunk: Buffer) => {
    log.write(chunk)
    // Enough for every line anyone waits for; the file has the rest.
    printed = (printed + chunk.toString('latin1')).slice(-200_000)
    wake()
  }
  child.stdout.on('data', onChunk)
  child.stderr.on('data', onChunk)
  const pid = child.pid
  if (pid !== undefined) living.add(pid)
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      printed += `\ncannot start ${command}: ${error.message}\n`
      done = true
      wake()
      resolve(null)
    })
    child.on('exit', (code) => {
      if (pid !== undefined) living.delete(pid)
      done = true
      log.end()
      wake()
      resolve(code)
    })
  })

  function line(pattern: RegExp, timeoutMs: number): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => settle(undefined, `took longer than ${timeoutMs} ms`),
        timeoutMs,
      )
      const check = () => {
        const found = printed.match(pattern)
        if (found !== null) settle(found, '')
        else if (done) settle(undefined, 'the process ended')
      }
      const settle = (found: RegExpMatchArray | undefined, why: string) => {
        clearTimeout(timer)
        watchers.delete(check)
        if (found !== undefined) resolve(found)
        else
          reject(new Error(`no line ${pattern} from ${command}: ${why}\n${printed.slice(-4000)}`))
      }
      watchers.add(check)
      check()
    })
  }

  async function stop(graceMs = 10_000): Promise<number | null> {
    if (done) return ended
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    const code = await ended
    clearTimeout(timer)
    return code
  }

  return {
    pid: pid ?? -1,
    logFile: options.logFile,
    line,
    stop,
    async kill() {
      if (!done) child.kill('SIGKILL')
      await ended
    },
    ended,
  }
}

/** Runs to the end; throws with everything printed when the exit code is not 0. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { input?: string; cwd?: string; timeoutMs?: number } = {},
): string {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    timeout: options.timeoutMs ?? 120_000,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? {} : { input: options.input }),
  })
  if (result.error !== undefined) {
    throw new Error(`cannot run ${command}: ${result.error.message}`, { cause: result.error })
  }
  if (result.status !== 0) {
    const tail = `${result.stdout}\n${result.stderr}`.slice(-6000)
    throw new Error(
      `${command} ${args.slice(0, 8).join(' ')} ended with ${result.status}:\n${tail}`,
    )
  }
  return result.stdout
}

/** The last lines of a log, for a failure report. */
export function logTail(file: string, lines = 40): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
}
