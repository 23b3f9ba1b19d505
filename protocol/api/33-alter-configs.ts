// Sets the whole configuration of resources; what is not named goes back to its default.
// IncrementalAlterConfigs is the better way.
//
//   0  0.11.0  the first version
//   1  2.0     a throttled reply is sent before the pause, not after it
//   2  2.8     flexible
import { api, array, bool, int16, int32, int8, string } from '../schema/index.ts'

export const AlterConfigs = api(33, 'AlterConfigs', {
  versions: '0-2',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    resources: array({
      resourceType: int8,
      resourceName: string,
      configs: array({ name: string, value: string.nullable() }),
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
