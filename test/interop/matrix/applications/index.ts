// All applications, in the order of the report.
import { newestTools, olderTools } from './apache-tools.ts'
import type { Application } from './application.ts'
import { syslog } from './syslog.ts'
import { wordCount } from './word-count.ts'

export const applications: readonly Application[] = [wordCount, newestTools, olderTools, syslog]
