// Describing and changing configurations, one key at a time.
import { DescribeConfigs } from '../../protocol/api/32-describe-configs.ts'
import { IncrementalAlterConfigs } from '../../protocol/api/44-incremental-alter-configs.ts'
import type { ResponseOf } from '../../protocol/schema/message.ts'
import type { RawLink } from './raw-link.ts'

export const TOPIC = 2
export const BROKER = 4

export const SET = 0
export const DELETE = 1
export const APPEND = 2
export const SUBTRACT = 3

/** Sources of values. */
export const TOPIC_CONFIG = 1
export const DYNAMIC_BROKER = 2
export const CLUSTER_DEFAULT = 3
export const DEFAULT = 5

type Described = ResponseOf<typeof DescribeConfigs>['results'][number]

export interface AskedConfigs {
  readonly type?: number
  readonly keys?: readonly string[] | null
  readonly version?: number
  readonly flags?: Record<string, boolean>
}

export function describeConfigsOf(
  link: RawLink,
  name: string,
  { type = TOPIC, keys = null, version = 4, flags = {} }: AskedConfigs = {},
): Described {
  const resources = [{ resourceType: type, resourceName: name, configurationKeys: keys }]
  return link.ask(DescribeConfigs, version, { resources, ...flags }).results[0]!
}

export function valueOf(
  link: RawLink,
  name: string,
  ...[key, type]: [key: string, type?: number]
): { value: string | null; source: number } {
  const found = describeConfigsOf(link, name, { type: type ?? TOPIC, keys: [key] }).configs[0]!
  return { value: found.value, source: found.configSource }
}

export interface ConfigChange {
  readonly type?: number
  readonly operation?: number
  readonly text?: string | null
  readonly validateOnly?: boolean
}

/** Gives the error code. */
export function changeConfig(
  link: RawLink,
  name: string,
  ...[key, change]: [key: string, change: ConfigChange]
): number {
  const { type = TOPIC, operation = SET, text = null, validateOnly = false } = change
  const configs = [{ name: key, configOperation: operation, value: text }]
  const resources = [{ resourceType: type, resourceName: name, configs }]
  const reply = link.ask(IncrementalAlterConfigs, 1, { resources, validateOnly })
  return reply.responses[0]!.errorCode
}
