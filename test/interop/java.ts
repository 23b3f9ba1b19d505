import type { Check } from './trial.ts'
export const java: Check = { name: 'java', about: '', faults: [], async run() {} }
