// Sets and deletes SCRAM credentials of users.
//
//   0  2.7     the first version
import { api, array, bytes, int16, int32, int8, string } from '../schema/index.ts'

export const AlterUserScramCredentials = api(51, 'AlterUserScramCredentials', {
  versions: '0',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: {
    deletions: array({ name: string, mechanism: int8 }),
    upsertions: array({
      name: string,
      mechanism: int8,
      iterations: int32,
      salt: bytes,
      saltedPassword: bytes,
    }),
  },
  response: {
    throttleTimeMs: int32,
    results: array({ user: string, errorCode: int16, errorMessage: string.nullable() }),
  },
})
