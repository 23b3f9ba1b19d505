// Creates ACLs.
//
//   1  2.0     the oldest that Apache Kafka 4 accepts
//   2  2.5     flexible
//   3  3.3     resource type USER
import { api, array, int16, int32, int8, string } from '../schema/index.ts'

export const CreateAcls = api(30, 'CreateAcls', {
  versions: '1-3',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    creations: array({
      resourceType: int8,
      resourceName: string,
      resourcePatternType: int8.default(3),
      principal: string,
      host: string,
      operation: int8,
      permissionType: int8,
    }),
  },
  response: {
    throttleTimeMs: int32,
    results: array({ errorCode: int16, errorMessage: string.nullable() }),
  },
})
