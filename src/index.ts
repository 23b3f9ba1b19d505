// Public entry of samsa: a broker in this process.
export { startBroker } from './broker.ts'
export type { BoundListener, BrokerOptions, RunningBroker } from './broker.ts'
export { type BrokerConfig, type ConfigInput, loadConfig } from './config/load.ts'
export { StartFailure } from './config/start-failure.ts'
export { createLogger, type Logger, type LogOptions, silentLogger } from './telemetry/log.ts'
