// What the controller asks of the configuration: the rules of src/config as the callbacks that the
// controller defines, so that neither knows the other.
import { describeTopicConfigs, type DescribedConfig } from '../config/describe.ts'
import { validateBrokerConfigs } from '../config/dynamic.ts'
import { validateGroupConfigs } from '../config/group.ts'
import { brokerKey, groupKey, topicKey } from '../config/keys/index.ts'
import type { Key } from '../config/keys/key.ts'
import { type ConfigLayers, effectiveValue } from '../config/layers.ts'
import { topicConfig, validateTopicConfigs } from '../config/topic.ts'
import { type ApiError, apiError } from '../controller/api-error.ts'
import {
  RESOURCE_BROKER,
  RESOURCE_CLIENT_METRICS,
  RESOURCE_GROUP,
  RESOURCE_TOPIC,
} from '../controller/image.ts'
import type { ConfigValidators } from '../controller/validators.ts'
import { errors } from '../../protocol/errors.ts'

export function configValidators(layers: () => ConfigLayers): ConfigValidators {
  return {
    validate: ({ type, name }, after) => fault(layers(), { type, name }, after),
    isList: (type, name) => keyOf(type, name)?.kind === 'list',
    defaultValue: (type, name) => keyOf(type, name)?.initial ?? undefined,
    effectiveTopicConfigs: (overrides) =>
      describeTopicConfigs(layers(), overrides).map((config: DescribedConfig) => ({
        name: config.name,
        value: config.value,
        readOnly: config.isReadOnly,
        configSource: config.source,
        isSensitive: config.isSensitive,
      })),
    defaultPartitions: () => effectiveValue(layers(), 'num.partitions'),
    defaultReplicationFactor: () => effectiveValue(layers(), 'default.replication.factor'),
    uncleanLeaderElection: (overrides) =>
      topicConfig(layers(), overrides)['unclean.leader.election.enable'],
  }
}

function fault(
  layers: ConfigLayers,
  { type, name }: { type: number; name: string },
  after: ReadonlyMap<string, string>,
): ApiError | undefined {
  switch (type) {
    case RESOURCE_TOPIC:
      return refused(validateTopicConfigs(layers, after), errors.INVALID_CONFIG)
    case RESOURCE_BROKER:
      return refused(validateBrokerConfigs(after, name !== ''), errors.INVALID_REQUEST)
    case RESOURCE_GROUP:
      return refused(validateGroupConfigs(layers, after), errors.INVALID_CONFIG)
    case RESOURCE_CLIENT_METRICS:
      return undefined
    default:
      return apiError(errors.INVALID_REQUEST, `The resource type ${type} has no configuration.`)
  }
}

function refused(sentence: string | undefined, code: number): ApiError | undefined {
  return sentence === undefined ? undefined : apiError(code, sentence)
}

function keyOf(type: number, name: string): Key | undefined {
  if (type === RESOURCE_TOPIC) return topicKey(name)
  if (type === RESOURCE_GROUP) return groupKey(name)
  return type === RESOURCE_BROKER ? brokerKey(name) : undefined
}
