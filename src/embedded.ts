// A broker in this process, for programs and tests: plain options instead of a command line. Does
// not touch the process: no signals, no environment, no exit; errors are thrown.
import type { RunningBroker } from './broker.ts'
import { startBroker as startConfigured } from './broker.ts'
import { loadConfig } from './config/load.ts'
import { type Logger, silentLogger } from './telemetry/log.ts'

export interface EmbeddedOptions {
  /** Keeps everything in memory (default false). */
  readonly memory?: boolean
  /** Where the data is; default ./samsa-data. Not looked at with `memory`. */
  readonly dataDirectory?: string
  /** Default 9092; 0 is any free port, to be read from `listeners`. */
  readonly port?: number
  /** Kafka's configuration keys, as in server.properties. */
  readonly set?: Readonly<Record<string, string | number | boolean>>
  /** Default: nothing is logged. */
  readonly log?: Logger
  /** The broker cannot go on (its metadata log cannot be written): stop it. */
  readonly failed?: (error: unknown) => void
}

/**
 * Starts a broker and settles when it serves. Rejects with a StartFailure, whose `sentence` says
 * what to do, when a port, a directory or a value is wrong; nothing is left open then.
 */
export function startBroker(options: EmbeddedOptions = {}): Promise<RunningBroker> {
  const { memory = false, dataDirectory, port, log = silentLogger, failed } = options
  const set = Object.entries(options.set ?? {}).map(([name, value]) => `${name}=${value}`)
  if (dataDirectory !== undefined) set.push(`log.dirs=${dataDirectory}`)
  const config = loadConfig({ set, ...(port === undefined ? {} : { port }) })
  return startConfigured({ config, memory, log, ...(failed === undefined ? {} : { failed }) })
}
