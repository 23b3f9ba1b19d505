// What nobody expected: an exception of a callback that must not take the process, another
// connection or another partition with it. One line with its stack, and not for ever.
import type { Clock } from '../../base/clock.ts'
import { type LogLine, PeerLog } from '../net/peer-log.ts'

export function faultReport(clock: Clock, line: LogLine): (error: unknown) => void {
  const log = new PeerLog(clock, line)
  return (error) => {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    log.line('error', 'this broker', `something failed that should not: ${stack}`)
  }
}
