// Deletes groups that have no members.
//
//   0  1.1     the first version
//   1  2.0     a throttled reply is sent before the pause, not after it
//   2  2.4     flexible
//   3  4.4     response adds errorMessage
import { api, array, int16, int32, string } from '../schema/index.ts'

export const DeleteGroups = api(42, 'DeleteGroups', {
  versions: '0-3',
  flexible: '2+',
  request: { groupsNames: array(string) },
  response: {
    throttleTimeMs: int32,
    results: array({
      groupId: string,
      errorCode: int16,
      errorMessage: string.since(3).nullable().default(null).ignorable(),
    }),
  },
})
