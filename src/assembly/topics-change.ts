// What a step of the metadata means for the partitions of this broker.
import {
  type ImageDelta,
  type MetadataImage,
  RESOURCE_BROKER,
  RESOURCE_TOPIC,
} from '../controller/image.ts'
import type { TopicsChange } from '../partition/partitions.ts'

/** A changed config of a broker reaches every topic that does not set its own. */
export function topicsChange(image: MetadataImage, delta: ImageDelta): TopicsChange {
  const topicConfigs = delta.configs.filter(({ type }) => type === RESOURCE_TOPIC)
  const allTopics = delta.configs.some(({ type }) => type === RESOURCE_BROKER)
  return {
    removed: delta.topics.flatMap(({ before, after }) =>
      before !== undefined && after === undefined ? [before] : [],
    ),
    changed: delta.topics.flatMap(({ after }) => after ?? []),
    configured: new Set(
      allTopics ? image.topicsByName.keys() : topicConfigs.map(({ name }) => name),
    ),
  }
}
