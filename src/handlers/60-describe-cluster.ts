// DescribeCluster: cluster id, brokers and controller (KIP-700, KIP-919, KIP-1073).
import { DescribeCluster } from '../../protocol/api/60-describe-cluster.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { ALL_CLUSTER_OPERATIONS } from './authorized-operations.ts'
import { controllerEndpoints, registeredEndpoints } from './endpoints.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof DescribeCluster>
type Reply = ResponseDraft<typeof DescribeCluster>

const BROKERS = 1
const CONTROLLERS = 2

export const describeCluster = handle(
  DescribeCluster,
  '0-2',
  (context: RequestContext<Reply>, request: Request): Reply => {
    const { endpointType } = request
    const { node, connection } = context
    const own = node.isControllerListener(connection.listenerName) ? CONTROLLERS : BROKERS
    if (endpointType !== own) {
      const known = endpointType === CONTROLLERS || endpointType === BROKERS
      const errorCode = known ? errors.MISMATCHED_ENDPOINT_TYPE : errors.UNSUPPORTED_ENDPOINT_TYPE
      const errorMessage = `This listener is of endpoint type ${own}.`
      return { throttleTimeMs: 0, errorCode, errorMessage, clusterId: '', brokers: [] }
    }
    const all = own === CONTROLLERS ? controllerEndpoints(context) : registeredEndpoints(context)
    const brokers = all
      .filter(({ isFenced }) => !isFenced || request.includeFencedBrokers)
      .map(({ nodeId: brokerId, ...rest }) => ({ brokerId, ...rest }))
    return {
      throttleTimeMs: 0,
      errorCode: errors.NONE,
      ...(own === CONTROLLERS ? { endpointType: CONTROLLERS } : {}),
      clusterId: context.node.clusterId,
      controllerId: all.find(({ isFenced }) => !isFenced)?.nodeId ?? -1,
      brokers,
      ...(request.includeClusterAuthorizedOperations
        ? { clusterAuthorizedOperations: ALL_CLUSTER_OPERATIONS }
        : {}),
    }
  },
)
