// The `range` assignor for kafkajs, which brings only round robin: consecutive partitions to the members
// in the order of their ids, the first ones get one more. Metadata and assignment are those of the
// consumer protocol, version 0, so members of any library can share a group with it.

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

/** `members`: each with its id and topics; `counts`: how many partitions a topic has. */
function rangesOf(members, counts) {
  const assigned = members.map(({ memberId }) => ({ memberId, assignment: {} }))
  for (const [topic, count] of counts) {
    const owners = members
      .filter(({ topics }) => topics.includes(topic))
      .map(({ memberId }) => memberId)
      .sort()
    let next = 0
    for (const [index, owner] of owners.entries()) {
      const size = Math.floor(count / owners.length) + (index < count % owners.length ? 1 : 0)
      const partitions = Array.from({ length: size }, () => next++)
      const { assignment } = assigned.find(({ memberId }) => memberId === owner)
      if (size > 0) assignment[topic] = partitions
    }
  }
  return assigned
}
