// Public entry of samsa: a broker in this process.
export type { BoundListener, RunningBroker } from './broker.ts'
export { StartFailure } from './config/start-failure.ts'
export { type EmbeddedOptions, startBroker } from './embedded.ts'
export { createLogger, type Logger, type LogOptions, silentLogger } from './telemetry/log.ts'
