// Every scenario, in the order of the API keys. One line here puts it into the run.
import type { Scenario } from '../trial.ts'
import * as produce from './00-produce.ts'
import * as fetch from './01-fetch.ts'
import * as listOffsets from './02-list-offsets.ts'
import * as metadata from './03-metadata.ts'
import * as offsets from './08-offsets.ts'
import * as groups from './11-groups.ts'
import * as apiVersions from './18-api-versions.ts'
import * as createTopics from './19-create-topics.ts'
import * as topics from './20-delete-topics.ts'
import * as configs from './32-configs.ts'
import * as cluster from './60-cluster.ts'

export const scenarios: readonly Scenario[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsets,
  groups,
  apiVersions,
  createTopics,
  topics,
  configs,
  cluster,
].flatMap((module) => Object.values<Scenario>(module))
