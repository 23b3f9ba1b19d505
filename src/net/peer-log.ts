// Log lines about what peers do wrong, at most a few per address and minute: a port scanner must
// not fill the disk. It does not know where lines go.
import type { Clock } from '../../base/clock.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type LogLine = (level: LogLevel, line: string) => void

const WINDOW_MS = 60_000
const LINES_PER_WINDOW = 10
const MAX_ADDRESSES = 1000

interface Window {
  readonly until: number
  lines: number
}

export class PeerLog {
  readonly #clock: Clock
  readonly #log: LogLine
  /** In order of the window's start, so that the oldest leaves first. */
  readonly #windows = new Map<string, Window>()

  constructor(clock: Clock, log: LogLine) {
    this.#clock = clock
    this.#log = log
  }

  line(level: LogLevel, host: string, line: string): void {
    if (level === 'debug') {
      this.#log(level, line)
      return
    }
    const window = this.#window(host)
    window.lines++
    if (window.lines > LINES_PER_WINDOW) return
    const last = window.lines === LINES_PER_WINDOW
    this.#log(
      level,
      last ? `${line} (further lines about ${host} are left out for a minute)` : line,
    )
  }

  #window(host: string): Window {
    const now = this.#clock.monotonic()
    const known = this.#windows.get(host)
    if (known !== undefined && now < known.until) return known
    this.#windows.delete(host)
    if (this.#windows.size >= MAX_ADDRESSES) {
      for (const oldest of this.#windows.keys()) {
        this.#windows.delete(oldest)
        break
      }
    }
    const window = { until: now + WINDOW_MS, lines: 0 }
    this.#windows.set(host, window)
    return window
  }
}
