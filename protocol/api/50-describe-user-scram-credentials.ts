// Describes the SCRAM credentials of users, without secrets.
//
//   0  2.7     the first version
import { api, array, int16, int32, int8, string } from '../schema/index.ts'

export const DescribeUserScramCredentials = api(50, 'DescribeUserScramCredentials', {
  versions: '0',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: { users: array({ name: string }).nullable() },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    results: array({
      user: string,
      errorCode: int16,
      errorMessage: string.nullable(),
      credentialInfos: array({ mechanism: int8, iterations: int32 }),
    }),
  },
})
