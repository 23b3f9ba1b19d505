// Lists the resources that have a configuration.
//
//   0  3.7     the first version
//   1  4.1     request adds resourceTypes; response adds resourceType (KIP-1142)
import { api, array, int16, int32, int8, string } from '../schema/index.ts'

export const ListConfigResources = api(74, 'ListConfigResources', {
  versions: '0-1',
  flexible: '0+',
  request: { resourceTypes: array(int8).since(1) },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    configResources: array({
      resourceName: string,
      resourceType: int8.since(1).default(16).ignorable(),
    }),
  },
})
