// Messages that travel as bytes inside others: an int16 version and the body.
import { array, bool, bytes, int32, message, string } from '../schema/index.ts'

/**
 * What a consumer of the classic protocol says of itself when it joins. A reader takes a version
 * above its highest for its highest.
 * 1: adds ownedPartitions
 * 2: adds generationId
 * 3: adds rackId
 */
export const ConsumerProtocolSubscription = message('ConsumerProtocolSubscription', {
  versions: '0-3',
  flexible: 'none',
  fields: {
    topics: array(string),
    userData: bytes.nullable().default(null),
    ownedPartitions: array({ topic: string, partitions: array(int32) })
      .since(1)
      .ignorable(),
    generationId: int32.since(2).default(-1).ignorable(),
    rackId: string.since(3).nullable().default(null).ignorable(),
  },
})

/**
 * What the leader of a classic consumer group hands to a member. A reader takes a version above
 * its highest for its highest.
 * 1: the same fields
 * 2: the same fields
 * 3: the same fields
 */
export const ConsumerProtocolAssignment = message('ConsumerProtocolAssignment', {
  versions: '0-3',
  flexible: 'none',
  fields: {
    assignedPartitions: array({ topic: string, partitions: array(int32) }),
    userData: bytes.nullable().default(null),
  },
})

/** The principal inside an Envelope request; int16 version in front. */
export const DefaultPrincipalData = message('DefaultPrincipalData', {
  versions: '0',
  flexible: '0+',
  fields: { type: string, name: string, tokenAuthenticated: bool },
})
