// All applications, in the order of the report.
import { newestTools, olderTools } from './apache-tools.ts'
import type { Application } from './application.ts'

export const applications: readonly Application[] = [newestTools, olderTools]
