// Removes a voter from the metadata quorum.
//
//   0  3.9     the first version
import { api, int16, int32, string, uuid } from '../schema/index.ts'

export const RemoveRaftVoter = api(81, 'RemoveRaftVoter', {
  versions: '0',
  flexible: '0+',
  listeners: ['controller', 'broker'],
  request: { clusterId: string.nullable(), voterId: int32, voterDirectoryId: uuid },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable().ignorable(),
  },
})
