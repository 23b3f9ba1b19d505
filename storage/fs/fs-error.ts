// Failures of the twins look like Node's own: an Error with `code`, `syscall` and `path`. Also the
// one place that asks an unknown error for its code.

export type FsErrorCode =
  | 'EACCES'
  | 'EBADF'
  | 'EEXIST'
  | 'EIO'
  | 'EISDIR'
  | 'EMFILE'
  | 'ENOENT'
  | 'ENOSPC'
  | 'ENOTDIR'
  | 'ENOTEMPTY'
  | 'EROFS'

export class FsError extends Error {
  override readonly name = 'FsError'
  readonly code: FsErrorCode
  readonly syscall: string
  readonly path: string

  constructor(code: FsErrorCode, syscall: string, path: string) {
    super(`${code}: ${syscall} '${path}'`)
    this.code = code
    this.syscall = syscall
    this.path = path
  }
}

/** The `code` of a file system error, '' when it has none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}
