// Why a listener could not be bound, or the controller did not take the broker in, as one sentence
// for the person at the terminal.
import { errorName } from '../../protocol/errors.ts'
import type { Listener } from '../config/listeners.ts'
import { StartFailure } from '../config/start-failure.ts'

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

/** `cause` is why the controller itself failed, if it did. */
export function registrationFailure(errorCode: number, cause: unknown): StartFailure {
  const why = cause instanceof Error ? `it failed, ${cause.message}` : errorName(errorCode)
  return new StartFailure(`The controller refused this broker: ${why}.`, 1, cause)
}

function codeOf(error: unknown): string {
  return (error as { code?: string } | null)?.code ?? ''
}
