// Records of classic groups in __consumer_offsets.
import { array, bytes, int32, int64, message, string } from '../schema/index.ts'

export const GroupMetadataKey = message('GroupMetadataKey', {
  versions: '0',
  flexible: 'none',
  fields: { group: string },
})

const memberMetadata = {
  memberId: string,
  groupInstanceId: string.since(3).nullable().default(null).ignorable(),
  clientId: string,
  clientHost: string,
  rebalanceTimeout: int32.since(1).default(-1).ignorable(),
  sessionTimeout: int32,
  subscription: bytes,
  assignment: bytes,
}

/**
 * 1: adds rebalanceTimeout
 * 2: adds currentStateTimestamp
 * 3: adds groupInstanceId
 * 4: flexible
 */
export const GroupMetadataValue = message('GroupMetadataValue', {
  versions: '0-4',
  flexible: '4+',
  fields: {
    protocolType: string,
    generation: int32,
    protocol: string.nullable(),
    leader: string.nullable(),
    currentStateTimestamp: int64.since(2).default(-1).ignorable(),
    members: array(memberMetadata),
  },
})
