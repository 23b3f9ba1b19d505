// Lists the groups that a broker coordinates.
//
//   0  0.9.0   the first version
//   1  0.11.0  response adds throttleTimeMs
//   2  2.0     a throttled reply is sent before the pause, not after it
//   3  2.4     flexible
//   4  2.6     request adds statesFilter; response adds groupState (KIP-518)
//   5  3.8     request adds typesFilter; response adds groupType (KIP-848)
import { api, array, int16, int32, string } from '../schema/index.ts'

export const ListGroups = api(16, 'ListGroups', {
  versions: '0-5',
  flexible: '3+',
  request: { statesFilter: array(string).since(4), typesFilter: array(string).since(5) },
  response: {
    throttleTimeMs: int32.since(1).ignorable(),
    errorCode: int16,
    groups: array({
      groupId: string,
      protocolType: string,
      groupState: string.since(4).ignorable(),
      groupType: string.since(5).ignorable(),
    }),
  },
})
