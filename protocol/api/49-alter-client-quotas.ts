// Sets and removes quotas of clients.
//
//   0  2.6     the first version
//   1  2.8     flexible
import { api, array, bool, float64, int16, int32, string } from '../schema/index.ts'

export const AlterClientQuotas = api(49, 'AlterClientQuotas', {
  versions: '0-1',
  flexible: '1+',
  listeners: ['broker', 'controller'],
  request: {
    entries: array({
      entity: array({ entityType: string, entityName: string.nullable() }),
      ops: array({ key: string, value: float64, remove: bool }),
    }),
    validateOnly: bool,
  },
  response: {
    throttleTimeMs: int32,
    entries: array({
      errorCode: int16,
      errorMessage: string.nullable(),
      entity: array({ entityType: string, entityName: string.nullable() }),
    }),
  },
})
