// What a log throws and reports. A failure fences the partition (KAFKA_STORAGE_ERROR) until its log
// is opened again; a report is for the operator's log and changes nothing.

export type LogOperation =
  | 'open'
  | 'append'
  | 'write'
  | 'sync'
  | 'read'
  | 'roll'
  | 'truncate'
  | 'close'
  | 'delete'

/** A log that cannot be trusted with more. `code` is the Kafka error to answer. */
export class LogFailure extends Error {
  override readonly name = 'LogFailure'
  readonly code = 'KAFKA_STORAGE_ERROR'
  readonly directory: string
  readonly operation: LogOperation

  constructor(directory: string, operation: LogOperation, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`${operation} failed in ${directory}: ${reason}`, { cause })
    this.directory = directory
    this.operation = operation
  }
}

/** Something that was repaired or noticed while a log was opened or read. */
export interface LogReport {
  readonly directory: string
  readonly file: string
  readonly what:
    | 'index rebuilt'
    | 'tail truncated'
    | 'segment dropped'
    | 'epochs rebuilt'
    | 'snapshot dropped'
    | 'stray file removed'
    | 'clean marker disproved'
    | 'log emptied'
    | 'clean-up failed'
  /** Where in the file, when that says something. */
  readonly position?: number
  readonly lostBytes?: number
  readonly cause?: unknown
}
