// ListConfigResources: what DescribeConfigs can be asked for (KIP-1142); version 0 lists client
// metrics subscriptions only.
import { ListConfigResources } from '../../protocol/api/74-list-config-resources.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import {
  type MetadataImage,
  RESOURCE_BROKER,
  RESOURCE_BROKER_LOGGER,
  RESOURCE_CLIENT_METRICS,
  RESOURCE_GROUP,
  RESOURCE_TOPIC,
} from '../controller/image.ts'
import { registeredEndpoints } from './endpoints.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof ListConfigResources>
type Reply = ResponseDraft<typeof ListConfigResources>

const ALL_TYPES = [
  RESOURCE_GROUP,
  RESOURCE_CLIENT_METRICS,
  RESOURCE_BROKER_LOGGER,
  RESOURCE_BROKER,
  RESOURCE_TOPIC,
]

export const listConfigResources = handle(
  ListConfigResources,
  '0-1',
  (context: RequestContext<Reply>, request: Request): Reply => {
    const supported = context.version === 0 ? [RESOURCE_CLIENT_METRICS] : ALL_TYPES
    const asked = request.resourceTypes.length === 0 ? supported : request.resourceTypes
    if (asked.some((type) => !supported.includes(type))) {
      return { throttleTimeMs: 0, errorCode: errors.UNSUPPORTED_VERSION, configResources: [] }
    }
    const types = ALL_TYPES.filter((type) => asked.includes(type))
    const configResources = types.flatMap((resourceType) =>
      namesOf(context, resourceType).map((resourceName) => ({ resourceName, resourceType })),
    )
    return { throttleTimeMs: 0, errorCode: errors.NONE, configResources }
  },
)

function namesOf(context: RequestContext<Reply>, type: number): string[] {
  const image: MetadataImage = context.node.metadata.image()
  if (type === RESOURCE_TOPIC) return [...image.topicsByName.keys()]
  if (type === RESOURCE_BROKER || type === RESOURCE_BROKER_LOGGER) {
    return registeredEndpoints(context).map(({ nodeId }) => String(nodeId))
  }
  return [...image.configNames(type)]
}
