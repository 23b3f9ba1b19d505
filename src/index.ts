// Public entry of samsa: a broker inside another program. The options of `samsa start` as values, and
// nothing said unless a logger is given. Never ends its host process.
import { type RunningBroker, startBroker as start } from './broker.ts'
import { loadConfig } from './config/load.ts'
import { refuseUnsupported } from './config/supported.ts'
import { type Logger, silentLogger } from './telemetry/log.ts'

export type { BoundListener, RunningBroker } from './broker.ts'
export { StartFailure } from './config/start-failure.ts'
export { createLogger, type Logger, type LogOptions, silentLogger } from './telemetry/log.ts'

export interface StartBrokerOptions {
  /** Keeps everything in memory. Default: false. */
  readonly memory?: boolean
  /** Port for clients; 0 takes a free one. Default: 9092. */
  readonly port?: number
  /** Directory for topics and metadata. Default: ./samsa-data. */
  readonly dataDir?: string
  /** Configuration keys by Kafka's names, such as { 'num.partitions': '3' }. */
  readonly config?: Readonly<Record<string, string>>
  /** Default: says nothing. */
  readonly log?: Logger
  /** The broker cannot go on and stopped serving. Called once. */
  readonly failed?: (error: unknown) => void
}

/** Rejects with StartFailure, whose `sentence` is for people. */
export async function startBroker(options: StartBrokerOptions = {}): Promise<RunningBroker> {
  const set = Object.entries(options.config ?? {}).map(([name, value]) => `${name}=${value}`)
  if (options.dataDir !== undefined) set.push(`log.dirs=${options.dataDir}`)
  const config = loadConfig(options.port === undefined ? { set } : { set, port: options.port })
  refuseUnsupported(config)
  const log = options.log ?? silentLogger
  for (const warning of config.warnings) log.warn(warning)
  return start({
    config,
    log,
    memory: options.memory ?? false,
    ...(options.failed === undefined ? {} : { failed: options.failed }),
  })
}
