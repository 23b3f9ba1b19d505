// What the `range` assignor of the Java client gives to whom, for libraries that do not bring it:
// consecutive partitions to the members in the order of their ids, the first ones get one more.

/** `members`: each with its id and topics; `counts`: how many partitions a topic has. */
export function rangesOf(members, counts) {
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
