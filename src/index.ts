// Public entry of samsa: a broker in this process.
export type { Clock } from '../base/clock.ts'
