// The process's log: one line for each event, for people or as JSON. Owns the format and the level;
// where lines go and what time it is are passed in. Names and values may come from clients, so
// nothing of them can start a line of its own or reach the terminal as a control code.
import { type Clock, isoTime } from '../../base/clock.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Details of an event, printed as name=value. */
export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface Logger {
  /** False: the caller may spare itself the making of a debug line. */
  readonly isDebug: boolean
  debug(message: string, facts?: Facts): void
  info(message: string, facts?: Facts): void
  warn(message: string, facts?: Facts): void
  error(message: string, facts?: Facts): void
}

export interface LogOptions {
  readonly level: LogLevel
  readonly format: 'text' | 'json'
  readonly clock: Clock
  /** Takes whole lines, line end included. */
  readonly write: (line: string) => void
}

const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

export function createLogger({ level, format, clock, write }: LogOptions): Logger {
  const least = SEVERITY[level]
  const line = format === 'json' ? jsonLine : textLine
  function at(own: LogLevel): Logger['info'] {
    if (SEVERITY[own] < least) return ignore
    return (message, facts) => write(line(clock.now(), own, message, facts))
  }
  return {
    isDebug: least === SEVERITY.debug,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}

/** Says nothing: embedded brokers and tests. */
export const silentLogger: Logger = {
  isDebug: false,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
}

function ignore(): void {}

function textLine(time: number, level: LogLevel, message: string, facts?: Facts): string {
  const stamp = isoTime(time).slice(11, 23)
  let line = `${stamp} ${level.toUpperCase().padEnd(5)} ${printable(message)}`
  for (const [name, value] of Object.entries(facts ?? {})) {
    if (value !== undefined) line += ` ${name}=${factText(value)}`
  }
  return `${line}\n`
}

function factText(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value)
  const text = printable(value)
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text)
}

/** Control characters, and those that reorder or break lines, become their \u form. */
function printable(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function jsonLine(time: number, level: LogLevel, message: string, facts?: Facts): string {
  return `${JSON.stringify({ time: isoTime(time), level, message, ...facts })}\n`
}
