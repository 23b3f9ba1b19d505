// The `range` assignor for @platformatic/kafka, which brings round robin and cooperative sticky.
import { rangesOf } from '../ranges.mjs'

export function rangeAssigner(_current, members, topics, metadata) {
  const subscribed = [...members].map(([memberId, member]) => ({
    memberId,
    topics: member.topics ?? [...topics],
  }))
  const counts = new Map(
    [...topics].map((topic) => [topic, metadata.topics.get(topic).partitionsCount]),
  )
  return rangesOf(subscribed, counts).map(({ memberId, assignment }) => ({
    memberId,
    assignments: new Map(
      Object.entries(assignment).map(([topic, partitions]) => [topic, { topic, partitions }]),
    ),
  }))
}
