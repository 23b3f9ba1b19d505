// What went wrong at a start, as one sentence for the person at the terminal.
import type { Listener } from '../config/listeners.ts'
import { StartFailure } from '../config/start-failure.ts'

export function directoryFailure(directory: string, cause: unknown): StartFailure {
  const code = codeOf(cause)
  const why =
    code === 'EROFS' || code === 'EACCES' || code === 'EPERM'
      ? 'is not writable'
      : code === 'ENOSPC'
        ? 'is on a full disk'
        : code === 'ENOTDIR' || code === 'EEXIST'
          ? 'is not a directory'
          : `cannot be used (${cause instanceof Error ? cause.message : String(cause)})`
  return new StartFailure(
    `The data directory ${directory} ${why}: choose another one with --data-dir.`,
    1,
    cause,
  )
}

export function bindFailure({ name, host, port }: Listener, cause: unknown): StartFailure {
  const where = `${host === '' ? '*' : host}:${port}`
  const code = codeOf(cause)
  if (code === 'EADDRINUSE') {
    return new StartFailure(
      `Port ${port} is taken, so listener ${name} cannot listen on ${where}: stop what listens ` +
        'there, or choose another port with --port.',
      1,
      cause,
    )
  }
  const why =
    code === 'EACCES'
      ? 'that port needs more rights'
      : code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
        ? 'that is no address of this machine'
        : cause instanceof Error
          ? cause.message
          : String(cause)
  return new StartFailure(`Listener ${name} cannot listen on ${where}: ${why}.`, 1, cause)
}

function codeOf(error: unknown): string {
  return (error as { code?: string } | null)?.code ?? ''
}
