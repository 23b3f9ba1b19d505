// DescribeConfigs: values with their sources and synonyms, of topics, brokers, groups (KIP-133,
// KIP-226, KIP-569). Broker loggers and client metrics are listed as having none of ours.
import { DescribeConfigs } from '../../protocol/api/32-describe-configs.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import {
  describeBrokerConfigs,
  describeClientMetricsConfigs,
  type DescribedConfig,
  describeGroupConfigs,
  describeTopicConfigs,
} from '../config/describe.ts'
import type { ConfigLayers } from '../config/layers.ts'
import { invalidTopicName } from '../controller/topic-name.ts'
import {
  RESOURCE_BROKER,
  RESOURCE_BROKER_LOGGER,
  RESOURCE_CLIENT_METRICS,
  RESOURCE_GROUP,
  RESOURCE_TOPIC,
} from '../controller/image.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof DescribeConfigs>
type Resource = Request['resources'][number]
type Reply = ResponseDraft<typeof DescribeConfigs>
type Result = Reply['results'][number]
type Entry = Result['configs'][number]
type Context = RequestContext<Reply>

export const describeConfigs = handle(
  DescribeConfigs,
  '1-4',
  (context: Context, request: Request): Reply => ({
    throttleTimeMs: 0,
    results: request.resources.map((resource) => {
      const found = describeResource(context, resource)
      const { resourceType, resourceName, configurationKeys: keys } = resource
      if (!Array.isArray(found)) return { ...found, resourceType, resourceName, configs: [] }
      // An empty list of keys means all of them, as null does.
      const isAll = keys === null || keys.length === 0
      const wanted = isAll ? found : found.filter(({ name }) => keys.includes(name))
      const configs = wanted.map((config) => entry(config, request))
      return { errorCode: errors.NONE, errorMessage: '', resourceType, resourceName, configs }
    }),
  }),
)

interface Fault {
  readonly errorCode: number
  readonly errorMessage: string | null
}

function describeResource(
  context: Context,
  { resourceType, resourceName }: Resource,
): DescribedConfig[] | Fault {
  const { node } = context
  const image = node.metadata.image()
  const layers = node.configLayers()
  switch (resourceType) {
    case RESOURCE_TOPIC:
      if (invalidTopicName(resourceName) !== undefined) {
        return fault(errors.INVALID_TOPIC_EXCEPTION, `${resourceName} is not a topic name.`)
      }
      if (!image.topicsByName.has(resourceName)) {
        return { errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: '' }
      }
      return describeTopicConfigs(layers, image.config(RESOURCE_TOPIC, resourceName))
    case RESOURCE_BROKER:
      return describeBroker(node.id, layers, resourceName)
    case RESOURCE_BROKER_LOGGER:
      return isOwnId(node.id, resourceName) ? [] : wrongBroker(node.id, resourceName)
    case RESOURCE_GROUP:
      if (resourceName === '') return fault(errors.INVALID_REQUEST, 'The group name is empty.')
      return describeGroupConfigs(layers, image.config(RESOURCE_GROUP, resourceName))
    case RESOURCE_CLIENT_METRICS:
      if (resourceName === '') return fault(errors.INVALID_REQUEST, 'The name is empty.')
      return describeClientMetricsConfigs(image.config(RESOURCE_CLIENT_METRICS, resourceName))
    default:
      return fault(errors.INVALID_REQUEST, `The resource type ${resourceType} is not known.`)
  }
}

function describeBroker(id: number, layers: ConfigLayers, name: string): DescribedConfig[] | Fault {
  if (name === '') return describeBrokerConfigs(layers, false)
  return isOwnId(id, name) ? describeBrokerConfigs(layers, true) : wrongBroker(id, name)
}

function isOwnId(id: number, name: string): boolean {
  return /^-?\d+$/.test(name) && Number(name) === id
}

function wrongBroker(id: number, name: string): Fault {
  return fault(errors.INVALID_REQUEST, `This broker is ${id}, it does not know ${name}.`)
}

function fault(errorCode: number, errorMessage: string): Fault {
  return { errorCode, errorMessage }
}

function entry(config: DescribedConfig, request: Request): Entry {
  return {
    name: config.name,
    value: config.value,
    readOnly: config.isReadOnly,
    configSource: config.source,
    isSensitive: config.isSensitive,
    synonyms: request.includeSynonyms ? config.synonyms : [],
    configType: config.type,
    documentation: request.includeDocumentation ? config.documentation : null,
  }
}
