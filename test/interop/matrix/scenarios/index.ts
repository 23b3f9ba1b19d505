// Every scenario, in the order of the report.
import type { Scenario } from '../scenario.ts'
import { consuming } from './consume.ts'
import { grouping } from './groups.ts'
import { producing } from './produce.ts'
import { administrating } from './topics.ts'

export const scenarios: readonly Scenario[] = [
  ...producing,
  ...consuming,
  ...grouping,
  ...administrating,
]
