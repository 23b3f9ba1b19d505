// One debug line for each answered request: API, version, client, what it was about, outcome, time.
import type { RequestTrace } from '../handlers/dispatch.ts'
import type { Logger } from '../telemetry/log.ts'

/** null where nobody would read the lines, so that nothing is made for them. */
export function requestTrace(log: Logger): RequestTrace | null {
  if (!log.isDebug) return null
  return {
    answered: ({ api, version, clientId, subject, connection, micros, outcome }) =>
      log.debug(`${api} v${version}`, { clientId, subject, outcome, micros, connection }),
  }
}
