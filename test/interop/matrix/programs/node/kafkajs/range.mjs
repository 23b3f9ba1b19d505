// The `range` assignor for kafkajs, which brings only round robin. Metadata and assignment are those of the
// consumer protocol, version 0, so members of any library can share a group with it.
import { rangesOf } from '../ranges.mjs'

export function rangeAssigner({ AssignerProtocol }) {
  const { MemberAssignment, MemberMetadata } = AssignerProtocol
  return ({ cluster }) => ({
    name: 'range',
    version: 0,
    protocol({ topics }) {
      return { name: 'range', metadata: MemberMetadata.encode({ version: 0, topics }) }
    },
    async assign({ members, topics }) {
      const subscribed = members.map(({ memberId, memberMetadata }) => ({
        memberId,
        topics: MemberMetadata.decode(memberMetadata).topics,
      }))
      // A leader learns of topics it has not subscribed to itself only from the others.
      const all = new Set([...topics, ...subscribed.flatMap((member) => member.topics)])
      await cluster.addMultipleTargetTopics([...all])
      const counts = new Map(
        [...all].map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length]),
      )
      return rangesOf(subscribed, counts).map(({ memberId, assignment }) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({ version: 0, assignment }),
      }))
    },
  })
}
