// Sets, deletes, appends to or subtracts from single configuration keys of resources.
//
//   0  2.3     the first version
//   1  2.4     flexible
import { api, array, bool, int16, int32, int8, string } from '../schema/index.ts'

export const IncrementalAlterConfigs = api(44, 'IncrementalAlterConfigs', {
  versions: '0-1',
  flexible: '1+',
  listeners: ['broker', 'controller'],
  request: {
    resources: array({
      resourceType: int8,
      resourceName: string,
      configs: array({ name: string, configOperation: int8, value: string.nullable() }),
    }),
    validateOnly: bool,
  },
  response: {
    throttleTimeMs: int32,
    responses: array({
      errorCode: int16,
      errorMessage: string.nullable(),
      resourceType: int8,
      resourceName: string,
    }),
  },
})
