// Describes the cluster: its id, controller, brokers or controllers.
//
//   0  2.8     the first version
//   1  3.7     request adds endpointType; response adds endpointType (KIP-919)
//   2  4.0     request adds includeFencedBrokers; response adds isFenced (KIP-1073)
import { api, array, bool, int16, int32, int8, string } from '../schema/index.ts'

export const DescribeCluster = api(60, 'DescribeCluster', {
  versions: '0-2',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: {
    includeClusterAuthorizedOperations: bool,
    endpointType: int8.since(1).default(1),
    includeFencedBrokers: bool.since(2),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable().default(null),
    endpointType: int8.since(1).default(1),
    clusterId: string,
    controllerId: int32.default(-1),
    brokers: array({
      brokerId: int32,
      host: string,
      port: int32,
      rack: string.nullable().default(null),
      isFenced: bool.since(2),
    }),
    clusterAuthorizedOperations: int32.default(-2147483648),
  },
})
