// Adds a voter to the metadata quorum.
//
//   0  3.9     the first version
//   1  4.2     request adds ackWhenCommitted
import { api, array, bool, int16, int32, string, uint16, uuid } from '../schema/index.ts'

export const AddRaftVoter = api(80, 'AddRaftVoter', {
  versions: '0-1',
  flexible: '0+',
  listeners: ['controller', 'broker'],
  request: {
    clusterId: string.nullable(),
    timeoutMs: int32,
    voterId: int32,
    voterDirectoryId: uuid,
    listeners: array({ name: string, host: string, port: uint16 }),
    ackWhenCommitted: bool.since(1).default(true),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable().ignorable(),
  },
})
