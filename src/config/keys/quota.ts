// Broker keys of quotas and throttles.
import { int, javaClass, long, LONG_MAX } from './key.ts'

export const quotaKeys = {
  'alter.log.dirs.replication.quota.window.num': int(11, {
    min: 1,
    used: false,
    doc: 'Samples kept for the quota of moves between log directories.',
  }),
  'alter.log.dirs.replication.quota.window.size.seconds': int(1, {
    min: 1,
    used: false,
    doc: 'Length of one sample for the quota of moves between log directories.',
  }),
  'client.quota.callback.class': javaClass(null, {
    used: false,
    doc: 'Java class that computes client quotas.',
  }),
  'controller.quota.window.num': int(11, {
    min: 1,
    used: false,
    doc: 'Samples kept for the quota on topic creations and deletions.',
  }),
  'controller.quota.window.size.seconds': int(1, {
    min: 1,
    used: false,
    doc: 'Length of one sample for the quota on topic creations and deletions.',
  }),
  'quota.window.num': int(11, { min: 1, used: false, doc: 'Samples kept for client quotas.' }),
  'quota.window.size.seconds': int(1, {
    min: 1,
    used: false,
    doc: 'Length of one sample for client quotas.',
  }),
  'replication.quota.window.num': int(11, {
    min: 1,
    used: false,
    doc: 'Samples kept for the replication quota.',
  }),
  'replication.quota.window.size.seconds': int(1, {
    min: 1,
    used: false,
    doc: 'Length of one sample for the replication quota.',
  }),
} as const

/** Can be set only while the broker runs; DescribeConfigs lists them when they are set. */
export const throttleKeys = {
  'leader.replication.throttled.rate': long(LONG_MAX, {
    min: 0,
    dynamic: 'per-broker',
    used: false,
    doc: 'Most bytes a second this broker sends to throttled followers.',
  }),
  'follower.replication.throttled.rate': long(LONG_MAX, {
    min: 0,
    dynamic: 'per-broker',
    used: false,
    doc: 'Most bytes a second this broker fetches for throttled replicas.',
  }),
  'replica.alter.log.dirs.io.max.bytes.per.second': long(LONG_MAX, {
    min: 0,
    dynamic: 'per-broker',
    used: false,
    doc: 'Most bytes a second that move between log directories.',
  }),
} as const
