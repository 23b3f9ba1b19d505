// All applications, in the order of the report.
import type { Application } from './application.ts'

export const applications: readonly Application[] = []
