// Lists the ACLs that match a filter.
//
//   1  2.0     the oldest that Apache Kafka 4 accepts
//   2  2.5     flexible
//   3  3.3     resource type USER
import { api, array, int16, int32, int8, string } from '../schema/index.ts'

export const DescribeAcls = api(29, 'DescribeAcls', {
  versions: '1-3',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    resourceTypeFilter: int8,
    resourceNameFilter: string.nullable(),
    patternTypeFilter: int8.default(3),
    principalFilter: string.nullable(),
    hostFilter: string.nullable(),
    operation: int8,
    permissionType: int8,
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    resources: array({
      resourceType: int8,
      resourceName: string,
      patternType: int8.default(3),
      acls: array({ principal: string, host: string, operation: int8, permissionType: int8 }),
    }),
  },
})
