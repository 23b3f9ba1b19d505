import type { Check } from './trial.ts'
export const packed: Check = { name: 'packed', about: '', faults: [], async run() {} }
