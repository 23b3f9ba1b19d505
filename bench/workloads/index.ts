// All workloads in the order in which they run and are printed: what a developer waits for, then memory,
// then what a warm broker does.
import type { Workload } from '../workload.ts'
import { cold, consume1, consume16, consume4 } from './consume.ts'
import { disk } from './disk.ts'
import { life, topics } from './life.ts'
import { connections, memory, memory10, partitions } from './memory.ts'
import { metadata } from './metadata.ts'
import { acksAll, matrix, produce100, produce1k, produceLz4, produceLz4Header } from './produce.ts'
import { flushed, large, many, single, small, steady } from './requests.ts'
import { killFull, killMany, killSmall } from './restart.ts'
import { soak } from './soak.ts'
import { firstGigabyte, firstSeconds, start } from './start.ts'

export const WORKLOADS: readonly Workload[] = [
  start,
  life,
  topics,
  firstSeconds,
  firstGigabyte,
  memory,
  connections,
  partitions,
  killSmall,
  killMany,
  killFull,
  produce1k,
  produceLz4,
  produceLz4Header,
  produce100,
  acksAll,
  small,
  many,
  large,
  single,
  flushed,
  steady,
  consume1,
  consume4,
  consume16,
  cold,
  metadata,
  disk,
  memory10,
  soak,
  ...matrix,
]
